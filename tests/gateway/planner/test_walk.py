"""The walk keeps what may turn out cheaper once all leaves are known."""

from __future__ import annotations

from tests.testkit.graph_world import GraphWorld
from tests.testkit.planning import fetches_in


def test_a_shared_list_is_taken_from_where_something_else_is_asked_anyway() -> None:
    """Two subgraphs give the list equally well; the one that also answers a neighbor is asked."""
    world = GraphWorld(
        a="""
        type Query { list: [T] @shareable }
        type T @key(fields: "id") { id: ID! }
        """,
        b="""
        type Query { list: [T] @shareable count: Int }
        type T @key(fields: "id") { id: ID! }
        """,
        c="""
        type T @key(fields: "id") { id: ID! v: V }
        type V { x: Int }
        """,
    )
    plan = world.plan("{ list { v { x } } count }")
    assert [fetch.subgraph for fetch in fetches_in(plan)] == ["b", "c"]
