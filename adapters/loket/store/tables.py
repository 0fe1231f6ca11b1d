"""What the counter keeps, as tables; ``migrations`` makes them, and a test holds both together.

Moments are texts in ISO 8601 at UTC, all of one length, so that both databases sort them alike;
days are ISO dates of Jakarta. The population register is not copied: of a person only what the
applicant wrote is kept, of a check only its result and a keyed hash of what it was asked with.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

__all__ = [
    "applications",
    "chain_head",
    "checks",
    "counters",
    "documents",
    "history",
    "keys",
    "letters",
    "metadata",
    "outbox",
    "papers",
    "signatures",
]

metadata = MetaData()

applications = Table(
    "permohonan",
    metadata,
    Column("nomor", Text, primary_key=True),  # KODE-WILAYAH/LAYANAN/TAHUN/URUT
    Column("kelurahan", Text, nullable=False),
    Column("layanan", Text, nullable=False),
    Column("tahun", Integer, nullable=False),
    Column("urut", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("versi", Integer, nullable=False),  # counts every change
    Column("pemohon_nik", Text, nullable=False),
    Column("kuasa_nik", Text),  # who applies for the applicant; null: nobody
    Column("rt", Text),
    Column("rw", Text),
    Column("pengaju", Text, nullable=False),  # the caller that submitted it
    Column("isian", Text, nullable=False),  # the form: JSON, name -> list of texts
    Column("janji_hari", Integer, nullable=False),  # working days promised at submission
    Column("diajukan_pada", Text, nullable=False),
    Column("lengkap_pada", Text),  # the clock's start; null: not complete
    Column("berakhir_pada", Text),  # issued, refused or cancelled
    Column("putaran", Integer, nullable=False),  # rounds of checks so far
    Column("draf", Text),
    Column("draf_sidik", Text),  # SHA-256 of the draft
    Column("petugas_nip", Text),  # who works on it; null: nobody yet
    UniqueConstraint("kelurahan", "layanan", "tahun", "urut", name="permohonan_urut"),
)
# Queues and trays, in the order in which they are told.
Index(
    "permohonan_antrean",
    applications.c.kelurahan,
    applications.c.status,
    applications.c.diajukan_pada,
    applications.c.nomor,
)
Index("permohonan_pemohon", applications.c.pemohon_nik)
Index("permohonan_kuasa", applications.c.kuasa_nik)
# What an app or a kiosk that names nobody submitted, in the order in which it is told.
Index(
    "permohonan_pengaju",
    applications.c.pengaju,
    applications.c.diajukan_pada,
    applications.c.nomor,
)
Index("permohonan_berakhir", applications.c.berakhir_pada)  # reports of a month

papers = Table(
    "berkas",
    metadata,
    Column("permohonan", Text, ForeignKey("permohonan.nomor"), primary_key=True),
    Column("urut", Integer, primary_key=True),
    Column("jenis", Text, nullable=False),  # code of a requirement
    Column("lokasi", Text, nullable=False),  # where the agency's own document store keeps it
    Column("sha256", Text, nullable=False),
    Column("media", Text, nullable=False),
    Column("ukuran", Integer, nullable=False),  # bytes
    Column("pada", Text, nullable=False),
    Column("oleh", Text, nullable=False),
)

checks = Table(
    "pemeriksaan",
    metadata,
    Column("permohonan", Text, ForeignKey("permohonan.nomor"), primary_key=True),
    Column("putaran", Integer, primary_key=True),
    Column("kode", Text, primary_key=True),
    Column("hasil", Text, nullable=False),
    Column("alasan", Text),  # a code; never a value
    Column("menghalangi", Boolean, nullable=False),
    Column("sumber", Text, nullable=False),  # who was asked, separated by commas
    Column("pada", Text, nullable=False),
    Column("sidik", Text, nullable=False),  # keyed hash of what was asked with
    Column("berkas", Integer),  # the paper by which an officer confirmed it
    Column("dikonfirmasi_oleh", Text),  # NIP
    Column("dikonfirmasi_pada", Text),
)

signatures = Table(
    "tanda_tangan",
    metadata,
    Column("permohonan", Text, ForeignKey("permohonan.nomor"), primary_key=True),
    Column("draf_sidik", Text, primary_key=True),  # which text was signed
    Column("urutan", Integer, primary_key=True),
    Column("peran", Text, nullable=False),
    Column("nip", Text, nullable=False),
    Column("pada", Text, nullable=False),
    Column("sha256", Text),  # of the file that it made; null: signed before letters were files
    Column("nama", Text),  # the signer's name at that time
)

letters = Table(
    "surat",
    metadata,
    Column("kelurahan", Text, primary_key=True),
    Column("nomor", Text, primary_key=True),
    Column("tahun", Integer, primary_key=True),
    Column("urut", Integer, nullable=False),
    Column("jenis", Text, nullable=False),
    Column("permohonan", Text, ForeignKey("permohonan.nomor"), nullable=False),
    Column("tanggal", Text, nullable=False),
    Column("penandatangan", Text, nullable=False),
    Column("status", Text, nullable=False),  # DISIAPKAN, TERBIT, DICABUT, BATAL
    Column("kode_verifikasi", Text, nullable=False, unique=True),
    Column("draf_sidik", Text),  # the draft for which its date holds
    Column("nama_penandatangan", Text),  # as it was when the letter was issued
    UniqueConstraint("kelurahan", "jenis", "tahun", "urut", name="surat_urut"),
)
# An application has one letter; numbers that were given up on the way to it stay as BATAL.
Index(
    "surat_permohonan",
    letters.c.permohonan,
    unique=True,
    sqlite_where=letters.c.status != "BATAL",
    postgresql_where=letters.c.status != "BATAL",
)

Index("surat_tanggal", letters.c.tanggal)  # of some days: who has many, lines for a register

documents = Table(
    "dokumen",
    metadata,
    Column("permohonan", Text, ForeignKey("permohonan.nomor"), primary_key=True),
    Column("draf_sidik", Text, nullable=False),  # the draft that it was made for
    Column("sha256", Text, nullable=False),
    Column("isi", LargeBinary, nullable=False),  # the PDF with the signatures so far
    Column("pada", Text, nullable=False),
)

outbox = Table(
    "kotak_keluar",
    metadata,
    Column("permohonan", Text, ForeignKey("permohonan.nomor"), primary_key=True),
    Column("kelurahan", Text, nullable=False),
    Column("percobaan", Integer, nullable=False),  # that failed
    Column("berikut_pada", Text, nullable=False),  # not tried before
    Column("peminjam", Text),  # who sends it now; null: nobody
    Column("pinjam_sampai", Text),  # the loan's end, whatever became of the borrower
    Column("terkirim_pada", Text),  # null: no register has it, as it stands
    Column("alasan", Text),  # code of the last failure
    Column("dicabut_tanggal", Text),  # day of the revocation; null: the letter stands
)
Index("kotak_keluar_menunggu", outbox.c.terkirim_pada, outbox.c.berikut_pada)

history = Table(
    "riwayat",
    metadata,
    Column("urut", Integer, primary_key=True, autoincrement=False),  # of the one chain
    Column("segel", Text, nullable=False),
    Column("isi", LargeBinary, nullable=False),  # what is sealed: JSON
    Column("permohonan", Text, nullable=False),
    Column("langkah", Text, nullable=False),
    Column("pada", Text, nullable=False),
)
Index("riwayat_permohonan", history.c.permohonan)

chain_head = Table(
    "rantai",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # 1: the only row
    Column("urut", Integer, nullable=False),
    Column("segel", Text, nullable=False),
)

counters = Table(
    "urutan",
    metadata,
    Column("seri", Text, primary_key=True),  # PERMOHONAN or SURAT
    Column("kelurahan", Text, primary_key=True),
    Column("jenis", Text, primary_key=True),
    Column("tahun", Integer, primary_key=True),
    Column("terakhir", Integer, nullable=False),
)

keys = Table(
    "idempotensi",
    metadata,
    Column("pemanggil", Text, primary_key=True),
    Column("kunci", Text, primary_key=True),
    Column("sidik", Text, nullable=False),  # of the step and its arguments
    Column("permohonan", Text),  # what it led to
    Column("pada", Text, nullable=False),
)
