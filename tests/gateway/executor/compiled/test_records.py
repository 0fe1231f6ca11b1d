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
