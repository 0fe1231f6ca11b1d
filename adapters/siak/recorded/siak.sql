CREATE TABLE biodata_wni (
  nik TEXT, no_kk TEXT, nama_lgkp TEXT, jenis_klmin TEXT, tmpt_lhr TEXT, tgl_lhr TEXT,
  stat_hbkel TEXT, agama TEXT, stat_kwn TEXT, nik_lama TEXT,
  no_prop INTEGER, no_kab INTEGER, no_kec INTEGER, no_kel INTEGER
);
INSERT INTO biodata_wni VALUES
  (' 3171024107809001', ' 3171020101209001', 'SITI CONTOHWATI', '2', 'JAKARTA', '1980-07-01', '1',
   ' 1', ' 2', ' 3171020107809007', 31, 71, 2, 1001),
  ('3171021708759002', ' 3171020101209001', 'H. BUDI MISALNYA', '1', '-', '17-08-1975', '1',
   '02', '2', '-', 31, 71, 2, 1001),
  (' 3171025212909003', ' 3171020101209002', ' ', 'X', ' ', '31-31-1990', '4',
   '-', ' 9', '0', 31, 71, 2, 1003);
CREATE TABLE data_keluarga (
  no_kk TEXT, nama_kep TEXT, alamat TEXT, no_rt INTEGER, no_rw INTEGER,
  no_prop INTEGER, no_kab INTEGER, no_kec INTEGER, no_kel INTEGER
);
INSERT INTO data_keluarga VALUES
  (' 3171020101209001', 'SITI CONTOHWATI', 'JL. REKAAN NO. 1', 3, 5, 31, 71, 2, 1001),
  (' 3171020101209002', '-', 'JL. REKAAN NO. 2', 0, 1, 31, 71, 2, 1003);
CREATE TABLE ref_siak_wni (sect TEXT, no INTEGER, descrip TEXT);
INSERT INTO ref_siak_wni VALUES
  ('AGAMA', 1, 'ISLAM               '), ('AGAMA', 2, 'KRISTEN             '),
  ('STAT_KWN', 1, 'BELUM KAWIN         '), ('STAT_KWN', 2, 'KAWIN               '),
  ('STAT_HBKEL', 1, 'KEPALA KELUARGA     '), ('STAT_HBKEL', 4, 'ANAK                ');
