"""The store: its tables, its keys, its numbers, and a history in which every edit shows."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.util import await_only

from adapters.errors import SourceTimeout, SourceUnavailable
from adapters.loket.store.engine import Store, open_store, own_call
from adapters.loket.store.history import Entry, add_entry, entries_of, moment, verify_history
from adapters.loket.store.tables import applications, chain_head, history, metadata
from adapters.loket.store.writing import (
    KEY_LIFE,
    Claim,
    Series,
    change_application,
    claim_key,
    draw_number,
    purge_keys,
    read_locked,
    settle_key,
)
from tests.testkit.postgres import Postgres

pytestmark = pytest.mark.anyio

KEY = b"k" * 32
NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
KARTINI = "31.71.02.1003"


ENTRIES = select(func.count()).select_from(history)
HEADS = select(func.count()).select_from(chain_head)


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    """Open a store of its own, in either database."""
    opened = await open_store(store_url)
    yield opened
    await opened.aclose()


def entry(number: int, **changes: Any) -> Entry:
    """Make an entry of the history."""
    values: dict[str, Any] = {
        "application": f"{KARTINI}/SKTM/2026/{number}",
        "step": "AJUKAN",
        "before": None,
        "after": "DIAJUKAN",
        "version": 1,
        "caller": "warga",
        "role": "PEMOHON",
        "officer": None,
        "at": moment(NOW + timedelta(minutes=number)),
    }
    return Entry(**{**values, **changes})


async def write_once(url: str) -> None:
    """Add an entry from elsewhere."""
    other = await open_store(url)
    await other.write(own_call(), lambda tx: add_entry(tx, KEY, entry(1)))
    await other.aclose()


async def count_entries(store: Store) -> int | None:
    """Count what the history holds."""
    return await store.read(own_call(), lambda tx: tx.scalar(ENTRIES))


async def test_the_migrations_make_the_tables(store: Store) -> None:
    """What the migrations leave behind is what the code believes to be there."""

    def differences(connection: Connection) -> list[Any]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert await store.read(own_call(), differences) == []


async def test_many_open_at_once(store_url: str) -> None:
    """Several processes start together on an empty database: one migrates, all go on."""
    opened = await asyncio.gather(*(open_store(store_url) for _ in range(4)))
    assert await opened[-1].read(own_call(), lambda tx: tx.scalar(HEADS)) == 1
    for each in opened:
        await each.aclose()


async def test_a_reader_sees_one_state(store: Store, store_url: str) -> None:
    """What others commit while somebody reads is seen by the next reader, not by this one."""

    def read(tx: Connection) -> list[int | None]:
        before = tx.scalar(ENTRIES)
        elsewhere = threading.Thread(target=lambda: asyncio.run(write_once(store_url)))
        elsewhere.start()
        elsewhere.join()
        return [before, tx.scalar(ENTRIES)]

    assert await store.read(own_call(), read) == [0, 0]
    assert await count_entries(store) == 1


@pytest.mark.parametrize("url", ["no url", "mysql+asyncmy://h/d", "sqlite:///x"])
async def test_only_known_databases_are_opened(url: str) -> None:
    """Another kind is refused at start, without repeating what may hold a password."""
    with pytest.raises(ValueError, match=r"URL|not known"):
        await open_store(url)


async def test_a_file_that_cannot_be_is_an_expected_failure(tmp_path: Path) -> None:
    """No place for the file: the source is not available, and no bug."""
    (tmp_path / "file").touch()
    with pytest.raises(SourceUnavailable):
        await open_store(f"sqlite+aiosqlite:///{tmp_path}/file/loket.sqlite")


async def test_a_file_survives_a_power_cut(tmp_path: Path) -> None:
    """Every commit is on the disk before it is told: WAL, flushed at each commit (2: FULL)."""
    opened = await open_store(f"sqlite+aiosqlite:///{tmp_path}/loket.sqlite")
    pragmas = [text("PRAGMA synchronous"), text("PRAGMA journal_mode")]
    for run in (opened.read, opened.write):
        assert await run(own_call(), lambda tx: [tx.scalar(each) for each in pragmas]) == [2, "wal"]
    await opened.aclose()


@pytest.mark.needs_postgres
async def test_a_server_that_is_lost_is_an_expected_failure(postgres_server: Postgres) -> None:
    """Nobody there, a wrong password, a connection cut in a transaction; the next one is new."""
    url = postgres_server.new_database("loket_lost")
    nobody = url.replace(str(postgres_server.port), "1")
    for wrong in (nobody, url.replace(":simpul@", ":wrong@"), f"{url}_no"):
        with pytest.raises(SourceUnavailable):
            await open_store(wrong)
    opened = await open_store(url)
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = 'loket_lost' AND pid <> pg_backend_pid()"
    )

    def lose(tx: Connection) -> None:
        add_entry(tx, KEY, entry(1))
        postgres_server.run(cut)
        tx.scalar(ENTRIES)

    with pytest.raises(SourceUnavailable):
        await opened.write(own_call(), lose)
    await asyncio.to_thread(postgres_server.run, cut)  # and while it lay in the pool
    assert await count_entries(opened) == 0
    await opened.aclose()


@pytest.mark.needs_postgres
async def test_who_waits_too_long_for_a_row_is_told(postgres_server: Postgres) -> None:
    """A writer that another one keeps waiting leaves in time, as on SQLite."""
    opened = await open_store(postgres_server.new_database("loket_waits"))
    shown = text("SHOW lock_timeout")
    assert await opened.write(own_call(), lambda tx: tx.scalar(shown)) == "10s"

    def wait(tx: Connection) -> None:
        tx.execute(text("SET LOCAL lock_timeout = '20ms'"))
        add_entry(tx, KEY, entry(2))

    def hold(tx: Connection) -> BaseException | None:
        add_entry(tx, KEY, entry(1))
        (late,) = await_only(asyncio.gather(opened.write(own_call(), wait), return_exceptions=True))
        return late

    assert isinstance(await opened.write(own_call(), hold), SourceTimeout)
    await opened.aclose()


async def test_what_fails_halfway_leaves_nothing(store: Store) -> None:
    """A transaction that ends by an exception gives back numbers, keys and entries."""

    def fail(tx: Connection) -> None:
        assert draw_number(tx, Series.APPLICATION, KARTINI, "SKTM", 2026) == 1
        claim_key(tx, ("warga", "k1"), "d", NOW)
        add_entry(tx, KEY, entry(1))
        raise ZeroDivisionError

    def look(tx: Connection) -> None:
        assert draw_number(tx, Series.APPLICATION, KARTINI, "SKTM", 2026) == 1
        assert claim_key(tx, ("warga", "k1"), "d", NOW).claim is Claim.NEW
        assert verify_history(tx, KEY).head.number == 0

    with pytest.raises(ZeroDivisionError):
        await store.write(own_call(), fail)
    await store.write(own_call(), look)


async def test_numbers_count_up_apart(store: Store) -> None:
    """By series, kelurahan, kind and year; fifty that draw at once get fifty."""

    async def draw(
        kind: str = "SKTM", series: Series = Series.APPLICATION, year: int = 2026
    ) -> int:
        return await store.write(
            own_call(), lambda tx: draw_number(tx, series, KARTINI, kind, year)
        )

    drawn = await asyncio.gather(*(draw() for _ in range(50)))
    assert sorted(drawn) == list(range(1, 51))
    assert await draw(series=Series.LETTER) == 1
    assert await draw(year=2027) == 1
    assert await draw("IPTM") == 1


async def test_a_key_belongs_to_its_caller_and_request(store: Store) -> None:
    """The same request finds what it led to, another one is told apart, another caller is new."""
    mine = ("warga", "k1")

    def claim(tx: Connection) -> None:
        assert claim_key(tx, mine, "d1", NOW).claim is Claim.NEW
        settle_key(tx, mine, "nomor")
        assert claim_key(tx, ("warga", "k2"), "d1", NOW, "lain").claim is Claim.NEW

    def again(tx: Connection) -> None:
        assert claim_key(tx, mine, "d1", NOW + KEY_LIFE) == (Claim.DONE, "nomor")
        assert claim_key(tx, ("warga", "k2"), "d1", NOW, "lain") == (Claim.DONE, "lain")
        assert claim_key(tx, mine, "d2", NOW).claim is Claim.MISUSED
        assert claim_key(tx, ("lain", "k1"), "d2", NOW).claim is Claim.NEW

    await store.write(own_call(), claim)
    await store.write(own_call(), again)


async def test_a_key_lives_thirty_days(store: Store) -> None:
    """After that it is as new, and it is forgotten."""
    later = NOW + KEY_LIFE + timedelta(seconds=1)
    mine = ("warga", "k1")

    def claim(tx: Connection) -> None:
        claim_key(tx, mine, "d1", NOW, "nomor")
        assert claim_key(tx, mine, "d2", later) == (Claim.NEW, None)
        purge_keys(tx, later)
        assert claim_key(tx, mine, "d2", later) == (Claim.STARTED, None)

    await store.write(own_call(), claim)


async def test_an_application_is_changed_under_its_version(store: Store) -> None:
    """Each change counts the version up."""

    def change(tx: Connection) -> None:
        tx.execute(
            insert(applications).values(
                nomor="n", kelurahan=KARTINI, layanan="SKTM", tahun=2026, urut=1,
                status="DIAJUKAN", versi=1, pemohon_nik="3171990101019000", pengaju="warga",
                isian="{}", janji_hari=1, diajukan_pada=moment(NOW), putaran=0,
            )
        )  # fmt: skip
        assert change_application(tx, "n", status="VERIFIKASI_BERKAS") == 2
        row = read_locked(tx, "n")
        assert row is not None
        assert (row.status, row.versi) == ("VERIFIKASI_BERKAS", 2)
        assert read_locked(tx, "m") is None

    await store.write(own_call(), change)


async def test_the_history_is_one_chain(store: Store) -> None:
    """Entries of all applications stand in one order; each application finds its own."""

    async def add(number: int) -> None:
        await store.write(own_call(), lambda tx: add_entry(tx, KEY, entry(number)))

    await asyncio.gather(*(add(number) for number in range(20)))
    verdict = await store.read(own_call(), lambda tx: verify_history(tx, KEY))
    assert verdict.is_whole
    assert verdict.head.number == 20
    asked = [entry(3).application, "none"]
    found = await store.read(own_call(), lambda tx: entries_of(tx, asked))
    assert [each for each, _ in found[entry(3).application]] == [entry(3)]
    assert found["none"] == []


@pytest.mark.parametrize(
    "edit",
    [
        update(history).where(history.c.urut == 2).values(isi=b"{}"),
        update(history).where(history.c.urut == 2).values(langkah="TERBITKAN"),
        update(history).where(history.c.urut == 2).values(permohonan="lain"),
        update(history).where(history.c.urut == 2).values(segel="0" * 64),
        update(history).where(history.c.urut == 3).values(urut=9),
        delete(history).where(history.c.urut == 2),
        delete(history).where(history.c.urut == 3),
        delete(history),
        update(chain_head).values(urut=2),
    ],
    ids=["body", "step", "application", "seal", "number", "gap", "tail", "all", "head"],
)
async def test_an_edit_of_the_history_shows(store: Store, edit: Any) -> None:
    """Whatever somebody changes in the tables, verifying finds it."""

    def write(tx: Connection) -> None:
        for number in (1, 2, 3):
            add_entry(tx, KEY, entry(number))
        tx.execute(edit)

    await store.write(own_call(), write)
    verdict = await store.read(own_call(), lambda tx: verify_history(tx, KEY))
    assert not verdict.is_whole
    assert verdict.reason
