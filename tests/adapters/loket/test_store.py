"""The store: its tables, its keys, its numbers, and a history in which every edit shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, delete, func, insert, select, text, update

from adapters.errors import SourceTimeout, SourceUnavailable
from adapters.loket.store.engine import Store, open_store
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


async def test_the_migrations_make_the_tables(store: Store) -> None:
    """What the migrations leave behind is what the code believes to be there."""

    def differences(connection: Connection) -> list[Any]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    async with store.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_many_open_at_once(store_url: str) -> None:
    """Several processes start together on an empty database: one migrates, all go on."""
    opened = await asyncio.gather(*(open_store(store_url) for _ in range(4)))
    async with opened[-1].reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(chain_head)) == 1
    for each in opened:
        await each.aclose()


async def test_a_reader_sees_one_state(store: Store) -> None:
    """What others commit while somebody reads is seen by the next reader, not by this one."""
    entries = select(func.count()).select_from(history)
    async with store.reading() as tx:
        assert await tx.scalar(entries) == 0
        async with store.writing() as other:
            await add_entry(other, KEY, entry(1))
        assert await tx.scalar(entries) == 0
    async with store.reading() as tx:
        assert await tx.scalar(entries) == 1


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
    for lent in (opened.reading(), opened.writing()):
        async with lent as tx:
            assert await tx.scalar(text("PRAGMA synchronous")) == 2
            assert await tx.scalar(text("PRAGMA journal_mode")) == "wal"
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

    async def lose() -> None:
        async with opened.writing() as tx:
            await add_entry(tx, KEY, entry(1))
            await asyncio.to_thread(postgres_server.run, cut)
            await tx.scalar(select(func.count()).select_from(history))

    with pytest.raises(SourceUnavailable):
        await lose()
    await asyncio.to_thread(postgres_server.run, cut)  # and while it lay in the pool
    async with opened.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(history)) == 0
    await opened.aclose()


@pytest.mark.needs_postgres
async def test_who_waits_too_long_for_a_row_is_told(postgres_server: Postgres) -> None:
    """A writer that another one keeps waiting leaves in time, as on SQLite."""
    opened = await open_store(postgres_server.new_database("loket_waits"))

    async def write() -> None:
        async with opened.writing() as tx:
            await tx.execute(text("SET LOCAL lock_timeout = '20ms'"))
            await add_entry(tx, KEY, entry(2))

    async with opened.writing() as tx:
        assert await tx.scalar(text("SHOW lock_timeout")) == "10s"
        await add_entry(tx, KEY, entry(1))
        with pytest.raises(SourceTimeout):
            await write()
    await opened.aclose()


async def test_what_fails_halfway_leaves_nothing(store: Store) -> None:
    """A transaction that ends by an exception gives back numbers, keys and entries."""

    async def fail() -> None:
        async with store.writing() as tx:
            assert await draw_number(tx, Series.APPLICATION, KARTINI, "SKTM", 2026) == 1
            await claim_key(tx, "warga", "k1", "d", NOW)
            await add_entry(tx, KEY, entry(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.writing() as tx:
        assert await draw_number(tx, Series.APPLICATION, KARTINI, "SKTM", 2026) == 1
        assert (await claim_key(tx, "warga", "k1", "d", NOW)).claim is Claim.NEW
        assert (await verify_history(tx, KEY)).head.number == 0


async def test_numbers_count_up_apart(store: Store) -> None:
    """By series, kelurahan, kind and year; fifty that draw at once get fifty."""

    async def draw() -> int:
        async with store.writing() as tx:
            return await draw_number(tx, Series.APPLICATION, KARTINI, "SKTM", 2026)

    drawn = await asyncio.gather(*(draw() for _ in range(50)))
    assert sorted(drawn) == list(range(1, 51))
    async with store.writing() as tx:
        assert await draw_number(tx, Series.LETTER, KARTINI, "SKTM", 2026) == 1
        assert await draw_number(tx, Series.APPLICATION, KARTINI, "SKTM", 2027) == 1
        assert await draw_number(tx, Series.APPLICATION, KARTINI, "IPTM", 2026) == 1


async def test_a_key_belongs_to_its_caller_and_request(store: Store) -> None:
    """The same request finds what it led to, another one is told apart, another caller is new."""
    async with store.writing() as tx:
        assert (await claim_key(tx, "warga", "k1", "d1", NOW)).claim is Claim.NEW
        await settle_key(tx, "warga", "k1", "nomor")
    async with store.writing() as tx:
        again = await claim_key(tx, "warga", "k1", "d1", NOW + KEY_LIFE)
        assert (again.claim, again.application) == (Claim.DONE, "nomor")
        assert (await claim_key(tx, "warga", "k1", "d2", NOW)).claim is Claim.MISUSED
        assert (await claim_key(tx, "lain", "k1", "d2", NOW)).claim is Claim.NEW


async def test_a_key_lives_thirty_days(store: Store) -> None:
    """After that it is as new, and it is forgotten."""
    later = NOW + KEY_LIFE + timedelta(seconds=1)
    async with store.writing() as tx:
        await claim_key(tx, "warga", "k1", "d1", NOW)
        assert (await claim_key(tx, "warga", "k1", "d2", later)).claim is Claim.NEW
        await purge_keys(tx, later)
        assert (await claim_key(tx, "warga", "k1", "d2", later)).claim is Claim.STARTED


async def test_an_application_is_changed_under_its_version(store: Store) -> None:
    """Each change counts the version up."""
    async with store.writing() as tx:
        await tx.execute(
            insert(applications).values(
                nomor="n", kelurahan=KARTINI, layanan="SKTM", tahun=2026, urut=1,
                status="DIAJUKAN", versi=1, pemohon_nik="3171990101019000", pengaju="warga",
                isian="{}", janji_hari=1, diajukan_pada=moment(NOW), putaran=0,
            )
        )  # fmt: skip
        assert await change_application(tx, "n", status="VERIFIKASI_BERKAS") == 2
        row = await read_locked(tx, "n")
        assert row is not None
        assert (row.status, row.versi) == ("VERIFIKASI_BERKAS", 2)
        assert await read_locked(tx, "m") is None


async def test_the_history_is_one_chain(store: Store) -> None:
    """Entries of all applications stand in one order; each application finds its own."""

    async def add(number: int) -> None:
        async with store.writing() as tx:
            await add_entry(tx, KEY, entry(number))

    await asyncio.gather(*(add(number) for number in range(20)))
    async with store.reading() as tx:
        verdict = await verify_history(tx, KEY)
        assert verdict.is_whole
        assert verdict.head.number == 20
        found = await entries_of(tx, [entry(3).application, "none"])
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
    async with store.writing() as tx:
        for number in (1, 2, 3):
            await add_entry(tx, KEY, entry(number))
        await tx.execute(edit)
    async with store.reading() as tx:
        verdict = await verify_history(tx, KEY)
    assert not verdict.is_whole
    assert verdict.reason
