"""Lists the fetches of a plan.

In: a plan. Out: its ``FetchNode``s in document order, both branches of every condition included.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from gateway.plan.nodes import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    QueryPlan,
    SequenceNode,
)

__all__ = ["fetches_of"]


def fetches_of(plan: QueryPlan) -> tuple[FetchNode, ...]:
    """Give every fetch that the plan may send."""
    return tuple(_walk(plan.node))


def _walk(node: PlanNode | None) -> Iterator[FetchNode]:
    match node:
        case None:
            return
        case FetchNode():
            yield node
        case FlattenNode():
            yield node.node
        case SequenceNode() | ParallelNode():
            for each in node.nodes:
                yield from _walk(each)
        case ConditionNode():
            yield from _walk(node.if_clause)
            yield from _walk(node.else_clause)
        case _:
            assert_never(node)
