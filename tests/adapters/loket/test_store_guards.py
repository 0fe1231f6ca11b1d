"""A store that does not answer costs those who ask it a deadline, and soon nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from adapters.contract import CallContext
from adapters.errors import SourceError, SourceTimeout, SourceUnavailable
from adapters.loket.store.engine import Guards, Store, open_store, own_call
from adapters.loket.store.tables import applications, chain_head, counters
from adapters.resilience.guard import SourceGuard
from adapters.resilience.refusal import CallRefused
from adapters.resilience.settings import GuardSettings
from tests.testkit.postgres import Postgres

pytestmark = pytest.mark.anyio

HEADS = select(func.count()).select_from(chain_head)
DRAWN = insert(counters).values(seri="x", kelurahan="x", jenis="x", tahun=1, terakhir=1)


def guards(seconds: float, **care: float) -> Guards:
    """Make guards that soon have enough."""
    settings = GuardSettings(
        timeout_seconds=seconds, retries=0, breaker_requests=2, parallel=2, **care
    )
    return Guards(SourceGuard("store", settings), SourceGuard("store-writes", settings))


async def failure_of(store: Store, *, writes: bool = False) -> type[SourceError] | None:
    """Ask once, and tell by what error it failed; None: it did not."""
    try:
        if writes:
            await store.write(own_call(), lambda tx: tx.execute(DRAWN).rowcount)
        else:
            await store.read(own_call(), lambda tx: tx.scalar(HEADS))
    except SourceError as error:
        return type(error)
    return None


async def test_a_locked_file_takes_no_step_and_is_still_read(tmp_path: Path) -> None:
    """Who writes waits a while, then the breaker opens; who reads or looks does not notice."""
    file = tmp_path / "loket.sqlite"
    store = await open_store(f"sqlite+aiosqlite:///{file}", guards(0.06))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            assert await failure_of(store, writes=True) in (SourceUnavailable, SourceTimeout)
        assert await failure_of(store, writes=True) is CallRefused
        assert await failure_of(store) is None
        assert await store.look(own_call(), lambda tx: tx.scalar(HEADS)) == 1
    await store.aclose()


async def test_a_file_that_is_locked_whole_is_told_at_start(tmp_path: Path) -> None:
    """After the wait that the settings give, and not after the driver's own."""
    file = tmp_path / "loket.sqlite"
    store = await open_store(f"sqlite+aiosqlite:///{file}", guards(0.06))
    await store.aclose()
    with closing(sqlite3.connect(file, isolation_level=None)) as alone:
        alone.execute("PRAGMA journal_mode = DELETE")
        alone.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SourceUnavailable):
            await open_store(f"sqlite+aiosqlite:///{file}", guards(0.06))


async def test_what_cannot_be_looked_up_is_asked_under_guard(tmp_path: Path) -> None:
    """A file that fails is told as ever, and counted; once it is well it is looked into again."""
    file = tmp_path / "loket.sqlite"
    own = guards(1.0)
    store = await open_store(f"sqlite+aiosqlite:///{file}", own)
    assert await store.look(own_call(), lambda tx: tx.scalar(HEADS)) == 1
    assert own.reads.status()["calls"] == 0
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("ALTER TABLE rantai RENAME TO lain")
        with pytest.raises(SourceUnavailable):
            await store.look(own_call(), lambda tx: tx.scalar(HEADS))
        other.execute("ALTER TABLE lain RENAME TO rantai")
    assert own.reads.status()["calls"] == own.reads.status()["failures"] == 1
    assert await store.look(own_call(), lambda tx: tx.scalar(HEADS)) == 1
    await store.aclose()


async def test_a_damaged_file_is_told_by_both_ways(tmp_path: Path) -> None:
    """What is no database any more is a source that is not available, looked up or read."""
    file = tmp_path / "loket.sqlite"
    store = await open_store(f"sqlite+aiosqlite:///{file}", guards(1.0))
    await store.write(own_call(), lambda tx: tx.execute(DRAWN).rowcount)
    await store.aclose()
    store = await open_store(f"sqlite+aiosqlite:///{file}", guards(1.0))
    damaged = file.read_bytes()
    file.write_bytes(damaged[:100] + b"\xff" * (len(damaged) - 100))
    with pytest.raises(SourceUnavailable):
        await store.look(own_call(), lambda tx: [*tx.execute(select(counters))])
    await store.aclose()


@pytest.mark.needs_postgres
async def test_a_server_that_stands_still_is_left_alone(postgres_server: Postgres) -> None:
    """Its connection neither answers nor ends: each call has its deadline, then none is made."""
    store = await open_store(postgres_server.new_database("loket_still"), guards(0.3))
    pid = await store.read(own_call(), lambda tx: tx.scalar(text("SELECT pg_backend_pid()")))
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        async with asyncio.timeout(1.0):  # the driver alone takes two more seconds to part
            assert await failure_of(store) is SourceTimeout
        assert await failure_of(store) is CallRefused
        assert await failure_of(store, writes=True) is None
    finally:
        os.kill(pid, signal.SIGCONT)
        await store.aclose()


async def test_who_has_no_time_left_asks_nothing(tmp_path: Path) -> None:
    """The caller's deadline holds for the store as for any source."""
    store = await open_store(f"sqlite+aiosqlite:///{tmp_path}/loket.sqlite")
    with pytest.raises(SourceTimeout):
        await store.read(CallContext(deadline=0.0), lambda tx: tx.scalar(HEADS))
    assert await store.read(own_call(), lambda tx: [*tx.execute(select(applications))]) == []
    await store.aclose()
