"""Fields that a fetch gives under internal aliases are held under their own names."""

from __future__ import annotations

import functools

import pytest

from gateway.executor.executor import CompileMode
from gateway.executor.state.plan_fetches import fetches_of
from tests.testkit.both_ways import check_both_ways, is_compiled, prepare
from tests.testkit.graph_world import GraphWorld

pytestmark = pytest.mark.anyio

SEEDS = 3
# Each field that two types have is nullable in the supergraph, and in each subgraph not for one.
WORLD = {
    "a": """
        type Query { one: Thing many: [Thing!] rows: [[Thing]] }
        union Thing = X | Y
        type X @key(fields: "id") @shareable { id: ID! v: Int in: Left! list: [Left] }
        type Y @key(fields: "id") @shareable { id: ID! v: Int! in: Right list: [Right!]! }
        type Left @shareable { c: Int d: Item deep: [Left] }
        type Right @shareable { c: Int! d: Item! }
        type Item @key(fields: "id") { id: ID! name: String }
    """,
    "b": """
        type Query { pairs: [Pair] }
        union Pair = X | Y
        enum Kind { P Q }
        type X @key(fields: "id") @shareable {
          id: ID! v: Int! in: Left list: [Left!]! w: Int e: Kind s: Small
        }
        type Y @key(fields: "id") @shareable {
          id: ID! v: Int in: Right! list: [Right] w: Int! e: Kind! s: Large
        }
        type Left @shareable { c: Int! d: Item! deep: [Left] }
        type Right @shareable { c: Int d: Item }
        type Small @shareable { c: Float i: Item }
        type Large @shareable { c: Float! i: Item! }
        type Item @key(fields: "id") { id: ID! price: Int }
    """,
    "c": """
        type Query { other: Int }
        type X @key(fields: "id") @shareable {
          id: ID! w: Int! e: Kind! s: Small v: Int @external n: Int @requires(fields: "v")
        }
        type Y @key(fields: "id") @shareable {
          id: ID! w: Int e: Kind s: Large v: Int @external n: Int @requires(fields: "v")
        }
        enum Kind { P Q }
        type Small @shareable { c: Float! i: Item! }
        type Large @shareable { c: Float i: Item }
        type Item @key(fields: "id") { id: ID! }
    """,
}
OPERATIONS = [
    "{ one { ... on X { v } ... on Y { v } } }",
    "{ many { ... on X { in { c } } ... on Y { in { c } } } }",
    "{ many { ... on X { list { c } } ... on Y { list { c d { id } } } } }",
    "{ rows { ... on X { in { d { price name } } } ... on Y { in { d { price } } } } }",
    "{ many { ... on X { w e s { c } } ... on Y { w e s { c } } } }",
    "{ many { ... on X { w s { i { name } } } ... on Y { s { i { name } } w } } }",
    "{ pairs { ... on X { e w s { i { name price } } } ... on Y { e w s { i { name } } } } }",
    "{ many { ... on X { v n } ... on Y { n v } } }",
    "{ many { ... on X { q: v v } ... on Y { q: v } } pairs { ... on X { w } ... on Y { w } } }",
]


@functools.cache
def make_world() -> GraphWorld:
    """Compose it once."""
    return GraphWorld(**WORLD)


@pytest.mark.parametrize("text", OPERATIONS)
async def test_renamed_fields_are_answered_on_records(text: str) -> None:
    """At all depths, of roots and entities, in lists: as the reference answers, over any faults."""
    world = make_world()
    fetches = fetches_of(prepare(world, text, CompileMode.NEVER).plan)
    assert any(fetch.output_rewrites for fetch in fetches)
    assert is_compiled(world, text)
    for seed in range(SEEDS):
        await check_both_ways(world, text, {}, seed)
