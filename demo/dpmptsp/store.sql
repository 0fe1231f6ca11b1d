-- The licensing agency's own table, filled from the truth.
CREATE TABLE agency.licences (
    id INTEGER PRIMARY KEY, decree_number TEXT, owner_identity_number TEXT, owner_name TEXT,
    applicant_identity_number TEXT, applicant_name TEXT, application_date TEXT, issued_date TEXT,
    expired_date TEXT, permit_type TEXT, permit_name TEXT, sector TEXT, authority TEXT,
    jurisdiction TEXT, kbli TEXT
);
INSERT INTO agency.licences
SELECT
    id, decree_number, identity, owner_name, applicant_identity, applicant_name, applied, issued,
    expires, kind,
    CASE kind
        WHEN 'SIUP-MK' THEN 'Surat Izin Usaha Perdagangan Mikro'
        WHEN 'IUMK' THEN 'Izin Usaha Mikro Kecil'
        WHEN 'IZIN-PRAKTIK' THEN 'Surat Izin Praktik'
        WHEN 'TDUP' THEN 'Tanda Daftar Usaha Pariwisata'
        WHEN 'IZIN-REKLAME' THEN 'Izin Penyelenggaraan Reklame'
        WHEN 'IZIN-APOTEK' THEN 'Surat Izin Apotek'
        ELSE 'Izin Penggunaan Tanah Makam'
    END,
    CASE kind
        WHEN 'IZIN-PRAKTIK' THEN 'KESEHATAN'
        WHEN 'IZIN-APOTEK' THEN 'KESEHATAN'
        WHEN 'TDUP' THEN 'PARIWISATA'
        WHEN 'IPTM' THEN 'PERTAMANAN'
        ELSE 'PERDAGANGAN'
    END,
    CASE kind WHEN 'IPTM' THEN 'UP PMPTSP KECAMATAN' ELSE 'UP PMPTSP KELURAHAN' END,
    jurisdiction, printf('%05d', 47000 + id % 900)
FROM licence;
CREATE INDEX agency.licences_owner ON licences (owner_identity_number);
CREATE INDEX agency.licences_applicant ON licences (applicant_identity_number);
CREATE INDEX agency.licences_expired ON licences (expired_date);
CREATE UNIQUE INDEX agency.licences_decree ON licences (decree_number);
