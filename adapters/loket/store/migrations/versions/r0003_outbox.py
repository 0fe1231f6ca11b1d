"""The outbox: letters whose numbers go back into the registers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make it, empty: what was issued before was told to no register, and is not now."""
    op.create_table(
        "kotak_keluar",
        sa.Column("permohonan", sa.Text(), nullable=False),
        sa.Column("kelurahan", sa.Text(), nullable=False),
        sa.Column("percobaan", sa.Integer(), nullable=False),
        sa.Column("berikut_pada", sa.Text(), nullable=False),
        sa.Column("peminjam", sa.Text(), nullable=True),
        sa.Column("pinjam_sampai", sa.Text(), nullable=True),
        sa.Column("terkirim_pada", sa.Text(), nullable=True),
        sa.Column("alasan", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["permohonan"], ["permohonan.nomor"]),
        sa.PrimaryKeyConstraint("permohonan"),
    )
    op.create_index("kotak_keluar_menunggu", "kotak_keluar", ["terkirim_pada", "berikut_pada"])
