"""Entities of two types in one answer: read in one go when their numbers come again."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from adapters.http_client.message import HttpResponse
from adapters.remote.wire import read_answer
from gateway.executor.compiled.ranges import Ranges, RangeShape
from gateway.executor.executor import (
    CompileMode,
    Execution,
    ExecutionOptions,
    ExecutionResult,
    execute,
    prepare_execution,
)
from gateway.executor.state.plan_fetches import fetches_of
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.fake_subgraph import ScriptedSubgraph
from tests.testkit.graph_world import GraphWorld
from tests.testkit.plain_data import plain_data

SHOPS = (
    "type Query { buyers: [Buyer] goods: [Good] } "
    'type Buyer @key(fields: "id") { id: ID! } type Good @key(fields: "id") { id: ID! }'
)
NOTES = (
    'type Buyer @key(fields: "id") { id: ID! notes: [Note] } '
    'type Good @key(fields: "id") { id: ID! notes: [Note] } type Note { id: ID! text: String }'
)
TEXT = "{ buyers { notes { id } } goods { notes { text } } }"


def prepare(mode: CompileMode) -> Execution:
    """Plan and prepare."""
    world = GraphWorld(shops=SHOPS, notes=NOTES)
    plan = plan_operation(operation := world.operation(TEXT), world.graph)
    documents = {node.id: print_fetch(node, {}).encode() for node in fetches_of(plan)}
    return prepare_execution(plan, operation, world.api, documents, frozenset(), compile_mode=mode)


class Shop:
    """Two buyers and a good, and whatever is said of them."""

    def __init__(self, mode: CompileMode) -> None:
        self.shapes: list[Any] = []  # of each request for notes
        self._execution = prepare(mode)
        self._said: list[Any] = []

    async def answer(self, said: list[Any]) -> ExecutionResult:
        """Execute; ``said`` is what the second subgraph answers with."""
        self._said = said
        both = {name: ScriptedSubgraph(self._give) for name in ("shops", "notes")}
        return await execute(self._execution, {}, both, CallContext(), ExecutionOptions())

    def _give(self, request: SubgraphRequest) -> SubgraphResponse:
        data: dict[str, Any] = {
            "buyers": [{"__typename": "Buyer", "id": each} for each in "12"],
            "goods": [{"__typename": "Good", "id": "1"}],
        }
        if request.representations is not None:
            self.shapes.append(request.shape)
            data = {"_entities": self._said}
        body = msgspec.json.encode({"data": data})
        answer = read_answer(request, HttpResponse(200, b"", body))
        return SubgraphResponse(answer.data, answer.errors, body=body)


WHOLE = [{"notes": [{"id": "a"}]}, {"notes": None}, {"notes": [{"text": "b"}, None]}]
SAID = {
    "whole": WHOLE,
    "none found": [None, None, None],
    "one not found": [*WHOLE[:2], None],
    "a number for an ID": [{"notes": [{"id": 7}]}, *WHOLE[1:]],
    "a field is missing": [{}, *WHOLE[1:]],
    "what the other type has": [WHOLE[2], *WHOLE[1:]],
    "no list": [*WHOLE[:2], {"notes": {"text": "b"}}],
}


@pytest.mark.anyio
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
async def test_the_third_answer_is_what_the_first_would_be(said: list[Any]) -> None:
    """Read in one go, entities are what they are one by one, and what does not fit is found."""
    shop = Shop(CompileMode.ALWAYS)
    await shop.answer(WHOLE)
    first = await Shop(CompileMode.NEVER).answer(said)
    second, third = [await shop.answer(said) for _ in range(2)]
    assert [type(each) is RangeShape for each in shop.shapes] == [False, True, True]
    for each in (second, third):
        assert plain_data(each.data) == plain_data(first.data)
        assert each.errors == first.errors


@pytest.mark.anyio
async def test_entities_that_are_read_in_one_go_stay_on_records() -> None:
    """That is what it is for."""
    shop = Shop(CompileMode.ALWAYS)
    results = [await shop.answer(WHOLE) for _ in range(3)]
    assert all(isinstance(each.data, msgspec.Struct) for each in results)
    assert len({msgspec.json.encode(each.data) for each in results}) == 1


class One(msgspec.Struct):
    """An entity of one type."""

    a: int


class Two(msgspec.Struct):
    """An entity of another."""

    b: int


def test_a_shape_is_made_when_numbers_come_again() -> None:
    """Each path's entities are decoded into its own class."""
    ranges = Ranges([One, Two | None])
    assert ranges.shape((1, 3)) is None
    shape = ranges.shape((1, 3))
    assert shape is not None
    assert ranges.shape((1, 3)) is shape
    decoded = shape.decode(b'{"data":{"_entities":[{"a":1},{"b":2},null]}}')
    assert decoded == [One(1), Two(2), None]


@pytest.mark.parametrize(
    "body",
    [
        b'{"data":{"_entities":[{"a":1},{"b":2}]}}',
        b'{"data":{"_entities":[{"a":1},{"b":2},null,null]}}',
        b'{"data":{"_entities":[{"b":1},{"b":2},null]}}',
        b'{"data":{"_entities":[{"a":1},{"b":2},null]},"errors":[{}]}',
        b'{"data":null}',
    ],
    ids=["fewer", "more", "another type", "errors", "no data"],
)
def test_what_does_not_fit_is_refused(body: bytes) -> None:
    """It is for the exact way."""
    ranges = Ranges([One, Two | None])
    shape = [ranges.shape((1, 3)) for _ in range(2)][-1]
    assert shape is not None
    with pytest.raises(ValueError, match=r"Expected|missing"):
        shape.decode(body)


def test_few_shapes_are_kept_and_none_for_many_entities() -> None:
    """Numbers that never come again cost no memory."""
    ranges = Ranges([One])
    assert [ranges.shape((1_000,)) for _ in range(3)] == [None] * 3
    for number in range(1, 40):
        assert ranges.shape((number,)) is None
    assert ranges.shape((1,)) is None  # forgotten
    assert ranges.shape((39,)) is not None
