"""Declared adapters for tests: the examples of the documentation, and small files written at once.

``opened_example`` loads one of ``docs/examples/adapters`` and opens it with a test's settings.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from adapters.kit.adapter import Opening
from adapters.kit.runtime import LocalExecutor
from adapters.registry import load_adapter

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "adapters"


@asynccontextmanager
async def opened_example(name: str, base: Path, **settings: Any) -> AsyncIterator[LocalExecutor]:
    """Open an example of the documentation; relative paths of the settings begin at ``base``."""
    adapter = load_adapter(str(EXAMPLES / f"{name}.yaml"))
    executor = await adapter.open(settings, Opening(name, base))
    try:
        yield executor
    finally:
        await executor.aclose()
        # aiosqlite does not wait for the thread of a connection that could not be opened.
        for thread in threading.enumerate():
            if "_connection_worker" in thread.name:
                await asyncio.to_thread(thread.join)


def write_table(path: Path, create: str, rows: Sequence[Sequence[Any]]) -> None:
    """Make a SQLite file of one table, named first in ``create``."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE {create}")
        marks = ", ".join("?" for _ in rows[0])
        connection.executemany(f"INSERT INTO {create.split()[0]} VALUES ({marks})", rows)
