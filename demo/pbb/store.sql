-- The tax office's own tables, filled from the truth; areas under the statistics office's codes.
CREATE TABLE pbb.objek (
    nop TEXT PRIMARY KEY, nik TEXT, nama TEXT, alamat TEXT, kota TEXT, kecamatan TEXT,
    kelurahan TEXT, luas_bumi INTEGER, luas_bangunan INTEGER, njop INTEGER
);
INSERT INTO pbb.objek
SELECT
    nop, printf('%016d', nik), nama, alamat,
    CASE substr(kelurahan, 1, 5)
        WHEN '31.71' THEN '3173' WHEN '31.72' THEN '3175' WHEN '31.73' THEN '3174'
        WHEN '31.74' THEN '3171' WHEN '31.75' THEN '3172' ELSE '3101'
    END,
    substr(kelurahan, 7, 2), substr(kelurahan, 10), luas_bumi, luas_bangunan, njop
FROM land;
CREATE INDEX pbb.objek_nik ON objek (nik);
CREATE TABLE pbb.tagihan (
    nop TEXT, tahun INTEGER, pokok INTEGER, denda INTEGER, dibayar TEXT, PRIMARY KEY (nop, tahun)
) WITHOUT ROWID;
INSERT INTO pbb.tagihan SELECT nop, tahun, pokok, denda, dibayar FROM land_tax;
