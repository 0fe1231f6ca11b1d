-- A register of invented people, as the first kelurahan keeps it: old lines without NIK, new ones
-- with it, introductions of RT and RW. Dates as different clerks wrote them.
CREATE TABLE register_surat_lama (
  buku INTEGER, urut INTEGER, nomor_surat TEXT, tanggal TEXT, jenis_surat TEXT, nama TEXT,
  tempat_lahir TEXT, tanggal_lahir TEXT, alamat TEXT, rt TEXT, rw TEXT, keterangan TEXT,
  penandatangan TEXT
);
INSERT INTO register_surat_lama VALUES
  (2019, 1, '001/SKD/2019', '2019-02-11', 'SKD', 'SITI CONTOHWATI', 'Jakarta', '01-07-1980',
   'Jl. Rekaan No. 1', '003', '005', 'keperluan bank', 'Lurah Satu'),
  (2019, 2, '002/SKTM/2019', '2019-02-12', 'SKTM', 'BUDI MISALNYA', 'Bogor', '17-08-1975',
   'Jl. Rekaan No. 2', '004', '005', 'keperluan sekolah', 'Lurah Satu');
CREATE TABLE register_surat (
  buku INTEGER, urut INTEGER, nomor_surat TEXT, tanggal TEXT, jenis_surat TEXT, nama TEXT,
  nik TEXT, tempat_lahir TEXT, tanggal_lahir TEXT, alamat TEXT, rt TEXT, rw TEXT, keterangan TEXT,
  penandatangan TEXT
);
INSERT INTO register_surat VALUES
  (2025, 1, '001/SKD/2025', '2025-01-06', 'SKD', 'SITI CONTOHWATI', '3171024107809001', 'Jakarta',
   '01-07-1980', 'Jl. Rekaan No. 1', '003', '005', 'keperluan bank', 'Lurah Dua'),
  (2025, 2, '002/SKU/2025', '07-01-2025', 'SKU', 'BUDI MISALNYA', '3171021708759002', 'Bogor',
   '17-08-1975', 'Jl. Rekaan No. 2', '004', '005', 'usaha warung kopi', 'Lurah Dua'),
  (2025, 3, '003/SKTM/2025', '2025-02-03', 'SKTM', 'SITI CONTOHWATI', '3171024107809001',
   'Jakarta', '01-07-1980', 'Jl. Rekaan No. 1', '003', '005', 'keperluan sekolah', 'Lurah Dua'),
  (2026, 1, '001/SKD/2026', '2026-01-05', 'SKD', 'RINA UMPAMA', '3171025212909003', 'Depok',
   '12-12-1990', 'Jl. Rekaan No. 3', '003', '006', 'pindah alamat', 'Lurah Dua');
CREATE TABLE surat_pengantar (
  nomor TEXT, tahun INTEGER, tanggal TEXT, rt TEXT, rw TEXT, nama TEXT, nik TEXT, keperluan TEXT,
  nomor_surat TEXT
);
INSERT INTO surat_pengantar VALUES
  ('1', 2025, '2025-01-04', '003', '005', 'SITI CONTOHWATI', '3171024107809001',
   'membuka rekening', '001/SKD/2025'),
  ('1', 2026, '2026-01-03', '003', '006', 'RINA UMPAMA', '3171025212909003', 'pindah alamat',
   '001/SKD/2026');
