"""Ledgers: never beyond the cap, whatever is asked; in process, on disk and in a server."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache.errors import LedgerUnavailable
from cache.ledger import Lease, Ledger, MemoryLedger, Refused
from cache.ledger_redis import RedisLedger
from cache.ledger_sqlite import SqliteLedger

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 7, 1, 5, 0, tzinfo=UTC).timestamp()  # noon in Jakarta


class Clock:
    """Seconds since 1970, by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


Make = Callable[[Path, Clock], Ledger]
FORMS: dict[str, Make] = {
    "memory": lambda _, clock: MemoryLedger(clock),
    "sqlite": lambda path, clock: SqliteLedger(path / "ledger.sqlite", clock=clock),
}


@pytest.fixture(params=[*FORMS, "redis"])
async def make(request: pytest.FixtureRequest) -> AsyncIterator[Make]:
    """Give each form in turn; the one in a server begins with nothing counted."""
    if request.param != "redis":
        yield FORMS[request.param]
        return
    url = request.getfixturevalue("valkey_url")
    async with AsyncExitStack() as stack:

        def make_redis(_: Path, clock: Clock) -> Ledger:
            ledger = RedisLedger(url, clock=clock)
            stack.push_async_callback(ledger.aclose)
            return ledger

        yield make_redis


async def test_grants_up_to_the_cap_and_refuses_beyond(make: Make, tmp_path: Path) -> None:
    """The last unit is granted, the next refused, and other keys do not care."""
    ledger = make(tmp_path, Clock())
    answers = [await ledger.reserve("a", limit=3) for _ in range(4)]
    assert [isinstance(a, Lease) for a in answers] == [True, True, True, False]
    assert isinstance(await ledger.reserve("b", limit=3), Lease)
    refused = answers[3]
    assert isinstance(refused, Refused)
    assert refused.resets_at == datetime(2026, 7, 1, 17, 0, tzinfo=UTC)


async def test_a_lease_tells_how_much_is_used(make: Make, tmp_path: Path) -> None:
    """Of its key and day, itself included, whatever blocks it came from."""
    clock = Clock()
    ledger = make(tmp_path, clock)
    used = [await ledger.reserve("a", units, limit=40) for units in (1, 5, 20, 1)]
    assert [lease.used for lease in used if isinstance(lease, Lease)] == [1, 6, 26, 27]
    clock.now += 86_400
    tomorrow = await ledger.reserve("a", limit=40)
    assert isinstance(tomorrow, Lease)
    assert tomorrow.used == 1


async def test_a_refusal_counts_nothing(make: Make, tmp_path: Path) -> None:
    """What was refused may be asked for in a smaller piece."""
    ledger = make(tmp_path, Clock())
    assert isinstance(await ledger.reserve("a", 6, limit=10), Lease)
    assert isinstance(await ledger.reserve("a", 5, limit=10), Refused)
    assert isinstance(await ledger.reserve("a", 4, limit=10), Lease)


async def test_the_day_turns_at_midnight_in_jakarta(make: Make, tmp_path: Path) -> None:
    """17:00 UTC is the new day; a clock that goes back does not bring the old one back."""
    clock = Clock()
    ledger = make(tmp_path, clock)
    await ledger.reserve("a", limit=1)
    clock.now = datetime(2026, 7, 1, 16, 59, 59, tzinfo=UTC).timestamp()
    assert isinstance(await ledger.reserve("a", limit=1), Refused)
    clock.now += 1
    assert isinstance(await ledger.reserve("a", limit=1), Lease)
    clock.now -= 3600
    assert isinstance(await ledger.reserve("a", limit=1), Refused)


@pytest.mark.property
@given(
    units=st.lists(st.integers(1, 30), max_size=25),
    limit=st.integers(0, 100),
    block=st.integers(1, 40),
    crashes=st.sets(st.integers(0, 24), max_size=4),
)
def test_never_over_the_cap_across_crashes(
    units: list[int], limit: int, block: int, crashes: set[int]
) -> None:
    """Whatever is asked, at once, and however often the process dies: never beyond the cap."""

    async def scenario(path: Path) -> int:
        granted = 0
        ledger = SqliteLedger(path, block=block, clock=Clock())
        for index, count in enumerate(units):
            if index in crashes:
                ledger = SqliteLedger(path, block=block, clock=Clock())
            pair = (ledger.reserve("a", count, limit=limit) for _ in range(2))
            granted += sum(a.units for a in await asyncio.gather(*pair) if isinstance(a, Lease))
            assert granted <= limit
        return granted

    with tempfile.TemporaryDirectory() as folder:
        granted = asyncio.run(scenario(Path(folder) / "ledger.sqlite"))
    if not crashes and units and all(count == 1 for count in units):
        assert granted == min(limit, 2 * len(units))


async def test_two_processes_share_a_file_within_the_cap(tmp_path: Path) -> None:
    """Two ledgers over one file together grant the cap and not a unit more."""
    path = tmp_path / "ledger.sqlite"
    ledgers = [SqliteLedger(path, block=7, clock=Clock()) for _ in range(2)]
    calls = [ledgers[n % 2].reserve("a", limit=50) for n in range(120)]
    answers = await asyncio.gather(*calls)
    assert sum(isinstance(a, Lease) for a in answers) == 50


async def test_units_are_on_disk_before_they_are_used(tmp_path: Path) -> None:
    """After a grant the file says at least as much."""
    path = tmp_path / "ledger.sqlite"
    await SqliteLedger(path, block=5, clock=Clock()).reserve("a", 2, limit=100)
    base = sqlite3.connect(path)
    assert base.execute("SELECT key, day, claimed FROM ledger").fetchall() == [
        ("a", "2026-07-01", 5)
    ]
    base.close()


async def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    """A ledger that cannot count says so, without its path."""
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is no database, it is a text" * 100)
    with pytest.raises(LedgerUnavailable) as caught:
        await SqliteLedger(path, clock=Clock()).reserve("a", limit=5)
    assert str(tmp_path) not in str(caught.value)


def test_memory_tells_what_was_used() -> None:
    """The count of the day, for metrics."""

    async def scenario() -> int:
        ledger = MemoryLedger(Clock())
        await ledger.reserve("a", 4, limit=10)
        await ledger.reserve("a", 40, limit=10)
        return ledger.used("a")

    assert asyncio.run(scenario()) == 4
