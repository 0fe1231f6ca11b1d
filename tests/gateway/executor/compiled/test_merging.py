"""Objects that several fetches give: one record, to which each adds its part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from gateway.executor.executor import CompileMode, ExecutionOptions, execute, prepare_execution
from gateway.executor.state.plan_fetches import fetches_of
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.fake_subgraph import ScriptedSubgraph
from tests.testkit.graph_world import GraphWorld
from tests.testkit.plain_data import plain_data

pytestmark = pytest.mark.anyio

Answers = Mapping[str, Callable[[SubgraphRequest], Any]]


def scripted(give: Callable[[SubgraphRequest], Any]) -> ScriptedSubgraph:
    """Make a subgraph that answers without errors."""
    return ScriptedSubgraph(lambda request: SubgraphResponse(give(request)))


async def answer(
    sdl: Mapping[str, str], text: str, answers: Answers, mode: CompileMode
) -> tuple[Any, list[Any], bool]:
    """Execute; give data, errors, and whether the answer was made on records."""
    world = GraphWorld(**sdl)
    operation = world.operation(text)
    plan = plan_operation(operation, world.graph)
    documents = {node.id: print_fetch(node, {}).encode() for node in fetches_of(plan)}
    execution = prepare_execution(
        plan, operation, world.api, documents, frozenset(), compile_mode=mode
    )
    subgraphs = {name: scripted(give) for name, give in answers.items()}
    result = await execute(execution, {}, subgraphs, CallContext(), ExecutionOptions())
    is_on_records = isinstance(result.data, msgspec.Struct)
    return plain_data(result.data), result.errors, is_on_records


async def check(sdl: Mapping[str, str], text: str, answers: Answers, *, is_fast: bool) -> Any:
    """Answer both ways; they must agree. Gives the data."""
    data, errors, is_on_records = await answer(sdl, text, answers, CompileMode.ALWAYS)
    expected = await answer(sdl, text, answers, CompileMode.NEVER)
    assert (data, errors) == expected[:2]
    assert is_on_records is is_fast
    return data


ROOTS = {
    "one": "type Query { part: Part @shareable parts: [Part] @shareable } type Part { a: Int } ",
    "two": "type Query { part: Part @shareable parts: [Part] @shareable } type Part { b: Int }",
}
NESTED = {
    "one": "type Query { part: Part @shareable } type Part { a: Int }",
    "two": "type Query { part: Part @shareable } type Part { both: Both @shareable } "
    "type Both { b: Int }",
    "three": "type Query { part: Part @shareable } type Part { both: Both @shareable } "
    "type Both { c: Int }",
}


async def test_two_fetches_give_one_object() -> None:
    """Each adds its fields, in the order of the client."""
    data = await check(
        ROOTS,
        "{ part { b a } }",
        {"one": lambda _: {"part": {"a": 1}}, "two": lambda _: {"part": {"b": 2}}},
        is_fast=True,
    )
    assert str(data) == "{'part': {'b': 2, 'a': 1}}"


async def test_lists_are_merged_by_index() -> None:
    """A null stands at the same place in both."""
    answers: Answers = {
        "one": lambda _: {"parts": [{"a": 1}, None, {"a": 3}]},
        "two": lambda _: {"parts": [{"b": 1}, None, {"b": None}]},
    }
    data = await check(ROOTS, "{ parts { a b } }", answers, is_fast=True)
    assert data == {"parts": [{"a": 1, "b": 1}, None, {"a": 3, "b": None}]}


@pytest.mark.parametrize(
    "second",
    [[{"b": 1}], [None, {"b": 1}], [{"b": 1}] * 3, None, [{"b": 1}, None]],
    ids=["shorter", "null before", "longer", "null", "null behind"],
)
async def test_what_does_not_agree_is_for_the_reference(second: Any) -> None:
    """Lists of other lengths, and objects that only one of them has."""
    answers: Answers = {
        "one": lambda _: {"parts": [{"a": 1}, {"a": 2}]},
        "two": lambda _: {"parts": second},
    }
    await check(ROOTS, "{ parts { a b } }", answers, is_fast=False)


async def test_an_object_in_an_object_is_made_by_the_second_and_added_to_by_the_third() -> None:
    """What one fetch adds may itself be completed."""
    answers: Answers = {
        "one": lambda _: {"part": {"a": 1}},
        "two": lambda _: {"part": {"both": {"b": 2}}},
        "three": lambda _: {"part": {"both": {"c": 3}}},
    }
    data = await check(NESTED, "{ part { a both { b c } } }", answers, is_fast=True)
    assert data == {"part": {"a": 1, "both": {"b": 2, "c": 3}}}


SHIPMENTS = {
    "one": "type Query { orders: [Order] } "
    'type Order @key(fields: "id") { id: ID! weight: Int note: [Int] }',
    "two": 'type Order @key(fields: "id") { id: ID! post: Post @shareable } '
    "type Post { stamp: Int }",
    "three": 'type Order @key(fields: "id") { id: ID! weight: Int @external '
    'post: Post @shareable @requires(fields: "weight") } type Post { cost: Int }',
}


async def test_one_entity_may_become_two_objects() -> None:
    """Its objects came with other inputs, so that what the third fetch adds differs."""
    orders = [
        {"__typename": "Order", "id": "1", "weight": weight, "note": [weight]} for weight in (5, 7)
    ]
    answers: Answers = {
        "one": lambda _: {"orders": orders},
        "two": lambda request: [{"post": {"stamp": 1}} for _ in request.representations or ()],
        "three": lambda request: [
            {"post": {"cost": each["weight"]}} for each in request.representations or ()
        ],
    }
    data = await check(SHIPMENTS, "{ orders { note post { stamp cost } } }", answers, is_fast=True)
    assert [each["post"] for each in data["orders"]] == [
        {"stamp": 1, "cost": 5},
        {"stamp": 1, "cost": 7},
    ]


PETS = {
    "one": "type Query { pet: Pet @shareable } interface Pet { a: Int } "
    "type Cat implements Pet { a: Int } type Dog implements Pet { a: Int }",
    "two": "type Query { pet: Pet @shareable } interface Pet { b: Int } "
    "type Cat implements Pet { b: Int } type Dog implements Pet { b: Int }",
}


@pytest.mark.parametrize(("second", "is_fast"), [("Cat", True), ("Dog", False)])
async def test_objects_of_an_interface_are_of_one_type_in_both(second: str, is_fast: bool) -> None:
    """A pet that is a cat here and a dog there is for the reference."""
    answers: Answers = {
        "one": lambda _: {"pet": {"__typename": "Cat", "a": 1}},
        "two": lambda _: {"pet": {"__typename": second, "b": 2}},
    }
    await check(
        PETS,
        "{ pet { ... on Cat { a b } ... on Dog { a b } } }",
        answers,
        is_fast=is_fast,
    )
