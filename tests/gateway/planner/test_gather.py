"""Inputs are gathered whole: what a @requires field is sent is true, whatever it asks for."""

from __future__ import annotations

import pytest

from tests.testkit.graph_world import GraphWorld

pytestmark = pytest.mark.anyio


async def assert_answers_truly(world: GraphWorld, text: str) -> None:
    """Nothing is refused, and the answer is the truth."""
    data, errors = await world.answer(text, {})
    assert errors == []
    assert data == world.truth(text, {})


async def test_an_object_of_which_nothing_is_taken_is_sent_all_the_same() -> None:
    """Where no fragment of a requirement can match, the object goes out empty and not as null."""
    world = GraphWorld(
        a="""
        type Query { t: T! }
        type T @key(fields: "id") { id: ID! u: U! @shareable }
        union U = A
        type A { x: Int @shareable }
        """,
        b="""
        type T @key(fields: "id") { id: ID! u: U! @shareable }
        union U = A | B
        type A { x: Int @shareable }
        type B { y: Int @shareable }
        """,
        c="""
        type T @key(fields: "id") {
            id: ID!
            u: U! @external
            r: Int! @requires(fields: "u { ... on B { y } }")
        }
        union U = A | B
        type A { x: Int @shareable }
        type B { y: Int @shareable }
        """,
    )
    await assert_answers_truly(world, "{ t { r } }")


async def test_fragments_below_an_interface_object_are_gathered_by_real_type() -> None:
    """What an @interfaceObject returns is asked for its type before a fragment is read of it."""
    world = GraphWorld(
        a="""
        type Query { m: M! }
        interface F @key(fields: "id") { id: ID! }
        type M implements F @key(fields: "id") {
            id: ID!
            x: Int!
            far: F! @external
            r: Int! @requires(fields: "far { ... on M { x } ... on N { y } }")
        }
        type N implements F @key(fields: "id") { id: ID! y: Int! }
        """,
        b="""
        type F @interfaceObject @key(fields: "id") { id: ID! far: F! }
        """,
    )
    await assert_answers_truly(world, "{ m { r } }")
