"""Tables of a register into SQLite, in any single-byte encoding.

In: named tables with streamed rows. Out: a SQLite file. For MariaDB see `mariadb.py`.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

__all__ = ["Table", "write_tables"]


class Table(NamedTuple):
    """One table to be written."""

    name: str
    columns: tuple[str, ...]
    numbers: frozenset[str]  # columns that are INTEGER; the others are TEXT
    rows: Iterable[tuple[object, ...]]


def write_tables(path: Path, tables: Iterable[Table], *, encoding: str = "utf-8") -> None:
    """Write a SQLite file; with another encoding TEXT columns hold raw bytes of it."""
    store = sqlite3.connect(path)
    store.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    for table in tables:
        columns = ", ".join(
            f"{name} {'INTEGER' if name in table.numbers else 'TEXT'}" for name in table.columns
        )
        store.execute(f"CREATE TABLE {table.name} ({columns})")
        mark = "?" if encoding == "utf-8" else "CAST(? AS TEXT)"
        marks = ", ".join("?" if name in table.numbers else mark for name in table.columns)
        rows = table.rows if encoding == "utf-8" else _encode(table.rows, encoding)
        store.executemany(f"INSERT INTO {table.name} VALUES ({marks})", rows)
        for column in table.columns:
            if "nik" in column or "lahir" in column:
                store.execute(f"CREATE INDEX {table.name}_{column} ON {table.name} ({column})")
            elif column.startswith(("nama", "nm_")):  # found however it is written
                store.execute(f"CREATE INDEX {table.name}_nama ON {table.name} (UPPER({column}))")
    store.commit()
    store.close()


def _encode(rows: Iterable[tuple[object, ...]], encoding: str) -> Iterable[tuple[object, ...]]:
    for row in rows:
        yield tuple(value.encode(encoding) if isinstance(value, str) else value for value in row)
