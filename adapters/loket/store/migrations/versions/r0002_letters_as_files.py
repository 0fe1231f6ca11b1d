"""Letters as signed files: where they are kept, and what a signature and a letter say of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add them; a letter that was in force before is issued, and has no file."""
    op.create_table(
        "dokumen",
        sa.Column("permohonan", sa.Text(), nullable=False),
        sa.Column("draf_sidik", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("isi", sa.LargeBinary(), nullable=False),
        sa.Column("pada", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["permohonan"], ["permohonan.nomor"]),
        sa.PrimaryKeyConstraint("permohonan"),
    )
    op.add_column("tanda_tangan", sa.Column("sha256", sa.Text(), nullable=True))
    op.add_column("tanda_tangan", sa.Column("nama", sa.Text(), nullable=True))
    op.add_column("surat", sa.Column("draf_sidik", sa.Text(), nullable=True))
    op.add_column("surat", sa.Column("nama_penandatangan", sa.Text(), nullable=True))
    letters = sa.table("surat", sa.column("status"))
    op.execute(letters.update().where(letters.c.status == "BERLAKU").values(status="TERBIT"))
