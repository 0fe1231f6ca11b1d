"""Fetch groups hold what fits together: one representation has one value per name."""

from __future__ import annotations

import pytest

from tests.testkit.graph_world import GraphWorld

pytestmark = pytest.mark.anyio


async def test_inputs_that_differ_deep_inside_go_in_two_representations() -> None:
    """Two fields that want one nested field with different arguments are sent apart."""
    world = GraphWorld(
        a="""
        type Query { t: T! }
        type T @key(fields: "id") { id: ID! v: V! }
        type V { x(n: Int): Int! @shareable }
        """,
        b="""
        type T @key(fields: "id") {
            id: ID!
            v: V! @external
            r: Int! @requires(fields: "v { x(n: 1) }")
            s: Int! @requires(fields: "v { x(n: 2) }")
        }
        type V { x(n: Int): Int! @shareable }
        """,
    )
    text = "{ t { r s } }"
    data, errors = await world.answer(text, {})
    assert errors == []
    assert data == world.truth(text, {})
