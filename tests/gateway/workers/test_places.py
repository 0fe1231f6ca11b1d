"""The places at a source are those of all workers together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

import pytest

from adapters.contract import CallContext, Priority
from adapters.errors import SourceTimeout
from adapters.resilience.guard import SourceGuard
from adapters.resilience.refusal import CallRefused
from adapters.resilience.settings import GuardSettings
from cache.peer import Peer
from gateway.workers.places import HeldPlaces, PlaceTable, SocketPlaces
from tests.testkit.peers import joined_peers

pytestmark = pytest.mark.anyio


async def _join(stack: AsyncExitStack, table: PlaceTable) -> tuple[SocketPlaces, Peer]:
    held = HeldPlaces(table)

    async def answer(name: str, arguments: Mapping[str, Any]) -> Any:
        if name == "leave":
            return held.leave(arguments)
        return await held.enter(arguments)

    worker, parent = await stack.enter_async_context(joined_peers(theirs=answer))
    return SocketPlaces(worker), parent


async def _enter(places: SocketPlaces, limit: int = 1, seconds: float = 5) -> None:
    await places.enter("s", Priority.CITIZEN, limit=limit, seconds=seconds)


async def test_eight_guards_never_exceed_the_cap() -> None:
    """Whatever the workers ask at the same time, the source sees at most its cap."""
    table, now, most = PlaceTable(), 0, 0

    async def attempt(_: float | None) -> int:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1
        return 1

    async with AsyncExitStack() as stack:
        guards = [
            SourceGuard("s", GuardSettings(parallel=3), places=(await _join(stack, table))[0])
            for _ in range(8)
        ]
        calls = [guard.run(attempt, CallContext()) for guard in guards for _ in range(10)]
        answers = await asyncio.gather(*calls)
    assert [each.value for each in answers] == [1] * 80
    assert most == 3
    assert table.busy() == {"s": 0}


async def test_a_late_place_is_a_time_out() -> None:
    """Who finds no place in its seconds is told so."""
    async with AsyncExitStack() as stack:
        places, _ = await _join(stack, PlaceTable())
        await _enter(places)
        with pytest.raises(SourceTimeout):
            await _enter(places, seconds=0.01)


async def test_a_place_for_one_who_left_goes_back() -> None:
    """A call that is cancelled while it waits holds nothing afterwards."""
    async with AsyncExitStack() as stack:
        places, _ = await _join(stack, PlaceTable())
        await _enter(places)
        waiting = asyncio.ensure_future(_enter(places))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        places.leave("s")
        await _enter(places)


async def test_the_places_of_a_dead_worker_are_free() -> None:
    """What it held ends with it."""
    table = PlaceTable()
    dead = HeldPlaces(table)
    asked = {"source": "s", "priority": 1, "limit": 2, "seconds": 1}
    assert [await dead.enter(asked), await dead.enter(asked)] == ["", ""]
    dead.end()
    assert table.busy() == {"s": 0}


async def test_without_the_parent_nobody_asks() -> None:
    """A worker whose parent is gone refuses."""
    async with AsyncExitStack() as stack:
        places, _ = await _join(stack, PlaceTable())
    with pytest.raises(CallRefused):
        await _enter(places)


async def test_a_smaller_cap_lets_nobody_in_until_there_is_room() -> None:
    """After a change of the configuration the new cap holds, and nobody is thrown out."""
    async with AsyncExitStack() as stack:
        places, _ = await _join(stack, PlaceTable())
        await _enter(places, limit=2)
        await _enter(places, limit=2)
        waiting = asyncio.ensure_future(_enter(places, limit=1))
        places.leave("s")
        with pytest.raises(SourceTimeout):
            await _enter(places, limit=1, seconds=0.02)
        assert not waiting.done()
        places.leave("s")
        await waiting


async def test_a_larger_cap_lets_in_who_waits() -> None:
    """Nobody waits for a place that is there."""
    async with AsyncExitStack() as stack:
        places, _ = await _join(stack, PlaceTable())
        await _enter(places)
        waiting = asyncio.ensure_future(_enter(places))
        await asyncio.sleep(0)
        await _enter(places, limit=3)
        await waiting
