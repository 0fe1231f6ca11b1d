"""Calls that are under way without a task: each ends once, and nothing is held after it."""

from __future__ import annotations

import asyncio
import logging

import pytest

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from gateway.executor.executor import ExecutionOptions
from gateway.executor.fetch.call import FetchCall, begin_call
from schema.selection import SelectionSet
from tests.testkit.begun import FakeBegun
from tests.testkit.fake_subgraph import ScriptedSubgraph

pytestmark = pytest.mark.anyio

RESPONSE = SubgraphResponse({"a": 1})


def request(**options: object) -> SubgraphRequest:
    """Make a request to the subgraph ``s``."""
    return SubgraphRequest("s", b"", SelectionSet("Query"), CallContext(**options))


async def answer() -> SubgraphResponse:
    """Answer at once."""
    return RESPONSE


async def never() -> SubgraphResponse:
    """Answer never."""
    return await asyncio.get_running_loop().create_future()


async def settle() -> None:
    """Let everything that can run, run."""
    for _ in range(10):
        await asyncio.sleep(0)


class Eager(ScriptedSubgraph):
    """An executor that begins what it is asked, or nothing."""

    def __init__(self, begun: FakeBegun | None) -> None:
        super().__init__(lambda _: RESPONSE)
        self.begun = begun

    def begin(self, _: SubgraphRequest) -> FakeBegun | None:
        """Begin."""
        return self.begun


def start(begun: FakeBegun, options: ExecutionOptions | None = None) -> FetchCall:
    """Begin a call."""
    call = begin_call(request(), {"s": Eager(begun)}, options or ExecutionOptions())
    assert call is not None
    return call


async def test_what_cannot_be_begun_is_left_to_the_executor() -> None:
    """No such executor, one that refuses, a deadline it does not keep, too many entities."""
    eager, options = {"s": Eager(FakeBegun(answer))}, ExecutionOptions()
    punctual = ExecutionOptions(punctual=frozenset({"s"}))
    many = SubgraphRequest(
        "s", b"", SelectionSet("_Entity"), CallContext(), representations=[{}] * 10_000
    )
    assert begin_call(request(), {}, options) is None
    assert begin_call(request(), {"s": ScriptedSubgraph(lambda _: RESPONSE)}, options) is None
    assert begin_call(request(), {"s": Eager(None)}, options) is None
    assert begin_call(request(deadline=1e12), eager, options) is None
    assert begin_call(many, eager, options) is None
    assert begin_call(request(deadline=1e12), eager, punctual) is not None


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("is_watched", [False, True])
@pytest.mark.parametrize("is_there", [False, True])
async def test_the_answer_arrives_once(*, fails: bool, is_watched: bool, is_there: bool) -> None:
    """At the first attempt or the second, before it is waited for or after."""
    begun = FakeBegun(answer, fails=fails)
    call = start(begun)
    if is_watched:
        call.watch()
    begun.come(0 if is_there else 2)
    arrived = await call.arrive()
    assert (arrived.response, arrived.was_sent, begun.held) == (RESPONSE, True, False)
    assert call.quit() is None
    assert call.answer is arrived


@pytest.mark.parametrize("fails", [False, True])
async def test_a_watched_call_holds_its_place_only_until_its_answer(*, fails: bool) -> None:
    """Nobody need wait for it yet: its sibling may take long."""
    begun = FakeBegun(answer, fails=fails)
    call = start(begun)
    call.watch()
    begun.come()
    await settle()
    assert not begun.held
    assert call.answer is not None


async def test_who_leaves_holds_nothing() -> None:
    """Neither while it waits, nor while a second attempt is made; a late answer is not taken."""
    early, failed = FakeBegun(answer), FakeBegun(never, fails=True)
    first, second = start(early), start(failed)
    second.watch()
    failed.come()
    await settle()
    assert failed.held
    assert first.quit() is None
    ending = second.quit()
    assert ending is not None
    await asyncio.wait([ending])
    early.come()
    await settle()
    assert (early.held, failed.held, first.answer, second.answer) == (False, False, None, None)


async def test_a_waiter_that_is_cancelled_leaves_in_peace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No callback of what it waited for fails behind it."""
    call = start(FakeBegun(answer))
    call.watch()
    waiting = asyncio.ensure_future(call.arrive())
    await settle()
    waiting.cancel()
    await settle()
    assert waiting.cancelled()
    call.quit()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("fails", [False, True])
async def test_a_bug_costs_its_own_fetch(*, fails: bool) -> None:
    """Whoever reads the answer may break; the client sees no more than a code."""

    async def broken() -> SubgraphResponse:
        raise KeyError("bug")

    bugs: list[str] = []
    options = ExecutionOptions(on_bug=lambda subgraph, _, bug: bugs.append(type(bug).__name__))
    begun = FakeBegun(broken, fails=fails)
    call = start(begun, options)
    begun.come()
    arrived = await call.arrive()
    assert [error.code for error in arrived.response.errors] == ["INTERNAL_SERVER_ERROR"]
    assert bugs == ["KeyError"]
