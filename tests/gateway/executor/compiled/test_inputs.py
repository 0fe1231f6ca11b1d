"""Inputs of entity fetches that only their JSON tells apart, and wide interfaces."""

from __future__ import annotations

import pytest

from gateway.executor.executor import CompileMode
from tests.testkit.both_ways import check_both_ways, is_compiled, prepare
from tests.testkit.graph_world import GraphWorld

pytestmark = pytest.mark.anyio

WORLD = {
    "a": """
        scalar Any
        type Query { posts: [Post] }
        type Post @key(fields: "id") { id: ID! grid: [[Float]!] mark: Any row: [Float!] }
    """,
    "b": """
        scalar Any
        type Query { other: Int }
        type Post @key(fields: "id") {
          id: ID! grid: [[Float]!] @external mark: Any @external row: [Float!] @external
          size: Int @requires(fields: "grid row") rank: Int @requires(fields: "mark")
        }
    """,
}


@pytest.mark.parametrize("text", ["{ posts { size grid } }", "{ posts { rank mark size } }"])
async def test_inputs_in_lists_and_of_any_kind_run_on_records(text: str) -> None:
    """A whole number for a Float, however deep, and a scalar of another kind are as they came."""
    world = GraphWorld(**WORLD)
    assert is_compiled(world, text)
    for seed in range(8):
        await check_both_ways(world, text, {}, seed)


async def test_a_scalar_of_another_kind_becomes_a_habit() -> None:
    """After three deviations its JSON tells it, and records answer."""
    program = prepare(GraphWorld(**WORLD), "{ posts { rank } }", CompileMode.ALWAYS).program
    narrow = program.note_use({})
    for _ in range(3):
        program.note_end(has_deviated=True, wider_for="Any")
    wide = program.note_use({})
    assert wide is not None
    assert wide is not narrow
    assert wide is program.note_use({})


def interface_of(count: int) -> GraphWorld:
    """Make an interface of many types."""
    types = " ".join(f"type T{n} implements Node {{ id: ID! f{n}: Int }}" for n in range(count))
    return GraphWorld(a=f"interface Node {{ id: ID! }} {types} type Query {{ nodes: [Node!] }}")


async def test_an_interface_of_many_types_runs_on_records() -> None:
    """As long as its places are not hundreds, which would take long to compile."""
    world, text = (
        interface_of(40),
        "{ nodes { __typename id ... on T7 { f7 } ... on T39 { f39 } } }",
    )
    assert is_compiled(world, text)
    for seed in range(4):
        await check_both_ways(world, text, {}, seed)
    assert not is_compiled(interface_of(501), "{ nodes { id } }")
