"""The register that letters are written back into, with a sender that may die around a line.

In: where everything is kept. Out: a table of a SQLite file, which forbids no line twice, so that a
doubled one would be seen; its lines; and the outbox sent to its end.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.loket.outbox.line import Line
from adapters.loket.outbox.register import Register, open_register
from adapters.loket.outbox.sender import Sender
from adapters.loket.settings import RegisterSettings
from adapters.loket.store.engine import open_store
from adapters.resilience.guard import SourceGuard
from adapters.resilience.settings import GuardSettings
from tests.crash.points import Doomed, Point
from tests.testkit.counter_desk import KARTINI

__all__ = ["doom_sender", "make_register", "read_lines", "register_settings", "send_all"]

_COLUMNS = {name: name for name in ("nomor", "tahun", "tanggal", "jenis", "nama", "keterangan")}
_LINE = (Point.BEFORE_LINE, Point.AFTER_LINE)
_REVOCATION = (Point.BEFORE_REVOCATION, Point.AFTER_REVOCATION)
_LATER = timedelta(hours=2)  # beyond every loan and pause


class _DoomedRegister:
    """A register whose writer dies before a line or after it."""

    def __init__(self, register: Register, doomed: Doomed) -> None:
        self._register = register
        self._doomed = doomed

    async def write(self, line: Line, seconds: float | None = None) -> None:
        """Write a line: it is lent before, and nobody knows of it yet after."""
        before, after = _REVOCATION if line.is_revoked else _LINE
        self._doomed.pass_by(before)
        await self._register.write(line, seconds)
        self._doomed.pass_by(after)

    async def aclose(self) -> None:
        """Close the register."""
        await self._register.aclose()


def make_register(file: Path) -> None:
    """Make an empty register."""
    with closing(sqlite3.connect(file)) as rows:
        rows.execute(
            "CREATE TABLE buku (nomor TEXT, tahun INTEGER, tanggal, jenis, nama, keterangan)"
        )


def register_settings(file: Path) -> dict[str, Any]:
    """Give the settings of the register."""
    url = f"sqlite+aiosqlite:///{file}"
    return {"kelurahan": KARTINI, "url": url, "table": "buku", "columns": _COLUMNS}


def doom_sender(sender: Sender, doomed: Doomed) -> None:
    """Let a sender write through a register that dies with its process."""
    sender.registers = {
        kelurahan: (_DoomedRegister(register, doomed), guard)  # type: ignore[misc]
        for kelurahan, (register, guard) in sender.registers.items()
    }


def send_all(url: str, file: Path) -> None:
    """Send what still waits in the outbox of a store, when every loan has ended."""
    asyncio.run(_send_all(url, file))


async def _send_all(url: str, file: Path) -> None:
    settings = RegisterSettings.model_validate(register_settings(file))
    register = open_register(settings, settings.url.get_secret_value())
    guard = SourceGuard("register", GuardSettings())
    store = await open_store(url)
    sender = Sender(store, {KARTINI: (register, guard)}, lambda: datetime.now(UTC) + _LATER)
    try:
        await sender.send_due()
    finally:
        await sender.aclose()
        await store.aclose()


def read_lines(file: Path) -> Counter[tuple[str, int, str]]:
    """Count the lines of each number, year and remark."""
    with closing(sqlite3.connect(file)) as rows:
        return Counter(rows.execute("SELECT nomor, tahun, keterangan FROM buku").fetchall())
