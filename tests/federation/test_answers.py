"""Answers that need particular values: nulls, failures, hidden elements, mutations, old schemas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gateway.executor.executor import CompileMode
from tests.testkit.row_world import Ref, RowSubgraph, RowWorld

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("mode", [CompileMode.NEVER, CompileMode.ALWAYS], ids=str),
]

Case = tuple[str, str, Any, list[Any], int]  # claim, operation, data, paths of errors, requests


def table(*cases: Case) -> Any:
    """Give the cases of one world to a test."""
    names = ("text", "data", "errors", "requests")
    return pytest.mark.parametrize(names, [case[1:] for case in cases], ids=[c[0] for c in cases])


async def check(
    world: RowWorld, mode: CompileMode, text: str, data: Any, errors: list[Any], requests: int
) -> None:
    """Ask, twice by the same world, and compare."""
    for _ in range(2):
        result = await world.answer(text, mode=mode)
        assert result.data == data
        assert [each.get("path") for each in result.errors] == errors
        assert world.requests() == requests


# --- keys that are null --------------------------------------------------------------------------


def null_keys() -> RowWorld:
    """Products whose code only some have, and a company that is missing."""
    return RowWorld(
        a=RowSubgraph(
            """
            type Query { products: [Product] sellers: [Seller] broken: [Product] }
            type Product @key(fields: "id") { id: ID! }
            type Seller @key(fields: "company { vat }") { company: Company name: String }
            type Company @shareable { vat: ID }
            """,
            roots={
                "products": [Ref("Product", "1"), Ref("Product", "2"), None],
                "broken": [Ref("Product", "9"), Ref("Product", "2")],
                "sellers": [
                    {"name": "x", "company": None},
                    {"name": "y", "company": {"vat": None}},
                    {"name": "z", "company": {"vat": "7"}},
                ],
            },
        ),
        b=RowSubgraph(
            """
            type Product @key(fields: "id") @key(fields: "upc") { id: ID! upc: ID size: Int! }
            """,
            rows={
                "Product": [
                    {"id": "1", "upc": None, "size": 1},
                    {"id": "2", "upc": "u2", "size": 2},
                ]
            },
        ),
        c=RowSubgraph(
            """
            type Product @key(fields: "upc") { upc: ID name: String weight: Int! }
            type Seller @key(fields: "company { vat }") { company: Company rating: Int }
            type Company @shareable { vat: ID }
            """,
            rows={
                "Product": [{"upc": "u2", "name": "two", "weight": 4}],
                "Seller": [{"company": {"vat": "7"}, "rating": 5}],
            },
        ),
    )


@table(
    (
        "a null key leaves its fields null and its siblings whole",
        "{ products { id name } }",
        {"products": [{"id": "1", "name": None}, {"id": "2", "name": "two"}, None]},
        [],
        3,
    ),
    (
        "a null key and a non-null field",
        "{ products { id weight } }",
        {"products": [None, {"id": "2", "weight": 4}, None]},
        [["products", 0, "weight"]],
        3,
    ),
    (
        "a null in a nested key",
        "{ sellers { name rating } }",
        {
            "sellers": [
                {"name": "x", "rating": None},
                {"name": "y", "rating": None},
                {"name": "z", "rating": 5},
            ]
        },
        [],
        2,
    ),
    (
        "a nested key with a null, shown",
        "{ sellers { company { vat } rating } }",
        {
            "sellers": [
                {"company": None, "rating": None},
                {"company": {"vat": None}, "rating": None},
                {"company": {"vat": "7"}, "rating": 5},
            ]
        },
        [],
        2,
    ),
    (
        "an entity that a subgraph does not know",
        "{ broken { id upc } }",
        {"broken": [{"id": "9", "upc": None}, {"id": "2", "upc": "u2"}]},
        [],
        2,
    ),
    (
        "an unknown entity with a non-null field",
        "{ broken { id size } }",
        {"broken": [None, {"id": "2", "size": 2}]},
        [["broken", 0, "size"]],
        2,
    ),
    (
        "an unknown entity has no key for the next",
        "{ broken { name } }",
        {"broken": [{"name": None}, {"name": "two"}]},
        [],
        3,
    ),
)
async def test_null_keys(
    mode: CompileMode, text: str, data: Any, errors: list[Any], requests: int
) -> None:
    """No representation for a null key; the rest goes on."""
    await check(null_keys(), mode, text, data, errors, requests)


# --- what the client may not see -----------------------------------------------------------------


def hidden() -> RowWorld:
    """Enum values and types that only the subgraphs know."""
    return RowWorld(
        a=RowSubgraph(
            """
            type Query {
              colour: Colour colours: [Colour] must: Box strict: [Colour!] pets: [Pet]
              thing: Thing things: [Thing!] one: Pet echo(c: Kind): Kind secret: Int @inaccessible
            }
            type Box { colour: Colour! id: Int }
            enum Colour { RED GREEN @inaccessible BLUE }
            enum Kind { A B }
            union Pet = Cat | Ghost
            type Cat { name: String }
            type Ghost @inaccessible { name: String }
            interface Thing { id: ID }
            type Book implements Thing { id: ID pages: Int }
            type Secret implements Thing @inaccessible { id: ID }
            """,
            roots={
                "colour": "GREEN",
                "colours": ["RED", "GREEN", None, "BLUE"],
                "strict": ["RED", "GREEN"],
                "must": {"colour": "GREEN", "id": 1},
                "pets": [{"__typename": "Cat", "name": "x"}, {"__typename": "Ghost", "name": "y"}],
                "one": {"__typename": "Ghost", "name": "y"},
                "thing": {"__typename": "Secret", "id": "1"},
                "things": [{"__typename": "Book", "id": "1"}, {"__typename": "Secret", "id": "2"}],
                "echo": lambda row, arguments: arguments.get("c"),
            },
        )
    )


@table(
    ("a hidden enum value is null", "{ colour }", {"colour": None}, [], 1),
    (
        "in a list",
        "{ colours }",
        {"colours": ["RED", None, None, "BLUE"]},
        [],
        1,
    ),
    ("in a list of non-null items", "{ strict }", {"strict": None}, [["strict", 1]], 1),
    (
        "at a non-null field the object goes",
        "{ must { id colour } }",
        {"must": None},
        [["must", "colour"]],
        1,
    ),
    ("the object alone stays", "{ must { id } }", {"must": {"id": 1}}, [], 1),
    (
        "an object of a hidden type is null",
        "{ pets { __typename ... on Cat { name } } }",
        {"pets": [{"__typename": "Cat", "name": "x"}, None]},
        [],
        1,
    ),
    ("alone", "{ one { __typename } }", {"one": None}, [], 1),
    ("behind an interface", "{ thing { id } }", {"thing": None}, [], 1),
    (
        "behind an interface, among non-null items",
        "{ things { id } }",
        {"things": None},
        [["things", 1]],
        1,
    ),
    ("an enum as argument", "{ echo(c: B) }", {"echo": "B"}, [], 1),
)
async def test_hidden_elements(
    mode: CompileMode, text: str, data: Any, errors: list[Any], requests: int
) -> None:
    """The answer holds nothing that the API schema does not have."""
    await check(hidden(), mode, text, data, errors, requests)


# --- failures ------------------------------------------------------------------------------------


def failing() -> RowWorld:
    """People of one subgraph, with parts that break in another."""
    broken = ValueError("broken")
    return RowWorld(
        a=RowSubgraph(
            """
            type Query {
              people: [Person] strict: [Person!]! me: Person! one: Person oops: Int bad: Int!
            }
            type Person @key(fields: "id") { id: ID! name: String boss: Person nick: String }
            """,
            roots={
                "people": [Ref("Person", each) for each in ("1", "2")],
                "strict": [Ref("Person", each) for each in ("1", "2")],
                "me": Ref("Person", "1"),
                "one": Ref("Person", "2"),
                "oops": broken,
                "bad": broken,
            },
            rows={
                "Person": [
                    {"id": "1", "name": "a", "boss": Ref("Person", "2"), "nick": broken},
                    {"id": "2", "name": "b", "boss": None, "nick": "n"},
                ]
            },
        ),
        b=RowSubgraph(
            """
            type Person @key(fields: "id") { id: ID! age: Int must: Int! tags: [Tag!] home: Home }
            type Tag { text: String! }
            type Home { street: String city: String! }
            """,
            rows={
                "Person": [
                    {
                        "id": "1",
                        "age": broken,
                        "must": broken,
                        "tags": [{"text": "x"}, {"text": broken}],
                        "home": {"street": broken, "city": "c"},
                    },
                    {
                        "id": "2",
                        "age": 7,
                        "must": 8,
                        "tags": [],
                        "home": {"street": "s", "city": broken},
                    },
                ]
            },
        ),
        c=RowSubgraph(
            """
            type Query { down: Int }
            type Person @key(fields: "id") { id: ID! far: Int farMust: Int! }
            """,
        ),
    )


@table(
    (
        "only the path concerned is null",
        "{ oops me { name } }",
        {"oops": None, "me": {"name": "a"}},
        [["oops"]],
        1,
    ),
    ("a non-null root field takes everything", "{ bad me { name } }", None, [["bad"]], 1),
    (
        "a field of one entity",
        "{ people { name age } }",
        {"people": [{"name": "a", "age": None}, {"name": "b", "age": 7}]},
        [["people", 0, "age"]],
        2,
    ),
    (
        "a non-null field of one entity takes the entity",
        "{ people { name must } }",
        {"people": [None, {"name": "b", "must": 8}]},
        [["people", 0, "must"]],
        2,
    ),
    (
        "a non-null item takes the list, and that the data",
        "{ strict { must } }",
        None,
        [["strict", 0, "must"]],
        2,
    ),
    (
        "a non-null item inside the entity",
        "{ people { tags { text } } }",
        {"people": [{"tags": None}, {"tags": []}]},
        [["people", 0, "tags", 1, "text"]],
        2,
    ),
    (
        "nested objects",
        "{ people { home { street city } } }",
        {"people": [{"home": {"street": None, "city": "c"}}, {"home": None}]},
        [["people", 0, "home", "street"], ["people", 1, "home", "city"]],
        2,
    ),
    (
        "an alias has its own path",
        "{ people { x: age } }",
        {"people": [{"x": None}, {"x": 7}]},
        [["people", 0, "x"]],
        2,
    ),
    (
        "a field of the first subgraph",
        "{ people { nick } }",
        {"people": [{"nick": None}, {"nick": "n"}]},
        [["people", 0, "nick"]],
        1,
    ),
    (
        "an object and its boss, one entity at two places",
        "{ me { boss { age } } one { age } }",
        {"me": {"boss": {"age": 7}}, "one": {"age": 7}},
        [],
        2,
    ),
    (
        "the same failure at two places",
        "{ me { age } people { age } }",
        {"me": {"age": None}, "people": [{"age": None}, {"age": 7}]},
        [["me", "age"], ["people", 0, "age"]],
        2,
    ),
    (
        "everything skipped is an empty object",
        "{ oops @skip(if: true) me @include(if: false) { name } }",
        {},
        [],
        0,
    ),
)
async def test_failures(
    mode: CompileMode, text: str, data: Any, errors: list[Any], requests: int
) -> None:
    """One error for each null, at the client's path."""
    await check(failing(), mode, text, data, errors, requests)


@table(
    (
        "an entity fetch that gets no answer, below a list",
        "{ people { name far } }",
        {"people": [{"name": "a", "far": None}, {"name": "b", "far": None}]},
        [["people"]],
        2,
    ),
    (
        "an entity fetch that gets no answer",
        "{ one { name far } }",
        {"one": {"name": "b", "far": None}},
        [["one", "far"]],
        2,
    ),
    (
        "a root fetch that gets no answer",
        "{ down me { name } }",
        {"down": None, "me": {"name": "a"}},
        [["down"]],
        2,
    ),
    (
        "non-null fields of an entity without answer",
        "{ people { name farMust } }",
        {"people": [None, None]},
        [["people"]],
        2,
    ),
    ("a non-null object without answer", "{ me { farMust } }", None, [["me", "farMust"]], 2),
)
async def test_a_subgraph_that_is_down(
    mode: CompileMode, text: str, data: Any, errors: list[Any], requests: int
) -> None:
    """Its fields are null, once said; the others are answered."""
    world = failing()
    world.subgraphs["c"].is_down = True
    await check(world, mode, text, data, errors, requests)


# --- mutations -----------------------------------------------------------------------------------


def changing() -> tuple[RowWorld, list[str]]:
    """Two subgraphs that note what they do."""
    done: list[str] = []

    def note(name: str, value: Any) -> Callable[[Any, Any], Any]:
        def change(row: dict[str, Any], arguments: dict[str, Any]) -> Any:
            done.append(name + "".join(f" {each}" for each in arguments.values()))
            return value

        return change

    a = RowSubgraph(
        """
        type Query { p: P n: Int }
        type Mutation { a(n: Int): P both: Int @shareable fail: Int failHard: Int! root: Done }
        type Done { query: Query! ok: Boolean }
        type P @key(fields: "id") { id: ID! x: Int }
        """,
        roots={"p": Ref("P", "1"), "n": 5},
        mutations={
            "a": note("a", Ref("P", "1")),
            "both": note("both", 3),
            "fail": note("fail", ValueError("x")),
            "failHard": note("failHard", ValueError("x")),
            "root": note("root", {"ok": True, "query": {"n": 5, "p": Ref("P", "1")}}),
        },
        rows={"P": [{"id": "1", "x": 4}]},
    )
    b = RowSubgraph(
        """
        type Query { m: Int }
        type Mutation { b: P both: Int @shareable c: Int }
        type P @key(fields: "id") { id: ID! y: Int }
        """,
        roots={"m": 6},
        mutations={"b": note("b", Ref("P", "1")), "both": note("both", 3), "c": note("c", 9)},
        rows={"P": [{"id": "1", "y": 2}]},
    )
    return RowWorld(a=a, b=b), done


@pytest.mark.parametrize(
    ("text", "data", "order", "requests"),
    [
        ("mutation { a { x } b { y } }", {"a": {"x": 4}, "b": {"y": 2}}, ["a", "b"], 2),
        ("mutation { a { id } x: a { id } }", {"a": {"id": "1"}, "x": {"id": "1"}}, ["a", "a"], 1),
        (
            "mutation { a(n: 1) { x y } b { x y } z: a(n: 2) { y } }",
            {"a": {"x": 4, "y": 2}, "b": {"x": 4, "y": 2}, "z": {"y": 2}},
            ["a 1", "b", "a 2"],
            6,
        ),
        ("mutation { both }", {"both": 3}, ["both"], 1),
        (
            "mutation { b { id } both c }",
            {"b": {"id": "1"}, "both": 3, "c": 9},
            ["b", "both", "c"],
            1,
        ),
        (
            "mutation { a { x } b { y } a { y } }",
            {"a": {"x": 4, "y": 2}, "b": {"y": 2}},
            ["a", "b"],
            3,
        ),
        (
            "mutation { a { x } c ... @include(if: true) { a { id } } b { y } }",
            {"a": {"x": 4, "id": "1"}, "c": 9, "b": {"y": 2}},
            ["a", "c", "b"],
            2,
        ),
        ("mutation { both c }", {"both": 3, "c": 9}, ["both", "c"], 1),
        ("mutation { c fail x: c }", {"c": 9, "fail": None, "x": 9}, ["c", "fail", "c"], 3),
        (
            "mutation { root { ok query { n m } } }",
            {"root": {"ok": True, "query": {"n": 5, "m": 6}}},
            ["root"],
            2,
        ),
        (
            "mutation { root { query { p { x y } } } c }",
            {"root": {"query": {"p": {"x": 4, "y": 2}}}, "c": 9},
            ["root", "c"],
            3,
        ),
        ("mutation { __typename c }", {"__typename": "Mutation", "c": 9}, ["c"], 1),
    ],
)
async def test_mutations(
    mode: CompileMode, text: str, data: Any, order: list[str], requests: int
) -> None:
    """Strictly in document order, each exactly once, whatever must be fetched between."""
    world, done = changing()
    result = await world.answer(text, mode=mode)
    assert result.data == data
    assert done == order
    assert world.requests() == requests


# --- values --------------------------------------------------------------------------------------


def valued() -> RowWorld:
    """Scalars of our own, lists of all kinds, entities that repeat."""
    return RowWorld(
        a=RowSubgraph(
            """
            type Query {
              json: JSON jsons: [JSON] empty: [Item] none: [Item] holes: [[Item]] same: [Item]
              f: Float id: ID big: Int odd: Int flag: Boolean text: String
            }
            scalar JSON
            type Item @key(fields: "id") { id: ID! data: JSON @shareable on: Flag }
            type Flag @key(fields: "on n") { on: Boolean n: Int }
            """,
            roots={
                "json": {"a": [1, {"b": None}], "__typename": "x"},
                "jsons": [1, "x", None, [True]],
                "empty": [],
                "none": None,
                "holes": [[Ref("Item", "1"), None], None, []],
                "same": [Ref("Item", "1")] * 3 + [Ref("Item", "2")],
                "f": 3,
                "id": 7,
                "big": 2_147_483_647,
                "odd": None,
                "flag": False,
                "text": "",
            },
            rows={
                "Item": [
                    {"id": "1", "data": {"k": 1}, "on": {"on": True, "n": 1}},
                    {"id": "2", "data": {"k": 2}, "on": {"on": True, "n": 0}},
                ]
            },
        ),
        b=RowSubgraph(
            """
            scalar JSON
            type Item @key(fields: "id") { id: ID! more: JSON name: String }
            type Flag @key(fields: "on n") { on: Boolean n: Int label: String }
            """,
            rows={
                "Item": [
                    {"id": "1", "more": {"m": [1]}, "name": "one"},
                    {"id": "2", "more": None, "name": "two"},
                ],
                "Flag": [
                    {"on": True, "n": 1, "label": "yes"},
                    {"on": True, "n": 0, "label": "no"},
                ],
            },
        ),
    )


@table(
    (
        "a scalar of our own is anything",
        "{ json jsons }",
        {"json": {"a": [1, {"b": None}], "__typename": "x"}, "jsons": [1, "x", None, [True]]},
        [],
        1,
    ),
    (
        "lists that are empty or null",
        "{ empty { name } none { name } }",
        {"empty": [], "none": None},
        [],
        1,
    ),
    (
        "holes in lists of lists",
        "{ holes { id name } }",
        {"holes": [[{"id": "1", "name": "one"}, None], None, []]},
        [],
        2,
    ),
    (
        "an entity that repeats is asked once",
        "{ same { name data more } }",
        {
            "same": [{"name": "one", "data": {"k": 1}, "more": {"m": [1]}}] * 3
            + [{"name": "two", "data": {"k": 2}, "more": None}]
        },
        [],
        2,
    ),
    (
        "a truth value and a number in one key",
        "{ same { on { label } } }",
        {"same": [{"on": {"label": "yes"}}] * 3 + [{"on": {"label": "no"}}]},
        [],
        2,
    ),
    (
        "scalars of the specification",
        "{ f id big odd flag text }",
        {"f": 3.0, "id": "7", "big": 2_147_483_647, "odd": None, "flag": False, "text": ""},
        [],
        1,
    ),
)
async def test_values(
    mode: CompileMode, text: str, data: Any, errors: list[Any], requests: int
) -> None:
    """Every value arrives as it was given, at every place that it belongs to."""
    await check(valued(), mode, text, data, errors, requests)


async def test_a_repeated_entity_is_one_representation(mode: CompileMode) -> None:
    """Representations are de-duplicated, results restored to every position."""
    world = valued()
    await world.answer("{ same { name } }", mode=mode)
    (request,) = world.subgraphs["b"].requests
    assert request.representations == [
        {"__typename": "Item", "id": "1"},
        {"__typename": "Item", "id": "2"},
    ]


# --- subgraphs as they are found -----------------------------------------------------------------


def old() -> RowWorld:
    """A schema without @link, a renamed root, an extension that repeats its key as @external."""
    return RowWorld(
        a=RowSubgraph(
            """
            type Query { me: User users: [User] }
            type User @key(fields: "id") { id: ID! name: String }
            """,
            roots={"me": Ref("User", "1"), "users": [Ref("User", "1"), Ref("User", "2")]},
            rows={"User": [{"id": "1", "name": "a"}, {"id": "2", "name": "b"}]},
            header="",
        ),
        b=RowSubgraph(
            """
            extend type Query { reviews: [Review] }
            type Review { id: ID! by: User @provides(fields: "name") }
            extend type User @key(fields: "id") {
              id: ID! @external name: String @external reviews: [Review]
              shout: String @requires(fields: "name")
            }
            """,
            roots={"reviews": [{"id": "r", "by": {"id": "1", "name": "a"}}]},
            rows={
                "User": [
                    {
                        "id": "1",
                        "reviews": [{"id": "r", "by": {"id": "1", "name": "a"}}],
                        "shout": lambda row, _: row["name"].upper(),
                    },
                    {"id": "2", "reviews": [], "shout": lambda row, _: row["name"].upper()},
                ]
            },
            header="",
        ),
        c=RowSubgraph(
            """
            schema { query: Root }
            type Root { version: Int again: Root }
            type User @key(fields: "id") { id: ID! email: String }
            """,
            roots={"version": 3, "again": {"version": 3}},
            rows={"User": [{"id": "1", "email": "x@y.example"}]},
        ),
    )


@table(
    (
        "an extension's own field",
        "{ users { reviews { id } } }",
        {"users": [{"reviews": [{"id": "r"}]}, {"reviews": []}]},
        [],
        2,
    ),
    (
        "a requirement of the old form",
        "{ users { shout } }",
        {"users": [{"shout": "A"}, {"shout": "B"}]},
        [],
        2,
    ),
    (
        "provided in the old form",
        "{ reviews { by { name } } }",
        {"reviews": [{"by": {"name": "a"}}]},
        [],
        1,
    ),
    (
        "the key of an extension",
        "{ reviews { by { id } } }",
        {"reviews": [{"by": {"id": "1"}}]},
        [],
        1,
    ),
    ("a renamed root", "{ version }", {"version": 3}, [], 1),
    (
        "a fragment on the renamed root",
        "{ ... on Query { __typename version } }",
        {"__typename": "Query", "version": 3},
        [],
        1,
    ),
    (
        "the renamed root below itself",
        "{ again { __typename version me { name } } }",
        {"again": {"__typename": "Query", "version": 3, "me": {"name": "a"}}},
        [],
        2,
    ),
    (
        "an unknown entity of a third subgraph",
        "{ users { email } }",
        {"users": [{"email": "x@y.example"}, {"email": None}]},
        [],
        2,
    ),
    (
        "all three",
        "{ me { name email shout reviews { by { name } } } version }",
        {
            "me": {
                "name": "a",
                "email": "x@y.example",
                "shout": "A",
                "reviews": [{"by": {"name": "a"}}],
            },
            "version": 3,
        },
        [],
        4,
    ),
)
async def test_old_and_renamed(
    mode: CompileMode, text: str, data: Any, errors: list[Any], requests: int
) -> None:
    """Federation 1 and roots of other names are joined like the rest."""
    await check(old(), mode, text, data, errors, requests)


@pytest.mark.parametrize(("value", "extra"), [(True, {"id": "1"}), (False, {})])
async def test_a_mutation_asked_again_under_a_condition_runs_once(
    mode: CompileMode, value: bool, extra: dict[str, Any]
) -> None:
    """Fields of one response name are one field, wherever the document repeats it."""
    world, done = changing()
    text = "mutation ($v: Boolean!) { a { x } c ... @include(if: $v) { a { id } } }"
    result = await world.answer(text, {"v": value}, mode=mode)
    assert result.data == {"a": {"x": 4, **extra}, "c": 9}
    assert done == ["a", "c"]


@pytest.mark.parametrize("value", [True, False])
async def test_two_conditions_on_a_field_of_a_renamed_root(mode: CompileMode, value: bool) -> None:
    """Conditions are written without the root's name, which the subgraph does not know."""
    inner = "... @include(if: $v) { version @include(if: $w) me { id } }"
    text = f"query ($v: Boolean!, $w: Boolean!) {{ {inner} }}"
    result = await old().answer(text, {"v": True, "w": value}, mode=mode)
    assert result.errors == []
    assert result.data == {**({"version": 3} if value else {}), "me": {"id": "1"}}
