"""What an execution on records sends of an object: keys and inputs, nested, listed and hidden."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from gateway.executor.executor import (
    CompileMode,
    ExecutionOptions,
    execute,
    prepare_execution,
)
from gateway.executor.state.plan_fetches import fetches_of
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.fake_subgraph import ScriptedSubgraph
from tests.testkit.graph_world import GraphWorld

pytestmark = pytest.mark.anyio

LETTERS = (
    "scalar Nik type Query { letters: [Letter] people: [Person] } "
    'type Letter @key(fields: "office { code } number") { office: Office number: ID } '
    'type Office { code: ID } type Person @key(fields: "nik") { nik: Nik! }',
    'type Letter @key(fields: "office { code } number") '
    "{ office: Office @shareable number: ID @shareable state: String } "
    "type Office { code: ID @shareable } scalar Nik "
    'type Person @key(fields: "nik") { nik: Nik! name: String }',
)


async def ask_letters(text: str, data: Any, entity: Any) -> tuple[str, list[Any]]:
    """Execute on records; give the encoded answer and the representations sent."""
    answer, sent, is_on_records = await ask_two(LETTERS, text, data, entity)
    assert is_on_records
    return answer, sent


async def ask_two(
    sdl: tuple[str, str], text: str, data: Any, entity: Any
) -> tuple[str, list[Any], bool]:
    """Execute; give the encoded answer, the representations sent, and whether on records."""
    world = GraphWorld(one=sdl[0], two=sdl[1])
    plan = plan_operation(operation := world.operation(text), world.graph)
    documents = {node.id: print_fetch(node, {}).encode() for node in fetches_of(plan)}
    execution = prepare_execution(
        plan, operation, world.api, documents, frozenset(), compile_mode=CompileMode.ALWAYS
    )
    sent: list[Any] = []

    def answer(request: SubgraphRequest) -> SubgraphResponse:
        if request.representations is None:
            return SubgraphResponse(data)
        sent.extend(request.representations)
        return SubgraphResponse([entity for _ in request.representations])

    subgraphs = {name: ScriptedSubgraph(answer) for name in ("one", "two")}
    result = await execute(execution, {}, subgraphs, CallContext(), ExecutionOptions())
    is_on_records = isinstance(result.data, msgspec.Struct)
    return msgspec.json.encode(result.data).decode(), sent, is_on_records


async def test_a_key_may_hold_objects_that_the_client_does_not_see() -> None:
    """A nested key goes into the representation, and not into the answer."""
    letters = [{"__typename": "Letter", "office": {"code": code}, "number": "1"} for code in "aba"]
    answer, sent = await ask_letters(
        "{ letters { state } }", {"letters": letters}, {"state": "new"}
    )
    assert answer == '{"letters":[{"state":"new"},{"state":"new"},{"state":"new"}]}'
    assert sent == [
        {"__typename": "Letter", "office": {"code": code}, "number": "1"} for code in "ab"
    ]


async def test_a_key_may_be_a_custom_scalar() -> None:
    """Texts of a custom scalar identify, and equal ones are asked for once."""
    people = [{"__typename": "Person", "nik": nik} for nik in ("x", "y", "x")]
    answer, sent = await ask_letters("{ people { name } }", {"people": people}, {"name": "A"})
    assert answer == '{"people":[{"name":"A"},{"name":"A"},{"name":"A"}]}'
    assert [each["nik"] for each in sent] == ["x", "y"]


ORDERS = (
    'type Query { orders: [Order] } type Order @key(fields: "lines { sku }") '
    "{ lines: [Line] sizes: [Float] marks: [[Int]] } type Line { sku: ID weights: [Int] }",
    'type Order @key(fields: "lines { sku }") { lines: [Line] @shareable state: String '
    "sizes: [Float] @external marks: [[Int]] @external "
    'packed: String @requires(fields: "sizes marks") '
    'posted: String @requires(fields: "lines { weights }") } '
    "type Line { sku: ID @shareable weights: [Int] @external }",
)


def order(*skus: str | None, **more: Any) -> dict[str, Any]:
    """Give an order as its subgraph does."""
    return {"__typename": "Order", "lines": [{"sku": each} for each in skus], **more}


async def test_a_key_may_hold_lists_of_objects() -> None:
    """Orders with the same lines in the same order are one."""
    orders = [order("a", "b"), order("b", "a"), order(), order("a", "b")]
    answer, sent, is_on_records = await ask_two(
        ORDERS, "{ orders { state } }", {"orders": orders}, {"state": "new"}
    )
    assert is_on_records
    assert json.loads(answer) == {"orders": [{"state": "new"}] * 4}
    assert [[line["sku"] for line in each["lines"]] for each in sent] == [
        ["a", "b"],
        ["b", "a"],
        [],
    ]


async def test_a_null_within_a_key_is_for_the_reference() -> None:
    """Such an object cannot be asked for, and the others are."""
    orders = [order("a", None), order("a")]
    answer, sent, is_on_records = await ask_two(
        ORDERS, "{ orders { state } }", {"orders": orders}, {"state": "new"}
    )
    assert not is_on_records
    assert json.loads(answer) == {"orders": [{"state": None}, {"state": "new"}]}
    assert [[line["sku"] for line in each["lines"]] for each in sent] == [["a"]]


async def test_required_lists_are_sent_as_they_came() -> None:
    """Nulls in them too: only a key must be whole."""
    orders = [
        order("a", sizes=[1.5, None], marks=[[1], None, [None]]),
        order("a", sizes=None, marks=[]),
    ]
    answer, sent, is_on_records = await ask_two(
        ORDERS, "{ orders { packed } }", {"orders": orders}, {"packed": "yes"}
    )
    assert is_on_records
    assert json.loads(answer) == {"orders": [{"packed": "yes"}] * 2}
    assert [(each["sizes"], each["marks"]) for each in sent] == [
        ([1.5, None], [[1], None, [None]]),
        (None, []),
    ]


async def test_whole_floats_in_required_lists_are_for_the_reference() -> None:
    """The record no longer tells ``1`` from ``1.0``."""
    orders = [order("a", sizes=[1.5, 1], marks=[])]
    _, sent, is_on_records = await ask_two(
        ORDERS, "{ orders { packed } }", {"orders": orders}, {"packed": "yes"}
    )
    assert not is_on_records
    assert repr(sent[0]["sizes"]) == "[1.5, 1]"


async def test_lists_within_required_objects_are_read_with_them() -> None:
    """What is hidden is sent on, and not shown."""
    lines = [{"sku": "a", "weights": [1, 2]}, {"sku": "b", "weights": None}]
    orders = [{"__typename": "Order", "lines": lines}]
    answer, sent, is_on_records = await ask_two(
        ORDERS, "{ orders { posted } }", {"orders": orders}, {"posted": "yes"}
    )
    assert is_on_records
    assert json.loads(answer) == {"orders": [{"posted": "yes"}]}
    assert [each["lines"] for each in sent] == [lines]


NODES = (
    "type Query { nodes: [Node] } interface Node { id: ID! } "
    'type Shop implements Node @key(fields: "id") { id: ID! } '
    "type Note implements Node { id: ID! text: String }",
    'type Shop @key(fields: "id") { id: ID! state: String }',
)


async def test_objects_of_a_type_that_a_fetch_is_not_for_are_left_out() -> None:
    """What stands between them does not move their answers."""
    nodes = [
        {"__typename": name, "id": key, **({"text": key} if name == "Note" else {})}
        for name, key in (("Note", "1"), ("Shop", "2"), ("Note", "3"), ("Shop", "4"))
    ]
    answer, sent, is_on_records = await ask_two(
        NODES,
        "{ nodes { id ... on Note { text } ... on Shop { state } } }",
        {"nodes": nodes},
        {"state": "open"},
    )
    assert is_on_records
    assert json.loads(answer)["nodes"] == [
        {"id": "1", "text": "1"},
        {"id": "2", "state": "open"},
        {"id": "3", "text": "3"},
        {"id": "4", "state": "open"},
    ]
    assert [each["id"] for each in sent] == ["2", "4"]


PRICES = (
    "type Query { p: [Product] } "
    'type Product @key(fields: "id") { id: ID! price(currency: String): Float }',
    'type Product @key(fields: "id") { id: ID! price(currency: String): Float @external '
    'cost: String @requires(fields: "price(currency: \\"USD\\")") }',
)


async def test_an_input_that_travels_under_another_name_is_sent_under_its_own() -> None:
    """The client asked the same field with other arguments; both are read, one is shown."""
    products = [
        {"__typename": "Product", "id": "1", "price": price, "_k_price": 2.5}
        for price in (1.5, 3.5)
    ]
    answer, sent, is_on_records = await ask_two(
        PRICES, '{ p { price(currency: "IDR") cost } }', {"p": products}, {"cost": "much"}
    )
    assert is_on_records
    assert json.loads(answer)["p"] == [
        {"price": 1.5, "cost": "much"},
        {"price": 3.5, "cost": "much"},
    ]
    assert sent == [{"__typename": "Product", "id": "1", "price": 2.5}]


PARCELS = (
    "type Query { parcels: [Parcel] } "
    'type Parcel @key(fields: "mark { code }") '
    "{ mark: Mark @inaccessible size: Box @inaccessible } "
    "type Mark @inaccessible { code: Int } type Box @inaccessible { sides: [Float] color: String }",
    'type Parcel @key(fields: "mark { code }") { mark: Mark @inaccessible @shareable '
    'size: Box @external state: String @requires(fields: "size { sides }") } '
    "type Mark @inaccessible { code: Int @shareable } "
    "type Box @inaccessible { sides: [Float] @external }",
)


async def test_what_the_client_may_not_see_is_sent_on_as_it_came() -> None:
    """Keys and inputs of hidden types; whole Floats stay what they were."""
    parcels = [
        {"__typename": "Parcel", "mark": {"code": code}, "size": {"sides": [1, 2.0]}}
        for code in (1, 2, 1)
    ]
    answer, sent, is_on_records = await ask_two(
        PARCELS, "{ parcels { state } }", {"parcels": parcels}, {"state": "new"}
    )
    assert is_on_records
    assert json.loads(answer) == {"parcels": [{"state": "new"}] * 3}
    assert repr([each["size"] for each in sent]) == "[{'sides': [1, 2.0]}, {'sides': [1, 2.0]}]"
    assert [each["mark"] for each in sent] == [{"code": 1}, {"code": 2}]


async def test_a_null_within_a_hidden_key_is_for_the_reference() -> None:
    """Such an object cannot be asked for."""
    parcels = [{"__typename": "Parcel", "mark": {"code": None}, "size": None}]
    answer, sent, is_on_records = await ask_two(
        PARCELS, "{ parcels { state } }", {"parcels": parcels}, {"state": "new"}
    )
    assert not is_on_records
    assert (json.loads(answer), sent) == ({"parcels": [{"state": None}]}, [])
