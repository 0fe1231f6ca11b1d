-- The civil registry's own table, filled from the truth: it does not know the unrecorded dead.
CREATE TABLE registry.biodata (
    nik INTEGER PRIMARY KEY, no_kk INTEGER, nama TEXT, perempuan INTEGER, tempat TEXT, lahir TEXT,
    darah TEXT, agama INTEGER, stat_kwn INTEGER, tgl_kawin TEXT, tgl_cerai TEXT, pendidikan TEXT,
    pekerjaan TEXT, stat_hbkel INTEGER, alamat TEXT, rt INTEGER, rw INTEGER, kelurahan TEXT,
    nik_ayah INTEGER, nama_ayah TEXT, nik_ibu INTEGER, nama_ibu TEXT,
    status TEXT, status_sejak TEXT, meninggal TEXT, nik_baru INTEGER
);
INSERT INTO registry.biodata
SELECT
    nik, no_kk, nama, perempuan, tempat, lahir, golongan_darah, agama, stat_kwn, tgl_kawin,
    tgl_cerai, pendidikan, pekerjaan, stat_hbkel, alamat, rt, rw, kelurahan, nik_ayah, nama_ayah,
    nik_ibu, nama_ibu, status, status_sejak, CASE mati_tercatat WHEN 1 THEN meninggal END, NULL
FROM person;
-- A duplicate is a second record of the same person on an older card.
INSERT INTO registry.biodata
SELECT
    nik_ganda, kk_ganda, nama, perempuan, tempat, lahir, golongan_darah, agama, stat_kwn, tgl_kawin,
    tgl_cerai, pendidikan, pekerjaan, stat_hbkel, alamat, rt, rw, kelurahan, nik_ayah, nama_ayah,
    nik_ibu, nama_ibu, 'GANDA', NULL, NULL, nik
FROM person WHERE nik_ganda IS NOT NULL;
CREATE INDEX registry.biodata_kk ON biodata (no_kk);
CREATE TABLE registry.former (nik INTEGER PRIMARY KEY, nik_baru INTEGER, sejak TEXT);
INSERT INTO registry.former
SELECT nik_lama, nik, nik_berubah FROM person WHERE nik_lama IS NOT NULL;
