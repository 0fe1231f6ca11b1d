"""Flights: shared by equal keys, hurt by nobody's leaving, ended by the last."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache.errors import FlightEnded, WaitExpired
from cache.single_flight import SingleFlight

pytestmark = pytest.mark.anyio


class Work:
    """Counts how often it began, waits for a gate, and notes whether it was cancelled."""

    def __init__(self) -> None:
        self.begun = 0
        self.cancelled = 0
        self.gate = asyncio.Event()

    async def __call__(self) -> str:
        self.begun += 1
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return f"result {self.begun}"


async def settle() -> None:
    """Let everything that can run, run."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_equal_keys_share_and_one_leads() -> None:
    """Three joiners of one key begin one flight; another key is another flight."""
    flights, work = SingleFlight[str](), Work()
    tasks = [asyncio.ensure_future(flights.join(key, work)) for key in ("a", "a", "a", "b")]
    await settle()
    assert (work.begun, flights.under_way) == (2, 2)
    work.gate.set()
    joined = await asyncio.gather(*tasks)
    assert [j.led for j in joined] == [True, False, False, True]
    assert flights.under_way == 0


async def test_results_are_not_kept() -> None:
    """After landing, the next call begins anew."""
    flights, work = SingleFlight[str](), Work()
    work.gate.set()
    assert (await flights.join("a", work)).value == "result 1"
    assert (await flights.join("a", work)).value == "result 2"


async def test_an_error_reaches_all_who_wait() -> None:
    """All waiters see the flight's exception, and the next call begins anew."""
    flights = SingleFlight[str]()

    async def fail() -> str:
        await asyncio.sleep(0)
        raise LookupError("x")

    results = await asyncio.gather(
        *(flights.join("a", fail) for _ in range(3)), return_exceptions=True
    )
    assert [type(r) for r in results] == [LookupError] * 3
    assert flights.under_way == 0


async def test_a_waiter_leaves_at_its_own_deadline() -> None:
    """The others stay, and get the result."""
    flights, work = SingleFlight[str](), Work()
    soon = asyncio.get_running_loop().time() + 0.01
    hasty = asyncio.ensure_future(flights.join("a", work, leave_at=soon))
    patient = asyncio.ensure_future(flights.join("a", work))
    with pytest.raises(WaitExpired):
        await hasty
    assert work.cancelled == 0
    work.gate.set()
    assert (await patient).value == "result 1"


async def test_the_last_deadline_ends_the_flight() -> None:
    """When all have left, the work is cancelled and never joined again."""
    flights, work = SingleFlight[str](), Work()
    soon = asyncio.get_running_loop().time() + 0.01
    with pytest.raises(WaitExpired):
        await flights.join("a", work, leave_at=soon)
    await settle()
    assert (work.cancelled, flights.under_way) == (1, 0)
    work.gate.set()
    assert (await flights.join("a", work)).value == "result 2"


@pytest.mark.property
@given(leaving=st.lists(st.integers(0, 4), unique=True, max_size=5), steps=st.integers(0, 3))
def test_only_the_last_waiter_ends_the_flight(leaving: list[int], steps: int) -> None:
    """Whoever leaves, in whatever order: those who stay are answered, by one beginning."""

    async def scenario() -> None:
        flights, work = SingleFlight[str](), Work()
        tasks = [asyncio.ensure_future(flights.join("a", work)) for _ in range(5)]
        await settle()
        for index in leaving:
            tasks[index].cancel()
            for _ in range(steps):
                await asyncio.sleep(0)
        await settle()
        assert work.cancelled == (len(leaving) == 5)
        work.gate.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        stayed = [r for n, r in enumerate(results) if n not in leaving]
        assert all(not isinstance(r, BaseException) and r.value == "result 1" for r in stayed)
        assert all(isinstance(results[n], asyncio.CancelledError) for n in leaving)
        assert (work.begun, flights.under_way) == (1, 0)

    asyncio.run(scenario())


async def test_a_joiner_after_the_last_left_begins_anew() -> None:
    """A flight that is being cancelled is not joined."""
    flights, work = SingleFlight[str](), Work()
    first = asyncio.ensure_future(flights.join("a", work))
    await settle()
    first.cancel()
    await asyncio.sleep(0)
    second = asyncio.ensure_future(flights.join("a", work))
    await settle()
    work.gate.set()
    assert (await second).value == "result 2"
    assert first.cancelled()


async def test_closing_ends_all_flights() -> None:
    """Waiters get an error that says so; closing twice is harmless."""
    flights, work = SingleFlight[str](), Work()
    task = asyncio.ensure_future(flights.join("a", work))
    await settle()
    await flights.aclose()
    await flights.aclose()
    with pytest.raises(FlightEnded):
        await task
    assert work.cancelled == 1
