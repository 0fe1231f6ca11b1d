"""What one transaction does to the store: claim a key, draw a number, change an application.

In: an open writing transaction. Out: rows, changed or refused. Nothing here decides what may be
done; ``desk`` does, before it calls this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Row,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

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
# A key whose life is over is taken over as a new one; one that lives is left as it is.
_CLAIM = text(
    "INSERT INTO idempotensi (pemanggil, kunci, sidik, permohonan, pada)"
    " VALUES (:pemanggil, :kunci, :sidik, :permohonan, :pada)"
    " ON CONFLICT (pemanggil, kunci) DO UPDATE"
    " SET sidik = excluded.sidik, permohonan = excluded.permohonan, pada = excluded.pada"
    " WHERE idempotensi.pada < :berakhir RETURNING kunci"
)
_KEY = (keys.c.pemanggil == bindparam("caller")) & (keys.c.kunci == bindparam("key"))
_CLAIMED = select(keys.c.sidik, keys.c.permohonan).where(_KEY)
_SETTLE = update(keys).where(_KEY).values(permohonan=bindparam("led_to"))
_LOCKED = select(applications).where(applications.c.nomor == bindparam("number")).with_for_update()
_LAST_PAPER = select(func.max(papers.c.urut)).where(papers.c.permohonan == bindparam("number"))
_ADD_PAPER = insert(papers)


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


def claim_key(
    tx: Connection,
    key: tuple[str, str],
    digest: str,
    now: datetime,
    led_to: str | None = None,
) -> Claimed:
    """Claim a key, given as caller and key; who brings it again waits until this transaction ends.

    ``led_to``: what a new key leads to, if this transaction is committed; None: it is not known.
    """
    values = {
        "pemanggil": key[0],
        "kunci": key[1],
        "sidik": digest,
        "permohonan": led_to,
        "pada": moment(now),
        "berakhir": moment(now - KEY_LIFE),
    }
    if tx.execute(_CLAIM, values).scalar() is not None:
        return Claimed(Claim.NEW)
    row = tx.execute(_CLAIMED, {"caller": key[0], "key": key[1]}).one()
    if row.sidik != digest:
        return Claimed(Claim.MISUSED)
    if row.permohonan is None:
        return Claimed(Claim.STARTED)
    return Claimed(Claim.DONE, row.permohonan)


def settle_key(tx: Connection, key: tuple[str, str], application: str) -> None:
    """Keep what a claimed key led to."""
    tx.execute(_SETTLE, {"caller": key[0], "key": key[1], "led_to": application})


def purge_keys(tx: Connection, now: datetime) -> None:
    """Forget the keys whose life is over."""
    tx.execute(delete(keys).where(keys.c.pada < moment(now - KEY_LIFE)))


def draw_number(tx: Connection, series: Series, kelurahan: str, kind: str, year: int) -> int:
    """Draw the next number, from 1; it is given back if the transaction does not commit."""
    values = {"seri": series.value, "kelurahan": kelurahan, "jenis": kind, "tahun": year}
    return int(tx.execute(_DRAW, values).scalar_one())


def read_locked(tx: Connection, number: str) -> Row[Any] | None:
    """Give an application that nobody else changes until ``tx`` ends; None: there is none."""
    return tx.execute(_LOCKED, {"number": number}).one_or_none()


def change_application(tx: Connection, number: str, **values: Any) -> int:
    """Change an application, and give its new version."""
    new = {f"new_{name}": value for name, value in values.items()}
    changed = tx.execute(_change((*values,)), {"number": number, **new})
    return int(changed.scalar() or 0)


def add_paper(tx: Connection, number: str, values: Mapping[str, Any]) -> int:
    """Add a paper, and give its place among the application's papers, from 1."""
    last = tx.execute(_LAST_PAPER, {"number": number}).scalar()
    place = (last or 0) + 1
    tx.execute(_ADD_PAPER, {"permohonan": number, "urut": place, **values})
    return place


def insert_rows(tx: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, if there are any."""
    listed = [dict(row) for row in rows]
    if listed:
        tx.execute(insert(table), listed)


@lru_cache(maxsize=64)  # as many as there are steps that change other columns
def _change(names: tuple[str, ...]) -> ReturningUpdate[Any]:
    return (
        update(applications)
        .where(applications.c.nomor == bindparam("number"))
        .values(
            {
                "versi": applications.c.versi + 1,
                **{name: bindparam(f"new_{name}") for name in names},
            }
        )
        .returning(applications.c.versi)
    )
