-- Pushes about invented people; a licence came before its business. No push corrects another: one
-- that is lost would leave an older truth, which is no row that a source may lose.
CREATE TABLE inbox (name VARCHAR(100) NOT NULL PRIMARY KEY, last_number BIGINT NOT NULL,
    last_at FLOAT NOT NULL, keys_version VARCHAR(100) NOT NULL);
CREATE TABLE push (inbox VARCHAR(100) NOT NULL, number BIGINT NOT NULL,
    message_id VARCHAR(200) NOT NULL, digest VARCHAR(64) NOT NULL, received_at FLOAT NOT NULL,
    body BLOB NOT NULL, PRIMARY KEY (inbox, number), CONSTRAINT push_message
    UNIQUE (inbox, message_id));
CREATE TABLE push_key (inbox VARCHAR(100) NOT NULL, kind VARCHAR(40) NOT NULL,
    "key" VARCHAR(200) NOT NULL, number BIGINT NOT NULL,
    PRIMARY KEY (inbox, kind, "key", number));
CREATE INDEX push_key_number ON push_key (inbox, number);
-- No keys are written: another version of them is wanted, so that they are read when it is opened.
INSERT INTO inbox VALUES ('oss', 5, 1780000000.0, 'none');
INSERT INTO push VALUES ('oss', 1, 'id:OSS-REKAAN-2', 'e064be12c526c2cfd908f144f1078e7a37deea5531d0748efb4472c689d603f6',
    1780000001.0, CAST('{"receiveLicenseStatus": {"id_pesan": "OSS-REKAAN-2", "waktu": "2026-03-02T10:00:00+07:00", "nib": "9100000000001", "id_izin": "I-REKAAN-1", "nama_izin": "Sertifikat standar rekaan", "status": "TERBIT", "tgl_status": "2026-03-02"}}' AS BLOB));
INSERT INTO push VALUES ('oss', 2, 'id:OSS-REKAAN-1', 'e7dc5e4eb0a84a41b702f93ec5dadee6e2a1bf797e85ba16bca85a25f6feccec',
    1780000002.0, CAST('{"receiveNib": {"id_pesan": "OSS-REKAAN-1", "waktu": "2026-01-05T09:00:00+07:00", "nib": "9100000000001", "nama_perseroan": "Warung Rekaan Satu", "jenis_pelaku_usaha": "PERSEORANGAN", "no_identitas_penanggung_jwb": "3171024107809001", "nama_penanggung_jwb": "Siti Contohwati", "tgl_terbit_nib": "2026-01-05", "status_nib": "AKTIF", "kd_daerah": "31.71.02.1001", "data_proyek": [{"kbli": "56101", "uraian_usaha": "Usaha rekaan kecil", "resiko": "MR", "skala_usaha": "MIKRO"}]}}' AS BLOB));
INSERT INTO push VALUES ('oss', 4, 'id:OSS-REKAAN-4', '2d14473ddaf9d5b58bfb5d9b08cf2a2b9015faf1273e55f446c0d06c595103f7',
    1780000004.0, CAST('{"receiveNib": {"id_pesan": "OSS-REKAAN-4", "waktu": "2025-11-12T09:00:00+07:00", "nib": "9100000000002", "nama_perseroan": "Bengkel Rekaan Dua", "jenis_pelaku_usaha": "PERSEORANGAN", "no_identitas_penanggung_jwb": 3171021708759002, "nama_penanggung_jwb": "Budi Misalnya", "tgl_terbit_nib": "12-11-2025", "status_nib": "AKTIF", "kd_daerah": "31.71.02.1001", "data_proyek": [{"kbli": "95110", "uraian_usaha": "Usaha rekaan kecil", "resiko": "R", "skala_usaha": "MIKRO"}]}}' AS BLOB));
INSERT INTO push VALUES ('oss', 5, 'id:OSS-REKAAN-5', 'cd825f8e014f3c56e1dfe58895faa30d46cb3ae5c395ee503f19e9dde8a7acc5',
    1780000005.0, CAST('{"receiveNib": {"id_pesan": "OSS-REKAAN-5", "waktu": "2026-02-15T09:00:00+07:00", "nib": "9100000000003", "nama_perseroan": "Toko Rekaan Tiga", "jenis_pelaku_usaha": "PERSEORANGAN", "no_identitas_penanggung_jwb": "3171024107809001", "nama_penanggung_jwb": "Siti Contohwati", "tgl_terbit_nib": "2026-02-15", "status_nib": "AKTIF", "kd_daerah": "31.71.02.1001", "data_proyek": [{"kbli": "47111", "uraian_usaha": "Usaha rekaan kecil", "resiko": "R", "skala_usaha": "MIKRO"}]}}' AS BLOB));
