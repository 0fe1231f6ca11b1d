"""One request of several entity fetches: what is sent, and what each of them gets back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from graphql import parse

from adapters.contract import (
    CallContext,
    SourceReport,
    SubgraphError,
    SubgraphRequest,
    SubgraphResponse,
)
from gateway.executor.fetch.batch import BatchDocuments, BatchingExecutor
from schema.selection import Argument, Field, Fragment, SelectionSet, Variable
from schema.type_ref import TypeRef
from tests.testkit.fake_subgraph import ScriptedSubgraph

pytestmark = pytest.mark.anyio

TYPES = {"n": TypeRef("Int"), "_r0": TypeRef("String")}


def request(field: str, *ids: str, variable: str | None = None, **parts: Any) -> SubgraphRequest:
    """Ask products for one field."""
    arguments = () if variable is None else (Argument("n", Variable(variable)),)
    selection = SelectionSet(
        "_Entity", (Fragment(SelectionSet("Product", (Field(field, None, arguments),))),)
    )
    return SubgraphRequest(
        "s",
        f"query($representations: [_Any!]!) {{ _entities {field} }}".encode(),
        selection,
        CallContext(),
        {} if variable is None else {variable: 3},
        [{"__typename": "Product", "id": each} for each in ids],
        **parts,
    )


def one_level(requests: Sequence[SubgraphRequest]) -> dict[bytes, int]:
    """Say that all may be ready together."""
    return {each.document: 1 for each in requests}


async def ask(subgraph: ScriptedSubgraph, *requests: SubgraphRequest) -> list[Any]:
    """Send requests at the same time; gives answers or exceptions."""
    batching = BatchingExecutor(subgraph, BatchDocuments(TYPES, "Query"), one_level(requests))
    return await asyncio.gather(
        *(batching.execute(each) for each in requests), return_exceptions=True
    )


def fixed(data: Any, *errors: SubgraphError, **parts: Any) -> ScriptedSubgraph:
    """Answer always the same."""
    return ScriptedSubgraph(lambda _: SubgraphResponse(data, errors=errors, **parts))


async def test_what_is_ready_together_is_one_operation() -> None:
    """Two fetches are two aliases; variables and representations travel under their own names."""
    subgraph = fixed({"_e0": [{"name": "a"}], "_e1": [{"price": 1}, {"price": 2}]})
    first, second = await ask(
        subgraph, request("name", "1"), request("price", "1", "2", variable="n")
    )
    assert first.data == [{"name": "a"}]
    assert second.data == [{"price": 1}, {"price": 2}]
    (sent,) = subgraph.requests
    assert sent.document.decode() == (
        "query($_r_0: [_Any!]!, $_r_1: [_Any!]!, $n: Int) "
        "{ _e0: _entities(representations: $_r_0) { ... on Product { name } } "
        "_e1: _entities(representations: $_r_1) { ... on Product { price(n: $n) } } }"
    )
    parse(sent.document.decode())
    assert sent.representations is None
    assert sent.variables == {
        "_r_0": [{"__typename": "Product", "id": "1"}],
        "_r_1": [{"__typename": "Product", "id": each} for each in ("1", "2")],
        "n": 3,
    }


async def test_a_fetch_alone_is_passed_on_as_it_is() -> None:
    """Nothing is rewritten where there is nothing to share."""
    subgraph = fixed([{"name": "a"}])
    alone = request("name", "1")
    (answer,) = await ask(subgraph, alone)
    assert answer.data == [{"name": "a"}]
    assert subgraph.requests == [alone]


async def test_root_fetches_and_mutations_are_never_held() -> None:
    """They are sent at once, each by itself."""
    subgraph = fixed({})
    root = SubgraphRequest("s", b"{ a }", SelectionSet("Query"), CallContext())
    change = request("name", "1", is_mutation=True)
    await ask(subgraph, root, change)
    assert subgraph.requests == [root, change]


async def test_errors_go_to_the_fetch_that_they_name() -> None:
    """By the alias in their path; one without a path goes to all; what was sent counts once."""
    subgraph = fixed(
        {"_e0": [None], "_e1": [{"price": None}]},
        SubgraphError("x", "X", ("_e0", 0)),
        SubgraphError("y", "Y", ("_e1", 0, "price")),
        SubgraphError("z", "Z"),
        reports=(SourceReport("s", calls=2),),
    )
    first, second = await ask(subgraph, request("name", "1"), request("price", "1"))
    assert [(e.code, e.path) for e in first.errors] == [("X", ("_entities", 0)), ("Z", None)]
    assert [(e.code, e.path) for e in second.errors] == [
        ("Y", ("_entities", 0, "price")),
        ("Z", None),
    ]
    assert [r.calls for each in (first, second) for r in each.reports] == [2, 0]


async def test_an_answer_without_data_is_asked_apart() -> None:
    """One part may have broken it: the other is answered as it would have been alone."""

    def answer(sent: SubgraphRequest) -> SubgraphResponse:
        broken = b"price" in sent.document
        if broken:
            return SubgraphResponse(None, (SubgraphError("x", "X"),), body=b"{}")
        return SubgraphResponse([{"name": "a"}], body=b"{}")

    subgraph = ScriptedSubgraph(answer)
    first, second = await ask(subgraph, request("name", "1"), request("price", "1"))
    assert (first.data, first.errors) == ([{"name": "a"}], ())
    assert second.data is None
    assert len(subgraph.requests) == 3


async def test_a_source_that_is_down_is_not_asked_again() -> None:
    """Nothing came back: both fetches failed, for one request."""
    subgraph = fixed(None, SubgraphError("x", "SUMBER_TIDAK_TERSEDIA"))
    answers = await ask(subgraph, request("name", "1"), request("price", "1"))
    assert [each.errors[0].code for each in answers] == ["SUMBER_TIDAK_TERSEDIA"] * 2
    assert len(subgraph.requests) == 1


async def test_a_broken_executor_breaks_every_fetch_of_the_request() -> None:
    """The others end as the first does, and nobody waits for ever."""

    def broken(_: SubgraphRequest) -> SubgraphResponse:
        raise RuntimeError("bug")

    answers = await ask(ScriptedSubgraph(broken), request("name", "1"), request("price", "1"))
    assert [type(each) for each in answers] == [RuntimeError, RuntimeError]


async def test_cancelling_the_first_ends_those_that_wait_for_it() -> None:
    """An execution is cancelled as a whole."""
    gate = asyncio.Event()

    async def wait() -> SubgraphResponse:
        await gate.wait()
        raise AssertionError("nobody opens the gate")

    documents = BatchDocuments(TYPES, "Query")
    levels = one_level([request("name", "1"), request("price", "1")])
    batching = BatchingExecutor(ScriptedSubgraph(lambda _: wait()), documents, levels)
    first = asyncio.create_task(batching.execute(request("name", "1")))
    second = asyncio.create_task(batching.execute(request("price", "1")))
    for _ in range(5):
        await asyncio.sleep(0)
    first.cancel()
    results = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(each) for each in results] == [asyncio.CancelledError] * 2


async def test_fetches_of_different_levels_never_share_a_request() -> None:
    """The later waits for answers of its own: that it is there in the same turns is chance."""
    subgraph = fixed([{}])
    early, late = request("name", "1"), request("price", "1")
    levels = {early.document: 1, late.document: 3}
    batching = BatchingExecutor(subgraph, BatchDocuments(TYPES, "Query"), levels)
    await asyncio.gather(batching.execute(early), batching.execute(late))
    assert subgraph.requests == [early, late]


async def test_what_is_on_no_level_with_another_is_sent_at_once() -> None:
    """It has nobody to wait for."""
    subgraph = fixed([{}])
    batching = BatchingExecutor(subgraph, BatchDocuments(TYPES, "Query"), {})
    task = asyncio.ensure_future(batching.execute(request("name", "1")))
    await asyncio.sleep(0)
    assert task.done()
