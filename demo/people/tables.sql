-- The ground truth. Everything in it is true, whatever the legacy systems say.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE person (
    pid INTEGER PRIMARY KEY,      -- the truth's own key, on no wire
    nik INTEGER NOT NULL,         -- the number that is valid today
    no_kk INTEGER NOT NULL,
    nama TEXT NOT NULL,
    perempuan INTEGER NOT NULL,
    lahir TEXT NOT NULL,          -- ISO date, as all dates here
    tempat TEXT NOT NULL,
    agama INTEGER NOT NULL,       -- code of kode_siak.csv
    stat_kwn INTEGER NOT NULL,
    stat_hbkel INTEGER NOT NULL,
    tgl_kawin TEXT,
    tgl_cerai TEXT,
    golongan_darah TEXT NOT NULL, -- "-" when unknown
    pendidikan TEXT NOT NULL,
    pekerjaan TEXT NOT NULL,
    pid_ayah INTEGER, nik_ayah INTEGER, nama_ayah TEXT,
    pid_ibu INTEGER, nik_ibu INTEGER, nama_ibu TEXT,
    pid_pasangan INTEGER,
    kelurahan TEXT NOT NULL,      -- registered now, "31.71.02.1001"
    alamat TEXT NOT NULL, rt INTEGER NOT NULL, rw INTEGER NOT NULL,
    kelurahan_asal TEXT, alamat_asal TEXT, pindah_sejak TEXT,  -- moved within the last year
    status TEXT NOT NULL,         -- as the civil registry holds it
    status_sejak TEXT,
    meninggal TEXT,               -- true date of death
    mati_tercatat INTEGER,        -- 0: dead, but active in the civil registry; NULL: alive
    nik_lama INTEGER, nik_berubah TEXT,
    nik_ganda INTEGER, kk_ganda INTEGER
);

CREATE TABLE letter_draft (
    id INTEGER PRIMARY KEY, kelurahan TEXT, tanggal TEXT, jenis TEXT, pid INTEGER, nik INTEGER,
    nama TEXT, lahir TEXT, tempat TEXT, perempuan INTEGER, agama INTEGER, stat_kwn INTEGER,
    alamat TEXT, rt INTEGER, rw INTEGER, rt_tulis TEXT, rw_tulis TEXT, keterangan TEXT,
    cacat TEXT, diantar INTEGER
);

CREATE TABLE licence_draft (
    id INTEGER PRIMARY KEY, identity TEXT, identity_kind TEXT, owner_name TEXT, pid INTEGER,
    applicant_identity TEXT, applicant_name TEXT, applicant_pid INTEGER, kelurahan TEXT,
    jurisdiction TEXT, kind TEXT, applied TEXT, issued TEXT, expires TEXT
);
