"""An application may have given up numbers before that of its letter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_NAMES = {"uq": "uq_%(table_name)s_%(column_0_name)s"}  # SQLite gave the constraint none


def upgrade() -> None:
    """Let it have one letter, beside cancelled ones."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("surat_permohonan_key", "surat", type_="unique")
    else:
        with op.batch_alter_table("surat", naming_convention=_NAMES) as surat:
            surat.drop_constraint("uq_surat_permohonan", type_="unique")
    stands = sa.column("status") != "BATAL"
    op.create_index(
        "surat_permohonan",
        "surat",
        ["permohonan"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
