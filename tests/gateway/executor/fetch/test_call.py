"""The border to a subgraph: whose fault an exception is, and what is never sent."""

from __future__ import annotations

import asyncio

import pytest

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from gateway.executor.executor import ExecutionOptions
from gateway.executor.fetch.call import call_subgraph, refuse_fetch
from schema.selection import SelectionSet
from tests.testkit.fake_subgraph import ScriptedSubgraph, hanging

pytestmark = pytest.mark.anyio


def request(deadline: float | None = None) -> SubgraphRequest:
    """Make a request to the subgraph ``s``."""
    return SubgraphRequest("s", b"", SelectionSet("Query"), CallContext(deadline=deadline))


async def test_a_response_passes_as_it_is() -> None:
    """Nothing is added to what a subgraph says."""
    response = SubgraphResponse({"a": 1})
    answer = await call_subgraph(
        request(), {"s": ScriptedSubgraph(lambda _: response)}, ExecutionOptions()
    )
    assert answer.response is response
    assert answer.was_sent


async def test_a_time_out_inside_an_executor_is_its_bug() -> None:
    """Only the operation's own deadline is BATAS_WAKTU; an executor must not raise TimeoutError."""

    def raise_timeout(_: SubgraphRequest) -> SubgraphResponse:
        raise TimeoutError

    bugs: list[str] = []
    options = ExecutionOptions(on_bug=lambda subgraph, _, bug: bugs.append(type(bug).__name__))
    far = asyncio.get_running_loop().time() + 60
    answer = await call_subgraph(request(far), {"s": ScriptedSubgraph(raise_timeout)}, options)
    assert [error.code for error in answer.response.errors] == ["INTERNAL_SERVER_ERROR"]
    assert bugs == ["TimeoutError"]


async def test_the_deadline_ends_a_call() -> None:
    """The call was sent, so it counts."""
    soon = asyncio.get_running_loop().time() + 0.01
    answer = await call_subgraph(request(soon), {"s": hanging()}, ExecutionOptions())
    assert [error.code for error in answer.response.errors] == ["BATAS_WAKTU"]
    assert answer.was_sent


async def test_an_executor_that_keeps_deadlines_itself_is_not_cut() -> None:
    """Its own word on what came of the call is passed on, even if it comes a moment late."""
    loop, late = asyncio.get_running_loop(), SubgraphResponse({"a": 1})
    soon = loop.time() + 0.01

    async def answer() -> SubgraphResponse:
        over = loop.create_future()
        loop.call_at(soon + 0.1, over.set_result, None)
        await over
        return late

    options = ExecutionOptions(punctual=frozenset({"s"}))
    executors = {"s": ScriptedSubgraph(lambda _: answer())}
    assert (await call_subgraph(request(soon), executors, options)).response is late


async def test_a_subgraph_without_an_executor_is_masked() -> None:
    """A wrong configuration costs its own fetch only."""
    bugs: list[str] = []
    options = ExecutionOptions(on_bug=lambda subgraph, _, bug: bugs.append(subgraph))
    answer = await call_subgraph(request(), {}, options)
    assert [error.code for error in answer.response.errors] == ["INTERNAL_SERVER_ERROR"]
    assert bugs == ["s"]


async def test_the_log_of_a_bug_holds_no_value(caplog: pytest.LogCaptureFixture) -> None:
    """Class and place are logged, the exception's text is not."""
    value = "3171" + "990101900001"  # apart, because the log quotes source lines

    def fail(_: SubgraphRequest) -> SubgraphResponse:
        raise ValueError(value)

    options = ExecutionOptions(error_id="e-7")
    await call_subgraph(request(), {"s": ScriptedSubgraph(fail)}, options)
    assert "ValueError" in caplog.text
    assert "e-7" in caplog.text
    assert value not in caplog.text


async def test_a_large_fetch_lets_others_run_between_its_stages() -> None:
    """Before many entities are asked for, and again before they are merged."""
    turns: list[str] = []

    def answer(request: SubgraphRequest) -> SubgraphResponse:
        turns.append("asked")
        return SubgraphResponse([])

    async def watch() -> None:
        while True:
            turns.append("other")
            await asyncio.sleep(0)

    many = SubgraphRequest(
        "s", b"", SelectionSet("_Entity"), CallContext(), representations=[{}] * 10_000
    )
    watching = asyncio.ensure_future(watch())
    await call_subgraph(many, {"s": ScriptedSubgraph(answer)}, ExecutionOptions())
    watching.cancel()
    asked = turns.index("asked")
    assert 0 < asked < len(turns) - 1


def test_a_refused_fetch_was_not_sent() -> None:
    """It says that the operation is too large."""
    answer = refuse_fetch()
    assert not answer.was_sent
    assert [error.code for error in answer.response.errors] == ["OPERATION_TOO_LARGE"]
