"""@context and @fromContext: arguments that the nearest object above gives, never the client."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.executor.executor import CompileMode
from tests.testkit.row_world import Ref, RowSubgraph, RowWorld

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("mode", [CompileMode.NEVER, CompileMode.ALWAYS], ids=str),
]


def said(name: str) -> Any:
    """Resolve a field to its arguments, so that answers show what was sent."""

    def resolve(row: dict[str, Any], arguments: dict[str, Any]) -> str:
        shown = ",".join(f"{key}={value}" for key, value in sorted(arguments.items()))
        return f"{name} of {row['id']}: {shown}"

    return resolve


def shops(**parts: Any) -> RowWorld:
    """Shops set a currency, items take it; prices are said to live where items do."""
    a = RowSubgraph(
        """
        type Query { shop: Shop shops: [Shop] }
        type Shop @key(fields: "id") @context(name: "shop") {
          id: ID! code: String currency: String items: [Item] main: Item
          branch: Shop rows: [[Item]] owner: Owner
        }
        type Owner @context(name: "shop") { currency: String best: Item }
        type Item @key(fields: "id") {
          id: ID!
          price(digits: Int, currency: String @fromContext(field: "$shop { currency }")): String
          label(
            a: String @fromContext(field: "$shop { currency }")
            b: String @fromContext(field: "$shop ... on Shop { code } ... on Owner { currency }")
          ): String
          near: Item
        }
        """,
        roots={
            "shop": Ref("Shop", "1"),
            "shops": [Ref("Shop", each) for each in ("1", "2", "3")],
        },
        rows={
            "Shop": [
                {
                    "id": "1",
                    "code": "c1",
                    "currency": parts.get("currency", "IDR"),
                    "items": [Ref("Item", "a"), Ref("Item", "b")],
                    "main": Ref("Item", "a"),
                    "branch": Ref("Shop", "2"),
                    "rows": [[Ref("Item", "a")], [Ref("Item", "b"), None]],
                    "owner": {"currency": "EUR", "best": Ref("Item", "b")},
                },
                {"id": "2", "currency": "SGD", "items": [Ref("Item", "a")]},
                {"id": "3", "currency": "IDR", "items": [Ref("Item", "a"), None]},
            ],
            "Item": [
                {
                    "id": each,
                    "price": said("price"),
                    "label": said("label"),
                    "near": Ref("Item", "b"),
                }
                for each in ("a", "b")
            ],
        },
    )
    b = RowSubgraph(
        """
        type Query { other: Int }
        type Item @key(fields: "id") { id: ID! stock: Int twin: Item }
        type Shop @key(fields: "id") { id: ID! deals: [Item] }
        """,
        roots={"other": 1},
        rows={
            "Item": [{"id": each, "stock": 5, "twin": Ref("Item", "b")} for each in ("a", "b")],
            "Shop": [{"id": "1", "deals": [Ref("Item", "b")]}],
        },
    )
    return RowWorld(a=a, b=b)


async def check(
    world: RowWorld, mode: CompileMode, text: str, expected: Any, requests: int
) -> None:
    """Ask and compare."""
    result = await world.answer(text, mode=mode)
    assert result.errors == []
    assert result.data == expected
    assert world.requests() == requests


async def test_the_object_above_gives_the_argument(mode: CompileMode) -> None:
    """Its value travels as a variable of an entity fetch into the same subgraph."""
    expected = {"shop": {"main": {"price": "price of a: currency=IDR"}}}
    await check(shops(), mode, "{ shop { main { price } } }", expected, 2)


async def test_what_the_client_needs_no_entity_for_is_not_fetched_twice(mode: CompileMode) -> None:
    """Other fields of the object come with the first fetch, and the context is stripped."""
    await check(
        shops(),
        mode,
        "{ shop { items { id price(digits: 2) } } }",
        {
            "shop": {
                "items": [
                    {"id": each, "price": f"price of {each}: currency=IDR,digits=2"}
                    for each in ("a", "b")
                ]
            }
        },
        2,
    )


async def test_each_object_gives_its_own_value(mode: CompileMode) -> None:
    """A batch is parted by value, and its parts still are one request; equal ones are one part."""
    world = shops()
    await check(
        world,
        mode,
        "{ shops { items { price } } }",
        {
            "shops": [
                {
                    "items": [
                        {"price": "price of a: currency=IDR"},
                        {"price": "price of b: currency=IDR"},
                    ]
                },
                {"items": [{"price": "price of a: currency=SGD"}]},
                {"items": [{"price": "price of a: currency=IDR"}, None]},
            ]
        },
        2,
    )
    sent = world.subgraphs["a"].requests[1].variables
    assert [len(value) for value in sent.values() if isinstance(value, list)] == [2, 1]


async def test_parts_are_separate_requests_where_they_may_not_be_shared(mode: CompileMode) -> None:
    """The same answer, by one request per value."""
    world = shops()
    together = await world.answer("{ shops { items { price label } } }", mode=mode)
    count = world.requests()
    apart = await world.answer("{ shops { items { price label } } }", mode=mode, batched=False)
    assert together.data == apart.data
    assert (count, world.requests()) == (2, 4)


async def test_the_nearest_object_wins(mode: CompileMode) -> None:
    """A shop's branch is a shop of its own, and another type may set the same context."""
    text = "{ shop { branch { items { price } } owner { best { price } } } }"
    expected = {
        "shop": {
            "branch": {"items": [{"price": "price of a: currency=SGD"}]},
            "owner": {"best": {"price": "price of b: currency=EUR"}},
        }
    }
    await check(shops(), mode, text, expected, 2)


async def test_two_arguments_of_one_field(mode: CompileMode) -> None:
    """Each setter has its own selection."""
    text = "{ shop { main { label } owner { best { label } } } }"
    expected = {
        "shop": {
            "main": {"label": "label of a: a=IDR,b=c1"},
            "owner": {"best": {"label": "label of b: a=EUR,b=EUR"}},
        }
    }
    await check(shops(), mode, text, expected, 2)


async def test_lists_of_lists(mode: CompileMode) -> None:
    """Positions are kept."""
    expected = {
        "shop": {
            "rows": [
                [{"price": "price of a: currency=IDR"}],
                [{"price": "price of b: currency=IDR"}, None],
            ]
        }
    }
    await check(shops(), mode, "{ shop { rows { price } } }", expected, 2)


async def test_an_object_far_above(mode: CompileMode) -> None:
    """Objects between that set nothing are passed over."""
    expected = {"shop": {"main": {"near": {"near": {"price": "price of b: currency=IDR"}}}}}
    await check(shops(), mode, "{ shop { main { near { near { price } } } } }", expected, 2)


async def test_aliases_and_a_jump_from_another_subgraph(mode: CompileMode) -> None:
    """The object is reached by way of the other subgraph, the context is still above it."""
    text = "{ s: shop { deals { p: price q: price(digits: 1) } currency: id } }"
    expected = {
        "s": {
            "deals": [{"p": "price of b: currency=IDR", "q": "price of b: currency=IDR,digits=1"}],
            "currency": "1",
        }
    }
    await check(shops(), mode, text, expected, 3)


async def test_a_null_value_is_an_argument_too(mode: CompileMode) -> None:
    """Null is sent as null."""
    expected = {"shop": {"main": {"price": "price of a: currency=None"}}}
    await check(shops(currency=None), mode, "{ shop { main { price } } }", expected, 2)


async def test_a_value_lost_to_a_failure_withholds_the_field(mode: CompileMode) -> None:
    """Nobody is asked, and the field is null for the failure's reason."""
    world = shops(currency=ValueError("broken"))
    result = await world.answer("{ shop { main { id price } } }", mode=mode)
    assert result.data == {"shop": {"main": {"id": "a", "price": None}}}
    assert [each["extensions"]["code"] for each in result.errors] == ["BROKEN", "BROKEN"]
    assert world.requests() == 1


async def test_the_client_may_use_the_name_of_the_variable(mode: CompileMode) -> None:
    """Its own variables keep their names and values."""
    name = "contextualArgument_0"
    text = f"query (${name}: Int) {{ shops {{ items {{ price(digits: ${name}) }} }} }}"
    result = await shops().answer(text, {name: 7}, mode=mode)
    assert result.errors == []
    assert result.data is not None
    assert result.data["shops"][1] == {"items": [{"price": "price of a: currency=SGD,digits=7"}]}


async def test_a_failing_part_leaves_the_others(mode: CompileMode) -> None:
    """Errors keep the place of the entity that they concern, whichever part it was in."""
    world = shops()
    rows = world.subgraphs["a"]._rows["Item"]

    def price(row: dict[str, Any], arguments: dict[str, Any]) -> str:
        if arguments["currency"] == "SGD":
            raise ValueError("no such currency")
        return str(arguments["currency"])

    rows[0]["price"] = price
    result = await world.answer("{ shops { items { price } } }", mode=mode)
    assert result.data == {
        "shops": [
            {"items": [{"price": "IDR"}, {"price": "price of b: currency=IDR"}]},
            {"items": [{"price": None}]},
            {"items": [{"price": "IDR"}, None]},
        ]
    }
    assert [each["path"] for each in result.errors] == [["shops", 1, "items", 0, "price"]]


def abstract() -> RowWorld:
    """Contexts that are set by the root, by members of a union, and by an interface."""
    said_all = said("it")
    items = [{"id": "1", "u": said_all}, {"id": "2", "u": said_all}]
    shop = {"__typename": "Shop", "code": "c1", "kid": Ref("Item", "1")}
    farm = {"__typename": "Farm", "acre": "a2", "kid": Ref("Item", "2")}
    return RowWorld(
        a=RowSubgraph(
            """
            type Query @context(name: "q") {
              any: [Host] hosts: [Hosted] lang: String tags: [Tagged] item: Worded
            }
            union Host = Shop | Farm
            interface Hosted { kid: Item }
            type Shop implements Hosted @context(name: "u") { kid: Item code: String }
            type Farm implements Hosted @context(name: "u") { kid: Item acre: String }
            interface Tagged @context(name: "h") { tag: String deep: Labeled }
            type Box implements Tagged { tag: String deep: Labeled }
            type Bag implements Tagged { tag: String deep: Labeled }
            type Labeled @key(fields: "id") {
              id: ID! h(v: String @fromContext(field: "$h { tag }")): String
            }
            type Item @key(fields: "id") {
              id: ID!
              u(
                v: String @fromContext(field: "$u ... on Shop { code } ... on Farm { acre }")
              ): String
            }
            type Worded @key(fields: "id") {
              id: ID! q(v: String @fromContext(field: "$q { lang }")): String
            }
            """,
            roots={
                "any": [shop, farm],
                "hosts": [farm, shop, None],
                "lang": "id",
                "item": Ref("Worded", "1"),
                "tags": [
                    {"__typename": "Box", "tag": "t1", "deep": Ref("Labeled", "1")},
                    {"__typename": "Bag", "tag": "t2", "deep": Ref("Labeled", "1")},
                ],
            },
            rows={
                "Item": items,
                "Labeled": [{"id": "1", "h": said_all}],
                "Worded": [{"id": "1", "q": said_all}],
            },
        )
    )


@pytest.mark.parametrize(
    ("text", "expected", "requests"),
    [
        ("{ item { q } }", {"item": {"q": "it of 1: v=id"}}, 2),
        (
            "{ hosts { kid { u } } }",
            {"hosts": [{"kid": {"u": "it of 2: v=a2"}}, {"kid": {"u": "it of 1: v=c1"}}, None]},
            2,
        ),
        (
            "{ any { ... on Shop { kid { u } } ... on Farm { kid { u } } } }",
            {"any": [{"kid": {"u": "it of 1: v=c1"}}, {"kid": {"u": "it of 2: v=a2"}}]},
            2,
        ),
        (
            "{ any { ... on Hosted { kid { u } } } }",
            {"any": [{"kid": {"u": "it of 1: v=c1"}}, {"kid": {"u": "it of 2: v=a2"}}]},
            2,
        ),
        (
            "{ tags { deep { h } } }",
            {"tags": [{"deep": {"h": "it of 1: v=t1"}}, {"deep": {"h": "it of 1: v=t2"}}]},
            2,
        ),
        (
            "{ tags { ... on Box { deep { h } } } }",
            {"tags": [{"deep": {"h": "it of 1: v=t1"}}, {}]},
            2,
        ),
        (
            "{ item { q } tags { deep { h } } }",
            {
                "item": {"q": "it of 1: v=id"},
                "tags": [{"deep": {"h": "it of 1: v=t1"}}, {"deep": {"h": "it of 1: v=t2"}}],
            },
            2,
        ),
    ],
)
async def test_setters_of_all_kinds(
    mode: CompileMode, text: str, expected: Any, requests: int
) -> None:
    """The root, an object behind an interface or union, and an interface itself set contexts."""
    await check(abstract(), mode, text, expected, requests)


@pytest.mark.parametrize(("value", "requests"), [(True, 2), (False, 1)])
async def test_an_excluded_field_needs_no_context(
    mode: CompileMode, value: bool, requests: int
) -> None:
    """Nothing is sent for a field that is not asked."""
    world = shops()
    text = "query ($v: Boolean!) { shop { main { id price @include(if: $v) } } }"
    result = await world.answer(text, {"v": value}, mode=mode)
    shown = {"price": "price of a: currency=IDR"} if value else {}
    assert result.data == {"shop": {"main": {"id": "a", **shown}}}
    assert world.requests() == requests
