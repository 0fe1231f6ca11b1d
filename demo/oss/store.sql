-- What the business registry pushes, in the order in which it leaves: no order at all.
CREATE TABLE oss.pushes (number INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TEMP TABLE told (business INTEGER, step INTEGER, waktu TEXT, nama TEXT, status TEXT);

-- A business is told once, every fifth again with its name corrected, and again when it is stopped.
INSERT INTO told
SELECT id, 1, terbit || 'T08:30:00+07:00', CASE id % 5 WHEN 0 THEN nama || ' LAMA' ELSE nama END,
    'AKTIF'
FROM business
UNION ALL SELECT id, 2, date(terbit, '+1 day') || 'T10:00:00+07:00', nama, 'AKTIF'
FROM business WHERE id % 5 = 0
UNION ALL SELECT id, 3, max(status_sejak, date(terbit, '+1 day')) || 'T16:45:00+07:00', nama, status
FROM business WHERE status_sejak NOTNULL;

CREATE TEMP TABLE leaving (shuffle INTEGER, method TEXT, fields TEXT);
INSERT INTO leaving
SELECT
    (b.id * 7919 + t.step * 104729) % 10007, 'receiveNib',
    json_object(
        'id_pesan', printf('NIB-%06d-%d', b.id, t.step),
        'waktu', t.waktu,
        'nib', b.nib,
        'nama_perseroan', t.nama,
        'jenis_pelaku_usaha', b.jenis,
        'no_identitas_penanggung_jwb', CASE b.id % 4
            WHEN 0 THEN b.nik
            WHEN 1 THEN printf('%016d', b.nik)
            WHEN 2 THEN printf('%016d ', b.nik)
            ELSE substr(printf('%016d', b.nik), 1, 6) || '.' || substr(printf('%016d', b.nik), 7)
        END,
        'nama_penanggung_jwb', p.nama,
        'tgl_terbit_nib', CASE b.id % 3
            WHEN 0 THEN b.terbit
            WHEN 1 THEN strftime('%d-%m-%Y', b.terbit)
            ELSE strftime('%d/%m/%Y', b.terbit)
        END,
        'status_nib', CASE b.id % 2 WHEN 0 THEN t.status ELSE t.status || ' ' END,
        'kd_daerah', CASE b.id % 2
            WHEN 0 THEN b.kelurahan ELSE replace(b.kelurahan, '.', '')
        END,
        'data_proyek', json_array(json_object(
            'kbli', b.kbli,
            'uraian_usaha', CASE b.id % 7 WHEN 0 THEN '-' ELSE 'Kegiatan KBLI ' || b.kbli END,
            'resiko', CASE b.risiko
                WHEN 'RENDAH' THEN 'R' WHEN 'MENENGAH_RENDAH' THEN 'MR'
                WHEN 'MENENGAH_TINGGI' THEN 'MT' ELSE 'Tinggi'
            END,
            'skala_usaha', CASE b.jenis WHEN 'PERSEORANGAN' THEN 'MIKRO' ELSE 'KECIL' END
        ))
    )
FROM told t JOIN business b ON b.id = t.business JOIN person p ON p.pid = b.pid;

-- Licences of the riskier ones: first under way, then perhaps decided.
INSERT INTO leaving
SELECT
    (b.id * 7919 + s.step * 15485863) % 10007, 'receiveLicenseStatus',
    json_object(
        'id_pesan', printf('IZIN-%06d-%d', b.id, s.step),
        'waktu', date(b.terbit, '+' || (5 * s.step) || ' days') || 'T09:00:00+07:00',
        'nib', b.nib,
        'id_izin', printf('I-%06d', b.id),
        'nama_izin', 'Sertifikat Standar',
        'status', CASE s.step WHEN 1 THEN 'PROSES' ELSE b.perizinan END,
        'tgl_status', date(b.terbit, '+' || (5 * s.step) || ' days')
    )
FROM business b JOIN (SELECT 1 AS step UNION SELECT 2) s
WHERE b.perizinan NOTNULL AND (s.step = 1 OR b.perizinan <> 'PROSES');

INSERT INTO oss.pushes (body)
SELECT json_object(method, json(fields)) FROM leaving
ORDER BY shuffle, method, fields;
DROP TABLE told;
DROP TABLE leaving;
