"""The two SQL registers in MariaDB, for tests of the same adapters on the real thing.

In: a SQLAlchemy URL and a world's truth. Out: the same tables with the same columns; Karang Anyar's
are `CHARSET latin1`. Needs a driver that SQLAlchemy knows; the URL is sync or async alike.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from demo.registers import sql_latin1, sql_plain
from demo.registers.sql_store import Table

__all__ = ["load_registers"]

_CHUNK = 500
_KEYS = ("nik", "no_nik")


async def load_registers(url: str, truth: Path, *, plain: str, latin1: str) -> None:
    """Load both registers into the database of the URL (such as `mysql+asyncmy://…/register`).

    Args:
        url: SQLAlchemy's async URL of an empty database.
        truth: a world's `truth.sqlite`.
        plain: the kelurahan whose books take Pasar Baru's form, such as 31.71.02.1001.
        latin1: the one whose books take Karang Anyar's form.
    """
    engine = create_async_engine(url)
    source = sqlite3.connect(f"file:{truth}?mode=ro", uri=True)
    try:
        for table in sql_plain.tables(source, plain):
            await _load(engine, table, "utf8mb4")
        for table in sql_latin1.tables(source, latin1):
            await _load(engine, table, "latin1")
    finally:
        source.close()
        await engine.dispose()


async def _load(engine: AsyncEngine, table: Table, charset: str) -> None:
    columns = ", ".join(
        f"{name} {'INT' if name in table.numbers else 'VARCHAR(160)'}" for name in table.columns
    )
    keys = "".join(f", KEY ({name})" for name in table.columns if name in _KEYS)
    insert = text(
        f"INSERT INTO {table.name} VALUES ({', '.join(f':{name}' for name in table.columns)})"
    )
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    async with engine.begin() as connection:
        await connection.execute(text(f"DROP TABLE IF EXISTS {table.name}"))
        await connection.execute(
            text(f"CREATE TABLE {table.name} ({columns}{keys}) DEFAULT CHARSET {charset}")
        )
        for at in range(0, len(rows), _CHUNK):
            await connection.execute(insert, rows[at : at + _CHUNK])
