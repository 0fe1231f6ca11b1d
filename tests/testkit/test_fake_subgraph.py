"""The fake subgraph refuses what it does not know, as a real server would."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_schema

from adapters.contract import CallContext, Representation, SubgraphRequest, SubgraphResponse
from tests.testkit.fake_subgraph import FakeSubgraph, Ref, failing
from tests.testkit.hand_plan import HandPlan

pytestmark = pytest.mark.anyio

KNOWN = build_schema("""
    type Query { me: User, pets: [Pet], secret: Int }
    type User { id: ID!, name(upper: Boolean, other: Int): String, age: Int, total: Int, pet: Pet }
    interface Pet { id: ID }
    type Cat implements Pet { id: ID, lives: Int }
    type Dog implements Pet { id: ID, tricks: Int }
""")


def fake() -> FakeSubgraph:
    """Make a subgraph that knows a part of ``KNOWN``."""
    return FakeSubgraph(
        """
        type Query { me: User, pets: [Pet] }
        type User { id: ID!, name(upper: Boolean): String, total: Int, pet: Pet }
        interface Pet { id: ID }
        type Cat implements Pet { id: ID, lives: Int }
        """,
        rows={
            "User": [
                {
                    "id": "1",
                    "name": lambda row, arguments: "ADA" if arguments.get("upper") else "Ada",
                    "total": lambda row, arguments: row["price"] * 2,
                }
            ]
        },
        roots={
            "me": Ref("User", "1"),
            "pets": [{"__typename": "Cat", "id": "c", "lives": 9}, None],
        },
    )


async def ask(
    text: str, *representations: Representation, variables: dict[str, Any] | None = None
) -> SubgraphResponse:
    """Ask the fake for a root selection, or for entities."""
    on = "_Entity" if representations else "Query"
    request = SubgraphRequest(
        "s",
        b"",
        HandPlan(KNOWN).selection(on, text),
        CallContext(),
        variables or {},
        list(representations) or None,
    )
    return await fake().execute(request)


async def test_roots_references_arguments_and_types() -> None:
    """Rows are followed, functions called with arguments, type names answered."""
    response = await ask(
        "{ me { id a: name b: name(upper: $up) } pets { __typename ... on Cat { lives } } }",
        variables={"up": True},
    )
    assert response.errors == ()
    assert response.data == {
        "me": {"id": "1", "a": "Ada", "b": "ADA"},
        "pets": [{"__typename": "Cat", "lives": 9}, None],
    }


async def test_entities_are_found_by_key_and_get_their_inputs() -> None:
    """An unknown entity is null; @requires inputs reach the function."""
    response = await ask(
        "{ ... on User { __typename total } }",
        {"__typename": "User", "id": "1", "price": 4},
        {"__typename": "User", "id": "9", "price": 4},
    )
    assert response.data == [{"__typename": "User", "total": 8}, None]


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("{ secret }", '"secret" on type "Query"'),
        ("{ me { age } }", '"age" on type "User"'),
        ("{ me { name(other: 1) } }", '"other" on field "User.name"'),
        ("{ pets { ... on Dog { tricks } } }", '"Dog"'),
    ],
    ids=["root field", "field", "argument", "type"],
)
async def test_what_is_unknown_is_refused(text: str, refused: str) -> None:
    """No data at all, and an error that names the culprit."""
    response = await ask(text)
    assert response.data is None
    assert refused in response.errors[0].message


async def test_a_failing_subgraph_fails_by_data() -> None:
    """The contract never raises."""
    request = SubgraphRequest(
        "s", b"", HandPlan(KNOWN).selection("Query", "{ x: me { id } }"), CallContext()
    )
    response = await failing("KUOTA_HABIS").execute(request)
    assert (response.data, response.errors[0].code) == (None, "KUOTA_HABIS")
