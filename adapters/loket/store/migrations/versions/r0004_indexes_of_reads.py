"""Indexes for what is read most: queues in their order, one's own, months, days of letters."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make them."""
    op.drop_index("permohonan_antrean", "permohonan")
    for name, table, columns in (
        ("permohonan_antrean", "permohonan", ["kelurahan", "status", "diajukan_pada", "nomor"]),
        ("permohonan_kuasa", "permohonan", ["kuasa_nik"]),
        ("permohonan_pengaju", "permohonan", ["pengaju", "diajukan_pada", "nomor"]),
        ("permohonan_berakhir", "permohonan", ["berakhir_pada"]),
        ("surat_tanggal", "surat", ["tanggal"]),
    ):
        op.create_index(name, table, columns)
