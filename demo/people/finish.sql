-- Numbers the books and answers the managers' questions, once all drafts are in.

-- Misuse: a few who were married already got the letters of a first marriage.
UPDATE letter_draft SET jenis = 'KAWIN-1'
WHERE jenis = 'PM1-UMUM' AND nik NOTNULL AND id % 60 = 0 AND EXISTS (
    SELECT 1 FROM person p
    WHERE p.nik = letter_draft.nik AND p.stat_kwn = 2 AND p.tgl_kawin < letter_draft.tanggal
);

CREATE TABLE letter AS
SELECT
    id, kelurahan, CAST(substr(tanggal, 1, 4) AS INTEGER) AS tahun,
    row_number() OVER (PARTITION BY kelurahan, substr(tanggal, 1, 4) ORDER BY tanggal, id) AS urut,
    '' AS nomor, tanggal, jenis, pid, nik, nama, lahir, tempat, perempuan, agama, stat_kwn,
    alamat, rt, rw, rt_tulis, rw_tulis, keterangan, cacat, diantar
FROM letter_draft;
UPDATE letter SET nomor = printf(
    '%03d/%s/%s/%d', urut,
    CASE jenis WHEN 'SKTM' THEN '1.824' WHEN 'KEMATIAN' THEN '1.755' ELSE '1.711' END,
    substr(kelurahan, -4), tahun
);
CREATE UNIQUE INDEX letter_id ON letter (id);
CREATE INDEX letter_book ON letter (kelurahan, tahun, urut);
CREATE INDEX letter_nik ON letter (nik);
CREATE INDEX letter_pid ON letter (pid);
DROP TABLE letter_draft;

-- The introduction of RT and RW, given up to three days before the letter.
CREATE TABLE introduction AS
SELECT
    id AS letter_id, kelurahan, rt, rw, tahun,
    printf(
        '%03d/RT.%02d-RW.%02d/%d',
        row_number() OVER (PARTITION BY kelurahan, rt, rw, tahun ORDER BY tanggal, id),
        rt, rw, tahun
    ) AS nomor,
    max(date(tanggal, '-' || (id % 4) || ' days'), tahun || '-01-01') AS tanggal,
    pid, nik, nama, jenis AS keperluan
FROM letter WHERE diantar = 1;
CREATE INDEX introduction_letter ON introduction (letter_id);
CREATE INDEX introduction_book ON introduction (kelurahan, tanggal);

CREATE TABLE licence AS
SELECT
    row_number() OVER (ORDER BY issued, id) AS id, '' AS decree_number, identity, identity_kind,
    CASE identity_kind WHEN 'NIK' THEN CAST(identity AS INTEGER) END AS nik,
    owner_name, pid, applicant_identity, applicant_name, applicant_pid, kelurahan, jurisdiction,
    kind, applied, issued, expires
FROM licence_draft;
UPDATE licence SET decree_number = printf('%d/K.%d/31/%s', id, length(kind), substr(issued, 1, 4));
CREATE UNIQUE INDEX licence_id ON licence (id);
CREATE INDEX licence_nik ON licence (nik);
CREATE INDEX licence_pid ON licence (pid);
DROP TABLE licence_draft;

-- Businesses of the national registry: those that own licences as such, and those of small traders.
CREATE TABLE business AS
SELECT
    row_number() OVER (ORDER BY l.id) AS id,
    CASE l.identity_kind WHEN 'NIB' THEN l.identity ELSE printf('9100%09d', l.id) END AS nib,
    l.pid, CASE WHEN p.nik_berubah > l.issued THEN p.nik_lama ELSE p.nik END AS nik,
    l.owner_name AS nama,
    CASE l.identity_kind WHEN 'NIB' THEN 'BADAN USAHA' ELSE 'PERSEORANGAN' END AS jenis,
    l.kelurahan, l.issued AS terbit, '' AS kbli, '' AS risiko, 'AKTIF' AS status,
    NULL AS status_sejak, NULL AS perizinan
FROM licence l JOIN person p ON p.pid = l.pid
WHERE l.identity_kind = 'NIB' OR (l.identity_kind = 'NIK' AND l.kind IN ('IUMK', 'SIUP-MK'));
UPDATE business SET
    kbli = CASE id % 5
        WHEN 0 THEN '47111' WHEN 1 THEN '56101' WHEN 2 THEN '95110' WHEN 3 THEN '14111'
        ELSE '10710'
    END,
    risiko = CASE id % 5
        WHEN 0 THEN 'RENDAH' WHEN 1 THEN 'MENENGAH_RENDAH' WHEN 2 THEN 'RENDAH'
        WHEN 3 THEN 'MENENGAH_TINGGI' ELSE 'TINGGI'
    END;
UPDATE business SET perizinan = CASE id % 3
    WHEN 0 THEN 'TERBIT' WHEN 1 THEN 'PROSES' ELSE 'DITOLAK'
END WHERE risiko IN ('MENENGAH_TINGGI', 'TINGGI');
UPDATE business SET status = CASE WHEN id % 13 = 0 THEN 'DICABUT' ELSE 'DIBEKUKAN' END,
    status_sejak = min(date(terbit, '+40 days'), date(:today, '-1 day'))
WHERE id % 13 = 0 OR id % 17 = 0;
CREATE UNIQUE INDEX business_nib ON business (nib);
CREATE INDEX business_nik ON business (nik);

-- Taxed land: of every second head of a family, on record under the number and name of whoever it
-- was bought by. What a dead person owned stays under the dead.
CREATE TABLE land AS
SELECT
    row_number() OVER (ORDER BY pid) AS id,
    printf(
        '%s%s%03d%03d%04d0', substr(replace(kelurahan, '.', ''), 1, 6),
        '0' || substr(kelurahan, -2), rt, rw, row_number() OVER (ORDER BY pid)
    ) AS nop,
    pid, coalesce(nik_lama, nik) AS nik, nama, alamat, kelurahan,
    40 + pid % 260 AS luas_bumi, 20 + pid % 180 AS luas_bangunan,
    (40 + pid % 260) * 4500000 + (20 + pid % 180) * 1200000 AS njop
FROM person WHERE stat_hbkel = 1 AND pid % 2 = 0 AND status <> 'PINDAH';
CREATE UNIQUE INDEX land_nop ON land (nop);
CREATE INDEX land_nik ON land (nik);

-- Four years of tax; some owe the last, a few all of them.
CREATE TABLE land_tax AS
SELECT
    l.nop, y.tahun, l.njop / 1000 AS pokok,
    CASE WHEN l.id % 19 = 0 OR (l.id % 4 = 0 AND y.tahun = 2026) THEN 0 ELSE 1 END AS lunas,
    CASE WHEN l.id % 19 = 0 AND y.tahun < 2026 THEN l.njop / 50000 ELSE 0 END AS denda,
    date(y.tahun || '-02-01', '+' || (l.id % 150) || ' days') AS dibayar
FROM land l JOIN (
    SELECT 2023 AS tahun UNION SELECT 2024 UNION SELECT 2025 UNION SELECT 2026
) y;
UPDATE land_tax SET dibayar = NULL WHERE lunas = 0;
UPDATE land_tax SET dibayar = '2026-06-30' WHERE dibayar > '2026-06-30';
CREATE INDEX land_tax_nop ON land_tax (nop, tahun);

-- The volunteers' survey of two families in three, as they met them: it is no family card. Who died
-- or is not at home is missing, some live with another family, some families at another address.
CREATE TABLE survey AS
SELECT
    p.pid, p.nik, p.nama, p.lahir, p.perempuan, p.stat_hbkel, p.pekerjaan, p.kelurahan, p.rw,
    CASE WHEN p.pid % 43 = 0 THEN coalesce(o.no_kk, p.no_kk) ELSE p.no_kk END AS no_kk,
    CASE WHEN p.no_kk % 17 = 0 THEN 1 + p.rt % 9 ELSE p.rt END AS rt,
    CASE WHEN p.no_kk % 17 = 0 THEN 'KONTRAKAN ' || p.alamat ELSE p.alamat END AS alamat,
    1 + CASE WHEN p.pid % 43 = 0 THEN coalesce(o.no_kk, p.no_kk) ELSE p.no_kk END % 10 AS desil,
    date('2026-03-01', '+' || (p.no_kk % 100) || ' days') AS tanggal
FROM person p LEFT JOIN person o ON o.pid = p.pid - 5 AND o.no_kk % 3 <> 0
WHERE p.no_kk % 3 <> 0 AND p.meninggal IS NULL AND p.pid % 29 <> 0 AND p.status <> 'PINDAH';
CREATE INDEX survey_kk ON survey (no_kk, nik);
CREATE INDEX survey_nik ON survey (nik);

CREATE INDEX person_nik ON person (nik);
CREATE INDEX person_kk ON person (no_kk);
CREATE INDEX person_ayah ON person (pid_ayah);
CREATE INDEX person_ibu ON person (pid_ibu);

-- Every number under which somebody is on record anywhere.
CREATE TABLE alias AS
SELECT nik, pid, 'KINI' AS jenis, nik AS nik_kini, status, status_sejak FROM person
UNION ALL SELECT nik_lama, pid, 'LAMA', nik, NULL, nik_berubah FROM person
WHERE nik_lama IS NOT NULL
UNION ALL SELECT nik_ganda, pid, 'GANDA', nik, 'GANDA', NULL FROM person
WHERE nik_ganda IS NOT NULL;
CREATE UNIQUE INDEX alias_nik ON alias (nik);

-- The first day on which some agency recorded the bearer of a number as dead.
-- "nik" joins on the number as it is written in the record, "pid" on the person behind it.
CREATE TABLE recorded_death AS
SELECT nik, pid, meninggal AS tanggal, 'DUKCAPIL' AS sumber FROM person WHERE mati_tercatat = 1
UNION ALL SELECT nik, pid, tanggal, 'SURAT' FROM letter WHERE jenis = 'KEMATIAN' AND nik NOTNULL
UNION ALL SELECT nik, pid, issued, 'IPTM' FROM licence WHERE kind = 'IPTM' AND nik NOTNULL;
CREATE INDEX recorded_death_nik ON recorded_death (nik, tanggal);
CREATE INDEX recorded_death_pid ON recorded_death (pid, tanggal);

CREATE TABLE expected (
    question TEXT, taut TEXT, kelurahan TEXT, kunci TEXT, kunci_lain TEXT,
    PRIMARY KEY (question, taut, kelurahan, kunci, kunci_lain)
) WITHOUT ROWID;

-- Letters of insufficient means of the last six months whose holder has an active licence.
INSERT INTO expected
SELECT 'sktm_izin', 'nik', l.kelurahan, l.nomor || '|' || l.tahun, i.decree_number
FROM letter l JOIN licence i ON i.nik = l.nik
WHERE l.jenis = 'SKTM' AND l.tanggal >= date(:today, '-6 months') AND l.tanggal <= :today
    AND (i.expires IS NULL OR i.expires >= :today);
INSERT INTO expected
SELECT 'sktm_izin', 'orang', l.kelurahan, l.nomor || '|' || l.tahun, i.decree_number
FROM letter l JOIN licence i ON i.pid = l.pid
WHERE l.jenis = 'SKTM' AND l.tanggal >= date(:today, '-6 months') AND l.tanggal <= :today
    AND (i.expires IS NULL OR i.expires >= :today);

-- Letters, other than of death, for numbers recorded dead or frozen before the letter's date.
INSERT INTO expected
SELECT 'surat_mati_beku', 'nik', l.kelurahan, l.nomor || '|' || l.tahun, ''
FROM letter l WHERE l.jenis <> 'KEMATIAN' AND l.nik NOTNULL AND (
    EXISTS (SELECT 1 FROM recorded_death d WHERE d.nik = l.nik AND d.tanggal < l.tanggal)
    OR EXISTS (
        SELECT 1 FROM alias a
        WHERE a.nik = l.nik AND a.status = 'DIBEKUKAN' AND a.status_sejak < l.tanggal
    )
);
INSERT INTO expected
SELECT 'surat_mati_beku', 'orang', l.kelurahan, l.nomor || '|' || l.tahun, ''
FROM letter l JOIN person p ON p.pid = l.pid
WHERE l.jenis <> 'KEMATIAN' AND l.nik NOTNULL AND (
    p.meninggal < l.tanggal OR (p.status = 'DIBEKUKAN' AND p.status_sejak < l.tanggal)
);

-- Licences, other than grave permits, that end within 90 days and whose owner died or moved away.
INSERT INTO expected
SELECT 'izin_berakhir', 'nik', i.kelurahan, i.decree_number, ''
FROM licence i
WHERE i.kind <> 'IPTM' AND i.nik NOTNULL
    AND i.expires BETWEEN :today AND date(:today, '+90 days')
    AND (
        EXISTS (SELECT 1 FROM recorded_death d WHERE d.nik = i.nik AND d.tanggal <= :today)
        OR EXISTS (SELECT 1 FROM alias a WHERE a.nik = i.nik AND a.status = 'PINDAH')
    );
INSERT INTO expected
SELECT 'izin_berakhir', 'orang', i.kelurahan, i.decree_number, ''
FROM licence i JOIN person p ON p.pid = i.pid
WHERE i.kind <> 'IPTM' AND i.nik NOTNULL
    AND i.expires BETWEEN :today AND date(:today, '+90 days')
    AND (p.meninggal <= :today OR p.status = 'PINDAH');

-- What the civil registry says of the bearer of a number, as far as it has a record of it.
CREATE TEMP VIEW registered AS
SELECT
    a.nik, p.kelurahan, p.alamat, p.rt, p.rw, p.stat_kwn, p.tgl_kawin,
    CASE a.jenis WHEN 'KINI' THEN p.no_kk ELSE p.kk_ganda END AS no_kk
FROM alias a JOIN person p ON p.pid = a.pid WHERE a.jenis <> 'LAMA';

-- PM1 letters whose applicant is registered elsewhere.
INSERT INTO expected
SELECT 'pm1_luar', 'nik', l.kelurahan, l.nomor || '|' || l.tahun, ''
FROM letter l JOIN registered r ON r.nik = l.nik
WHERE l.jenis IN ('PM1-UMUM', 'SKTM') AND r.kelurahan <> l.kelurahan;

-- Who got more than two letters in the last 30 days, wherever, and here at least one of them.
INSERT INTO expected
SELECT DISTINCT 'pemohon_berulang', 'nik', l.kelurahan, printf('%016d', l.nik), ''
FROM letter l
WHERE l.jenis <> 'KEMATIAN' AND l.tanggal BETWEEN date(:today, '-30 days') AND :today AND (
    SELECT count(*) FROM letter o
    WHERE o.nik = l.nik AND o.jenis <> 'KEMATIAN'
        AND o.tanggal BETWEEN date(:today, '-30 days') AND :today
) > 2;

-- RTs for which more than two letters were written in the last 30 days, where the RT is written.
INSERT INTO expected
SELECT
    'rt_berulang', 'nik', kelurahan, printf('%s/RW%03d/RT%03d', kelurahan, rw, rt), ''
FROM letter
WHERE jenis <> 'KEMATIAN' AND nik NOTNULL AND rt_tulis <> ''
    AND tanggal BETWEEN date(:today, '-30 days') AND :today
GROUP BY kelurahan, rw, rt HAVING count(*) > 2;

-- Letters of marriage whose applicant was married already.
INSERT INTO expected
SELECT 'n1_sudah_kawin', 'nik', l.kelurahan, l.nomor || '|' || l.tahun, ''
FROM letter l JOIN registered r ON r.nik = l.nik
WHERE l.jenis IN ('KAWIN-1', 'KAWIN-2') AND r.stat_kwn = 2 AND r.tgl_kawin < l.tanggal;

-- Addresses with more than three family cards that received a letter of insufficient means here.
INSERT INTO expected
SELECT
    'alamat_sktm', 'nik', l.kelurahan,
    printf('%s|%s|%03d|%03d', r.kelurahan, r.alamat, r.rt, r.rw), ''
FROM letter l JOIN registered r ON r.nik = l.nik
WHERE l.jenis = 'SKTM' GROUP BY l.kelurahan, r.kelurahan, r.alamat, r.rt, r.rw
HAVING count(DISTINCT r.no_kk) > 3;
