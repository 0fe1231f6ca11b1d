CREATE TABLE kunjungan (
  no_kunj TEXT PRIMARY KEY, tgl TEXT, berat TEXT, sts_gizi TEXT, nik_anak TEXT, kd_kel TEXT
);
INSERT INTO kunjungan VALUES
  ('K-1', '2026-03-01', '9500', 'B', '3171021503200001', '31.71.02.1001'),
  ('K-2', '2026-01-05', '8200', 'k', '3171021503200001', '3171021001'),
  ('K-3', '2026-02-01', NULL, NULL, '3171024107210002', '31.71.02.1001'),
  ('K-4', '31-31-2026', 'banyak', 'Z', '3171024107210002', '31.71.02.1002');
