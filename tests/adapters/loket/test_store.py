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
from sqlalchemy import Connection, delete, func, insert, select, update

from adapters.errors import SourceUnavailable
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

pytestmark = pytest.mark.anyio

KEY = b"k" * 32
NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
KARTINI = "31.71.02.1003"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Open a store of its own, in a file."""
    opened = await open_store(url_of(tmp_path))
    yield opened
    await opened.aclose()


def url_of(folder: Path) -> str:
    """Name a database file."""
    return f"sqlite+aiosqlite:///{folder}/loket.sqlite"


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


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    """A second process finds the tables up to date."""
    first, second = await open_store(url_of(tmp_path)), await open_store(url_of(tmp_path))
    async with second.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(chain_head)) == 1
    await first.aclose()
    await second.aclose()


@pytest.mark.parametrize("url", ["no url", "mysql+asyncmy://h/d", "sqlite:///x"])
async def test_only_known_databases_are_opened(url: str) -> None:
    """Another kind is refused at start, without repeating what may hold a password."""
    with pytest.raises(ValueError, match=r"URL|not known"):
        await open_store(url)


async def test_a_database_that_does_not_answer_is_an_expected_failure(tmp_path: Path) -> None:
    """No place for the file: the source is not available, and no bug."""
    (tmp_path / "file").touch()
    with pytest.raises(SourceUnavailable):
        await open_store(url_of(tmp_path / "file"))


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
        assert (await claim_key(tx, "warga", "k1", "d2", later)).claim is Claim.DONE


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
