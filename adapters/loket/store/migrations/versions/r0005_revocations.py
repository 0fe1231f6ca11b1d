"""The outbox: letters that are revoked go back into the registers too."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from adapters.loket.sla import day_of

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add their day; what was revoked before waits to be told."""
    op.add_column("kotak_keluar", sa.Column("dicabut_tanggal", sa.Text(), nullable=True))
    names = ("permohonan", "dicabut_tanggal", "terkirim_pada")
    outbox = sa.table("kotak_keluar", *(sa.column(name) for name in names))
    history = sa.table("riwayat", *(sa.column(name) for name in ("permohonan", "langkah", "pada")))
    revoked = sa.select(history.c.permohonan, history.c.pada).where(history.c.langkah == "CABUT")
    for application, moment in op.get_bind().execute(revoked).fetchall():
        day = day_of(datetime.fromisoformat(moment)).isoformat()
        own = outbox.c.permohonan == application
        op.execute(outbox.update().where(own).values(dicabut_tanggal=day, terkirim_pada=None))
