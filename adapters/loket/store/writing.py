"""What one transaction does to the store: claim a key, draw a number, change an application.

In: an open writing transaction. Out: rows, changed or refused. Nothing here decides what may be
done; ``desk`` does, before it calls this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, NamedTuple

from sqlalchemy import Row, Table, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.loket.store.history import moment
from adapters.loket.store.tables import applications, keys, papers

__all__ = [
    "KEY_LIFE",
    "Claim",
    "Claimed",
    "Series",
    "add_paper",
    "change_application",
    "claim_key",
    "draw_number",
    "insert_rows",
    "purge_keys",
    "read_locked",
    "settle_key",
]

KEY_LIFE = timedelta(days=30)
"""How long a key answers with what it led to; after that it is as new."""

# One statement on both databases; two that draw at once wait for each other and get two numbers.
_DRAW = text(
    "INSERT INTO urutan (seri, kelurahan, jenis, tahun, terakhir)"
    " VALUES (:seri, :kelurahan, :jenis, :tahun, 1)"
    " ON CONFLICT (seri, kelurahan, jenis, tahun)"
    " DO UPDATE SET terakhir = urutan.terakhir + 1 RETURNING terakhir"
)
_CLAIM = text(
    "INSERT INTO idempotensi (pemanggil, kunci, sidik, permohonan, pada)"
    " VALUES (:pemanggil, :kunci, :sidik, NULL, :pada)"
    " ON CONFLICT (pemanggil, kunci) DO NOTHING RETURNING kunci"
)


class Claim(Enum):
    """What a key is to the transaction that brings it."""

    NEW = auto()
    STARTED = auto()  # the same request began, and did not end: it goes on
    DONE = auto()  # it led to an application already, by the same request
    MISUSED = auto()  # it belongs to another request


class Claimed(NamedTuple):
    """A claimed key; ``application`` is what a key that is DONE led to."""

    claim: Claim
    application: str | None = None


class Series(Enum):
    """Numbers that are drawn apart."""

    APPLICATION = "PERMOHONAN"
    LETTER = "SURAT"


async def claim_key(
    tx: AsyncConnection, caller: str, key: str, digest: str, now: datetime
) -> Claimed:
    """Claim a caller's key; whoever brings the same at once waits until this transaction ends."""
    held = (keys.c.pemanggil == caller) & (keys.c.kunci == key)
    await tx.execute(delete(keys).where(held & (keys.c.pada < moment(now - KEY_LIFE))))
    values = {"pemanggil": caller, "kunci": key, "sidik": digest, "pada": moment(now)}
    if await tx.scalar(_CLAIM, values) is not None:
        return Claimed(Claim.NEW)
    row = (await tx.execute(select(keys.c.sidik, keys.c.permohonan).where(held))).one()
    if row.sidik != digest:
        return Claimed(Claim.MISUSED)
    if row.permohonan is None:
        return Claimed(Claim.STARTED)
    return Claimed(Claim.DONE, row.permohonan)


async def settle_key(tx: AsyncConnection, caller: str, key: str, application: str) -> None:
    """Keep what a claimed key led to."""
    held = (keys.c.pemanggil == caller) & (keys.c.kunci == key)
    await tx.execute(update(keys).where(held).values(permohonan=application))


async def purge_keys(tx: AsyncConnection, now: datetime) -> None:
    """Forget the keys whose life is over."""
    await tx.execute(delete(keys).where(keys.c.pada < moment(now - KEY_LIFE)))


async def draw_number(
    tx: AsyncConnection, series: Series, kelurahan: str, kind: str, year: int
) -> int:
    """Draw the next number, from 1; it is given back if the transaction does not commit."""
    values = {"seri": series.value, "kelurahan": kelurahan, "jenis": kind, "tahun": year}
    return int(await tx.scalar(_DRAW, values) or 0)


async def read_locked(tx: AsyncConnection, number: str) -> Row[Any] | None:
    """Give an application that nobody else changes until ``tx`` ends; None: there is none."""
    found = select(applications).where(applications.c.nomor == number).with_for_update()
    return (await tx.execute(found)).one_or_none()


async def change_application(tx: AsyncConnection, number: str, **values: Any) -> int:
    """Change an application, and give its new version."""
    changed = (
        update(applications)
        .where(applications.c.nomor == number)
        .values(versi=applications.c.versi + 1, **values)
        .returning(applications.c.versi)
    )
    return int(await tx.scalar(changed) or 0)


async def add_paper(tx: AsyncConnection, number: str, values: Mapping[str, Any]) -> int:
    """Add a paper, and give its place among the application's papers, from 1."""
    last = await tx.scalar(select(func.max(papers.c.urut)).where(papers.c.permohonan == number))
    place = (last or 0) + 1
    await tx.execute(insert(papers).values(permohonan=number, urut=place, **values))
    return place


async def insert_rows(tx: AsyncConnection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, if there are any."""
    listed = [dict(row) for row in rows]
    if listed:
        await tx.execute(insert(table), listed)
