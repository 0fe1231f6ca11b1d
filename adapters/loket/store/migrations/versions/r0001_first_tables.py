"""The tables of the first day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "idempotensi",
        sa.Column("pemanggil", sa.Text(), nullable=False),
        sa.Column("kunci", sa.Text(), nullable=False),
        sa.Column("sidik", sa.Text(), nullable=False),
        sa.Column("permohonan", sa.Text(), nullable=True),
        sa.Column("pada", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pemanggil", "kunci"),
    )
    op.create_table(
        "permohonan",
        sa.Column("nomor", sa.Text(), nullable=False),
        sa.Column("kelurahan", sa.Text(), nullable=False),
        sa.Column("layanan", sa.Text(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("urut", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("versi", sa.Integer(), nullable=False),
        sa.Column("pemohon_nik", sa.Text(), nullable=False),
        sa.Column("kuasa_nik", sa.Text(), nullable=True),
        sa.Column("rt", sa.Text(), nullable=True),
        sa.Column("rw", sa.Text(), nullable=True),
        sa.Column("pengaju", sa.Text(), nullable=False),
        sa.Column("isian", sa.Text(), nullable=False),
        sa.Column("janji_hari", sa.Integer(), nullable=False),
        sa.Column("diajukan_pada", sa.Text(), nullable=False),
        sa.Column("lengkap_pada", sa.Text(), nullable=True),
        sa.Column("berakhir_pada", sa.Text(), nullable=True),
        sa.Column("putaran", sa.Integer(), nullable=False),
        sa.Column("draf", sa.Text(), nullable=True),
        sa.Column("draf_sidik", sa.Text(), nullable=True),
        sa.Column("petugas_nip", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("nomor"),
        sa.UniqueConstraint("kelurahan", "layanan", "tahun", "urut", name="permohonan_urut"),
    )
    op.create_index("permohonan_antrean", "permohonan", ["kelurahan", "status"], unique=False)
    op.create_index("permohonan_pemohon", "permohonan", ["pemohon_nik"], unique=False)
    op.create_table(
        "rantai",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("urut", sa.Integer(), nullable=False),
        sa.Column("segel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "riwayat",
        sa.Column("urut", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("segel", sa.Text(), nullable=False),
        sa.Column("isi", sa.LargeBinary(), nullable=False),
        sa.Column("permohonan", sa.Text(), nullable=False),
        sa.Column("langkah", sa.Text(), nullable=False),
        sa.Column("pada", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("urut"),
    )
    op.create_index("riwayat_permohonan", "riwayat", ["permohonan"], unique=False)
    op.create_table(
        "urutan",
        sa.Column("seri", sa.Text(), nullable=False),
        sa.Column("kelurahan", sa.Text(), nullable=False),
        sa.Column("jenis", sa.Text(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("terakhir", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seri", "kelurahan", "jenis", "tahun"),
    )
    op.create_table(
        "berkas",
        sa.Column("permohonan", sa.Text(), nullable=False),
        sa.Column("urut", sa.Integer(), nullable=False),
        sa.Column("jenis", sa.Text(), nullable=False),
        sa.Column("lokasi", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("ukuran", sa.Integer(), nullable=False),
        sa.Column("pada", sa.Text(), nullable=False),
        sa.Column("oleh", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["permohonan"],
            ["permohonan.nomor"],
        ),
        sa.PrimaryKeyConstraint("permohonan", "urut"),
    )
    op.create_table(
        "pemeriksaan",
        sa.Column("permohonan", sa.Text(), nullable=False),
        sa.Column("putaran", sa.Integer(), nullable=False),
        sa.Column("kode", sa.Text(), nullable=False),
        sa.Column("hasil", sa.Text(), nullable=False),
        sa.Column("alasan", sa.Text(), nullable=True),
        sa.Column("menghalangi", sa.Boolean(), nullable=False),
        sa.Column("sumber", sa.Text(), nullable=False),
        sa.Column("pada", sa.Text(), nullable=False),
        sa.Column("sidik", sa.Text(), nullable=False),
        sa.Column("berkas", sa.Integer(), nullable=True),
        sa.Column("dikonfirmasi_oleh", sa.Text(), nullable=True),
        sa.Column("dikonfirmasi_pada", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["permohonan"],
            ["permohonan.nomor"],
        ),
        sa.PrimaryKeyConstraint("permohonan", "putaran", "kode"),
    )
    op.create_table(
        "surat",
        sa.Column("kelurahan", sa.Text(), nullable=False),
        sa.Column("nomor", sa.Text(), nullable=False),
        sa.Column("tahun", sa.Integer(), nullable=False),
        sa.Column("urut", sa.Integer(), nullable=False),
        sa.Column("jenis", sa.Text(), nullable=False),
        sa.Column("permohonan", sa.Text(), nullable=False),
        sa.Column("tanggal", sa.Text(), nullable=False),
        sa.Column("penandatangan", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kode_verifikasi", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["permohonan"],
            ["permohonan.nomor"],
        ),
        sa.PrimaryKeyConstraint("kelurahan", "nomor", "tahun"),
        sa.UniqueConstraint("kelurahan", "jenis", "tahun", "urut", name="surat_urut"),
        sa.UniqueConstraint("kode_verifikasi"),
        sa.UniqueConstraint("permohonan"),
    )
    op.create_table(
        "tanda_tangan",
        sa.Column("permohonan", sa.Text(), nullable=False),
        sa.Column("draf_sidik", sa.Text(), nullable=False),
        sa.Column("urutan", sa.Integer(), nullable=False),
        sa.Column("peran", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("pada", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["permohonan"],
            ["permohonan.nomor"],
        ),
        sa.PrimaryKeyConstraint("permohonan", "draf_sidik", "urutan"),
    )
    head = sa.table("rantai", sa.column("id"), sa.column("urut"), sa.column("segel"))
    op.execute(head.insert().values(id=1, urut=0, segel="0" * 64))
