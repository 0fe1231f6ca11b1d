CREATE TABLE biodata_wni (
  nik TEXT, no_kk TEXT, nama_lgkp TEXT, jenis_klmin TEXT, tmpt_lhr TEXT, tgl_lhr TEXT,
  stat_hbkel TEXT, nik_lama TEXT, no_prop INTEGER, no_kab INTEGER, no_kec INTEGER, no_kel INTEGER
);
INSERT INTO biodata_wni VALUES
  (' 3171024107809001', ' 3171020101209001', 'SITI CONTOHWATI', '2', 'JAKARTA', '1980-07-01', '1',
   ' 3171020107809007', 31, 71, 2, 1001),
  ('3171021708759002', ' 3171020101209001', 'H. BUDI MISALNYA', '1', '-', '17-08-1975', '1', '-',
   31, 71, 2, 1001),
  (' 3171025212909003', ' 3171020101209002', ' ', 'X', ' ', '31-31-1990', '4', '0',
   31, 71, 2, 1003);
