"""What an execution on records does: what it shares, what it hides, and how it gives up."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
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

pytestmark = pytest.mark.anyio

BOOKS = (
    "type Query { books: [Book] top: Book } "
    'type Book @key(fields: "id") { id: ID! title: String author: Author } '
    'type Author @key(fields: "id") { id: ID! }'
)
PEOPLE = 'type Author @key(fields: "id") { id: ID! name: String! born: Int }'
TEXT = "{ books { title author { name born } } }"


def prepare(text: str = TEXT, mode: CompileMode = CompileMode.ALWAYS) -> Execution:
    """Plan and prepare."""
    world = GraphWorld(books=BOOKS, people=PEOPLE)
    operation = world.operation(text)
    plan = plan_operation(operation, world.graph)
    types = {variable.name: variable.type for variable in operation.variables}
    documents = {node.id: print_fetch(node, types).encode() for node in fetches_of(plan)}
    return prepare_execution(plan, operation, world.api, documents, frozenset(), compile_mode=mode)


class Library:
    """Two subgraphs that answer with bytes, and remember what they were asked."""

    def __init__(self, books: Any, people: Callable[[str], Any]) -> None:
        self.asked: list[SubgraphRequest] = []
        self._books = books
        self._people = people

    def subgraphs(self) -> Mapping[str, ScriptedSubgraph]:
        """Give the executors."""
        return {name: ScriptedSubgraph(self._answer) for name in ("books", "people")}

    async def _answer(self, request: SubgraphRequest) -> SubgraphResponse:
        self.asked.append(request)
        data: Any = {"books": self._books}
        if request.representations is not None:
            data = {"_entities": [self._people(each["id"]) for each in request.representations]}
        body = json.dumps({"data": data}).encode()
        assert request.shape is not None
        try:
            return SubgraphResponse(request.shape.decode(body), body=body)
        except ValueError:
            plain = data if request.representations is None else data["_entities"]
            return SubgraphResponse(plain, body=body)


def author(key: str) -> dict[str, Any]:
    """Give an author as its subgraph does."""
    return {"name": f"Author {key}", "born": 1900 + int(key)}


def book(title: str, key: str | None) -> dict[str, Any]:
    """Give a book as its subgraph does."""
    return {"title": title, "author": key and {"__typename": "Author", "id": key}}


async def answer(execution: Execution, library: Library) -> ExecutionResult:
    """Execute once."""
    return await execute(execution, {}, library.subgraphs(), CallContext(), ExecutionOptions())


async def test_the_answer_encodes_as_what_was_asked() -> None:
    """Fields are in response order, without keys and type names."""
    library = Library([book("A", "1"), None, book("B", None), book("C", "1")], author)
    result = await answer(prepare(), library)
    assert msgspec.json.encode(result.data) == (
        b'{"books":[{"title":"A","author":{"name":"Author 1","born":1901}},null,'
        b'{"title":"B","author":null},{"title":"C","author":{"name":"Author 1","born":1901}}]}'
    )
    assert [len(each.representations or ()) for each in library.asked] == [0, 1]


async def test_equal_objects_of_one_place_are_one() -> None:
    """An entity that stands at many positions is completed once."""
    library = Library([book("A", "1"), book("B", "2"), book("C", "1")], author)
    data = (await answer(prepare(), library)).data
    first, second, third = (getattr(each, "f1") for each in data.f0)  # noqa: B009  # generated
    assert first is third
    assert first is not second


async def test_objects_that_differ_stay_apart() -> None:
    """Equal keys do not make equal objects: what came with the key may differ."""
    books = [
        {"__typename": "Book", "id": "7", "title": "A", "author": None},
        {"__typename": "Book", "id": "7", "title": "B", "author": None},
    ]
    library = Library(books, author)
    data = (await answer(prepare("{ books { id title } }"), library)).data
    assert plain_data(data) == {"books": [{"id": "7", "title": "A"}, {"id": "7", "title": "B"}]}


@pytest.mark.parametrize(
    "people",
    [
        lambda _: None,
        lambda _: {"name": None, "born": 1},
        lambda _: {"name": "A", "born": "1901"},
        lambda _: {"name": "A", "born": 1901.0},
        lambda _: {"born": 1901},
        lambda _: [],
    ],
    ids=["gone", "null", "text", "float", "missing", "list"],
)
async def test_what_deviates_is_answered_by_the_reference_over_the_same_answers(
    people: Callable[[str], Any],
) -> None:
    """Nothing is asked twice, and the answer is the reference's."""
    library = Library([book("A", "1"), book("B", "2")], people)
    result = await answer(prepare(), library)
    assert len(library.asked) == 2
    plain = Library([book("A", "1"), book("B", "2")], people)
    execution = prepare(mode=CompileMode.NEVER)

    async def dicts(request: SubgraphRequest) -> SubgraphResponse:
        if request.representations is None:
            return SubgraphResponse({"books": plain._books})
        return SubgraphResponse([people(each["id"]) for each in request.representations])

    subgraphs = {name: ScriptedSubgraph(dicts) for name in ("books", "people")}
    expected = await execute(execution, {}, subgraphs, CallContext(), ExecutionOptions())
    assert (result.data, result.errors) == (expected.data, expected.errors)


async def test_an_object_without_a_key_ends_the_fast_way_before_it_asks() -> None:
    """Why a key is null is for the reference to say; what came before is not asked again."""
    library = Library([{"title": "A", "author": {"__typename": "Author", "id": None}}], author)
    result = await answer(prepare(), library)
    assert len(library.asked) == 1
    assert result.data == {"books": [{"title": "A", "author": None}]}


FILMS = (
    "type Query { shelf: [Item] best: Item review: Review } interface Item { title: String } "
    "type Tape implements Item { title: String length: Int by: Author } "
    "type Scroll implements Item { title: String by: Author } "
    'type Author @key(fields: "id") { id: ID! } type Review { of: Item by: Author also: Author }'
)


def films(text: str) -> Execution:
    """Prepare an operation over items of several types."""
    world = GraphWorld(books=FILMS, people=PEOPLE)
    operation = world.operation(text)
    plan = plan_operation(operation, world.graph)
    documents = {node.id: print_fetch(node, {}).encode() for node in fetches_of(plan)}
    return prepare_execution(
        plan, operation, world.api, documents, frozenset(), compile_mode=CompileMode.ALWAYS
    )


async def encoded(execution: Execution, data: Any, people: Callable[[str], Any]) -> str:
    """Execute over one root answer; give the encoded answer, made without the reference."""

    async def answer(request: SubgraphRequest) -> SubgraphResponse:
        if request.representations is None:
            return SubgraphResponse(data)
        return SubgraphResponse([people(each["id"]) for each in request.representations])

    subgraphs = {name: ScriptedSubgraph(answer) for name in ("books", "people")}
    result = await execute(execution, {}, subgraphs, CallContext(), ExecutionOptions())
    assert isinstance(result.data, msgspec.Struct)
    return msgspec.json.encode(result.data).decode()


async def test_objects_of_an_interface_have_each_their_own_fields() -> None:
    """Each type has its fields in the order asked for it, and its name only where asked."""
    execution = films(
        "{ shelf { ... on Tape { length } title ... on Scroll { kind: __typename by { name } } } "
        "best { ... on Tape { by { born } } } }"
    )
    ref = {"__typename": "Author", "id": "1"}
    tape = {"__typename": "Tape", "length": 7, "title": "A"}
    scroll = {"title": "B", "kind": "Scroll", "by": ref, "__typename": "Scroll"}
    best = {"__typename": "Tape", "by": ref}
    assert await encoded(execution, {"shelf": [scroll, None, tape], "best": best}, author) == (
        '{"shelf":[{"title":"B","kind":"Scroll","by":{"name":"Author 1"}},null,'
        '{"length":7,"title":"A"}],"best":{"by":{"born":1901}}}'
    )


async def test_two_fields_of_one_object_may_hold_equal_objects() -> None:
    """Objects that are not in lists are shared and completed too."""
    execution = films("{ review { by { name } also { name } of { title } } }")
    ref = {"__typename": "Author", "id": "1"}
    data = {"review": {"by": ref, "also": dict(ref), "of": {"__typename": "Tape", "title": "A"}}}
    assert await encoded(execution, data, author) == (
        '{"review":{"by":{"name":"Author 1"},"also":{"name":"Author 1"},"of":{"title":"A"}}}'
    )


SHELVES = (
    'type Query { books: [Book] } type Book @key(fields: "id") { id: ID! }',
    'type Book @key(fields: "id") { id: ID! author: Author } '
    'type Author @key(fields: "id") { id: ID! }',
)


async def test_equal_objects_of_several_entities_are_completed_in_each() -> None:
    """What stands in a field of two entities is one object, and both have it."""
    world = GraphWorld(one=SHELVES[0], two=SHELVES[1], people=PEOPLE)
    plan = plan_operation(
        operation := world.operation("{ books { author { name } } }"), world.graph
    )
    documents = {node.id: print_fetch(node, {}).encode() for node in fetches_of(plan)}
    execution = prepare_execution(
        plan, operation, world.api, documents, frozenset(), compile_mode=CompileMode.ALWAYS
    )

    async def two(request: SubgraphRequest) -> SubgraphResponse:
        ref = {"__typename": "Author", "id": "1"}
        return SubgraphResponse([{"author": dict(ref)} for _ in request.representations or ()])

    subgraphs = {
        "one": ScriptedSubgraph(
            lambda _: SubgraphResponse(
                {"books": [{"__typename": "Book", "id": str(n)} for n in range(2)]}
            )
        ),
        "two": ScriptedSubgraph(two),
        "people": ScriptedSubgraph(
            lambda request: SubgraphResponse([author("1") for _ in request.representations or ()])
        ),
    }
    result = await execute(execution, {}, subgraphs, CallContext(), ExecutionOptions())
    assert isinstance(result.data, msgspec.Struct)
    assert plain_data(result.data) == {
        "books": [{"author": {"name": "Author 1"}}, {"author": {"name": "Author 1"}}]
    }


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


async def test_introspection_stands_beside_what_is_fetched() -> None:
    """It is put into the record, in the client's order, and asked of nobody."""
    text = '{ __type(name: "Author") { name } books { title } __typename }'
    result = await answer(prepare(text), Library([{"title": "A"}], author))
    assert isinstance(result.data, msgspec.Struct)
    assert msgspec.json.encode(result.data) == (
        b'{"__type":{"name":"Author"},"books":[{"title":"A"}],"__typename":"Query"}'
    )


async def test_an_operation_that_asks_nobody_is_compiled_too() -> None:
    """There is nothing to wait for."""
    library = Library([], author)
    result = await answer(prepare("{ __schema { queryType { name } } name: __typename }"), library)
    assert isinstance(result.data, msgspec.Struct)
    assert library.asked == []
    assert msgspec.json.encode(result.data) == (
        b'{"__schema":{"queryType":{"name":"Query"}},"name":"Query"}'
    )
