"""What one transaction does to the outbox: put a letter in, lend one that is due, settle it.

In: an open transaction. Out: rows of the outbox with their letters. A row is lent for a while to
one sender; if that one dies, the loan ends by itself and another goes on. A letter that is revoked
waits again, whether its line was sent, is under way, or was not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, insert, or_, select, update

from adapters.loket.store.history import moment
from adapters.loket.store.letters import KNOWN
from adapters.loket.store.tables import applications, letters, outbox

__all__ = [
    "count_waiting",
    "lend_due",
    "lines_between",
    "postpone",
    "put_out",
    "put_revocation",
    "settle_line",
]

_FIRST_DAY, _LAST_DAY = "0001-01-01", "9999-12-31"
_PUT = insert(outbox)


def put_out(tx: Connection, application: str, kelurahan: str, at: str) -> None:
    """Put a letter into the outbox; it is due at once."""
    tx.execute(
        _PUT,
        {"permohonan": application, "kelurahan": kelurahan, "percobaan": 0, "berikut_pada": at},
    )


def put_revocation(tx: Connection, application: str, day: str, at: str) -> None:
    """Note that a letter was revoked on a day (ISO): it waits again, and is due at once."""
    waits = {"dicabut_tanggal": day, "terkirim_pada": None, "percobaan": 0, "berikut_pada": at}
    tx.execute(update(outbox).where(outbox.c.permohonan == application).values(**waits))


def lend_due(
    tx: Connection, kelurahan: Sequence[str], borrower: str, now: datetime, loan: timedelta
) -> Row[Any] | None:
    """Lend the row of these kelurahan that is due for longest; None: nothing is."""
    free = outbox.c.pinjam_sampai.is_(None) | (outbox.c.pinjam_sampai < moment(now))
    due = (
        select(outbox.c.permohonan)
        .where(outbox.c.kelurahan.in_(kelurahan) & outbox.c.terkirim_pada.is_(None))
        .where((outbox.c.berikut_pada <= moment(now)) & free)
        .order_by(outbox.c.berikut_pada, outbox.c.permohonan)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    number = tx.scalar(due)
    if number is None:
        return None
    lent = {"peminjam": borrower, "pinjam_sampai": moment(now + loan)}
    tx.execute(update(outbox).where(outbox.c.permohonan == number).values(**lent))
    told = (outbox.c.percobaan, outbox.c.dicabut_tanggal)
    found = _lines().add_columns(*told).where(outbox.c.permohonan == number)
    return tx.execute(found).one()


def settle_line(tx: Connection, application: str, revoked: str | None, now: datetime) -> None:
    """Note that a register has the line; whoever says so is right, lent to or not.

    ``revoked``: the day of the revocation that the line told of. A letter that was revoked since
    the line was lent goes on waiting.
    """
    told = outbox.c.dicabut_tanggal.is_not_distinct_from(revoked)
    done = {
        "terkirim_pada": case((told, moment(now))),
        "pinjam_sampai": None,
        "peminjam": None,
        "alasan": None,
    }
    own = outbox.c.permohonan == application
    tx.execute(update(outbox).where(own).values(**done))


def postpone(tx: Connection, application: str, borrower: str, until: datetime, code: str) -> None:
    """Note that a register did not take the line, and when it is tried again."""
    own = (outbox.c.permohonan == application) & (outbox.c.peminjam == borrower)
    tx.execute(
        update(outbox)
        .where(own)
        .values(
            percobaan=outbox.c.percobaan + 1,
            berikut_pada=moment(until),
            pinjam_sampai=None,
            peminjam=None,
            alasan=code,
        )
    )


def lines_between(
    tx: Connection, kelurahan: str, since: str | None, until: str | None, count: int
) -> list[Row[Any]]:
    """Give the lines of letters that were issued or revoked on these days, the oldest first.

    Days are ISO, both included; None: no such bound.
    """
    of_these_days = [
        day.between(since or _FIRST_DAY, until or _LAST_DAY)
        for day in (letters.c.tanggal, outbox.c.dicabut_tanggal)
    ]
    query = _lines().where((outbox.c.kelurahan == kelurahan) & or_(*of_these_days))
    ordered = query.order_by(letters.c.tanggal, letters.c.jenis, letters.c.urut)
    return [*tx.execute(ordered.limit(count))]


def count_waiting(tx: Connection, kelurahan: str) -> int:
    """Count the letters that a register does not have as they stand."""
    waiting = (outbox.c.kelurahan == kelurahan) & outbox.c.terkirim_pada.is_(None)
    return tx.scalar(select(func.count()).select_from(outbox).where(waiting)) or 0


def _lines() -> Select[Any]:
    own = (letters.c.permohonan == outbox.c.permohonan) & letters.c.status.in_(KNOWN)
    joined = outbox.join(letters, own).join(
        applications, applications.c.nomor == outbox.c.permohonan
    )
    return select(
        outbox.c.permohonan,
        letters.c.kelurahan,
        letters.c.nomor,
        letters.c.tahun,
        letters.c.tanggal,
        letters.c.jenis,
        letters.c.status,
        letters.c.nama_penandatangan,
        applications.c.pemohon_nik,
        applications.c.rt,
        applications.c.rw,
        applications.c.isian,
    ).select_from(joined)
