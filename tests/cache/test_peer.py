"""Questions and answers between two processes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from cache.errors import PeerLost
from tests.testkit.peers import joined_peers

pytestmark = pytest.mark.anyio


async def test_both_sides_ask() -> None:
    """Each side's questions are answered by the other's function."""

    async def ours(name: str, arguments: Mapping[str, Any]) -> Any:
        return ["ours", name, arguments]

    async def theirs(name: str, arguments: Mapping[str, Any]) -> Any:
        return ["theirs", name, arguments]

    async with joined_peers(ours, theirs) as (one, other):
        assert await one.call("a", x=1) == ["theirs", "a", {"x": 1}]
        assert await other.call("b") == ["ours", "b", {}]


async def test_answers_come_in_any_order() -> None:
    """A question that waits holds up no other."""
    go = asyncio.Event()

    async def theirs(name: str, arguments: Mapping[str, Any]) -> Any:
        if name == "slow":
            await go.wait()
        return name

    async with joined_peers(theirs=theirs) as (one, _):
        slow = asyncio.ensure_future(one.call("slow"))
        assert await one.call("fast") == "fast"
        go.set()
        assert await slow == "slow"


async def test_what_is_told_wants_no_answer() -> None:
    """It arrives before the question behind it."""
    told: list[str] = []

    async def theirs(name: str, arguments: Mapping[str, Any]) -> Any:
        told.append(name)

    async with joined_peers(theirs=theirs) as (one, _):
        one.tell("note")
        await one.call("ask")
    assert told == ["note", "ask"]


async def test_a_lost_peer_ends_all_that_waits() -> None:
    """Nobody waits for a process that is gone, neither now nor later."""
    asked = asyncio.Event()

    async def theirs(name: str, arguments: Mapping[str, Any]) -> Any:
        asked.set()
        await asyncio.Event().wait()

    async with joined_peers(theirs=theirs) as (one, other):
        waiting = asyncio.ensure_future(one.call("ask"))
        await asked.wait()
        other.close()
        with pytest.raises(PeerLost):
            await waiting
        with pytest.raises(PeerLost):
            await one.call("ask")
        one.tell("note")


async def test_who_stops_waiting_drops_the_answer() -> None:
    """A late answer hurts nobody."""
    go = asyncio.Event()

    async def theirs(name: str, arguments: Mapping[str, Any]) -> Any:
        await go.wait()
        return name

    async with joined_peers(theirs=theirs) as (one, _):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(one.call("ask"), 0.01)
        go.set()
        assert await one.call("next") == "next"
