"""The order of a plan's fetches under one outcome of its conditions.

In: the plan's nodes, the outcome. Out: an ``Order``: what runs after what, which answers are merged
first, and of which that is not known. Fetches that ask nothing are left out, and so are levels that
hold none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeAlias, assert_never

from gateway.executor.state.plan_fetches import asks_anything
from gateway.plan.nodes import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    SequenceNode,
)

__all__ = ["Leaf", "Order", "build_order", "fetch_of"]

Leaf: TypeAlias = "FetchNode | FlattenNode"


@dataclass(frozen=True, slots=True)
class Order:
    """Levels that run one after another.

    The branches of a level run at the same time; where there is only one, it is a fetch.
    """

    levels: tuple[tuple[Leaf | Order, ...], ...]

    def merged(self) -> Iterator[Leaf]:
        """Give all fetches in the order in which their answers are merged.

        A branch of several levels merges as it goes, before the single fetches beside it.
        """
        for level in self.levels:
            for branch in level:
                if isinstance(branch, Order):
                    yield from branch.merged()
            for branch in level:
                if not isinstance(branch, Order):
                    yield branch

    def unordered(self) -> Iterator[frozenset[int]]:
        """Give the pairs of fetches of which either may be merged first."""
        for level in self.levels:
            branches = [branch for branch in level if isinstance(branch, Order)]
            for branch in branches:
                yield from branch.unordered()
            for one, other in combinations(branches, 2):
                for each in one.merged():
                    for beside in other.merged():
                        yield frozenset((fetch_of(each).id, fetch_of(beside).id))


def fetch_of(leaf: Leaf) -> FetchNode:
    """Give the fetch itself, without the place that it is for."""
    return leaf.node if isinstance(leaf, FlattenNode) else leaf


def build_order(node: PlanNode | None, variables: Mapping[str, Any]) -> Order:
    """Decide the conditions of a plan."""
    return Order(tuple(_levels(node, variables)))


def _levels(node: PlanNode | None, variables: Mapping[str, Any]) -> list[tuple[Leaf | Order, ...]]:
    match node:
        case FetchNode() | FlattenNode():
            return [(node,)] if asks_anything(fetch_of(node), variables) else []
        case SequenceNode():
            return [level for each in node.nodes for level in _levels(each, variables)]
        case ParallelNode():
            return _at_once([_levels(each, variables) for each in node.nodes])
        case ConditionNode():
            chosen = node.if_clause if variables.get(node.variable) else node.else_clause
            return _levels(chosen, variables)
        case None:
            return []
        case _:
            assert_never(node)


def _at_once(parts: list[list[tuple[Leaf | Order, ...]]]) -> list[tuple[Leaf | Order, ...]]:
    """Make one level of parts that run at the same time; a part of one level joins it."""
    parts = [part for part in parts if part]
    if len(parts) == 1:
        return parts[0]
    branches: list[Leaf | Order] = []
    for part in parts:
        if len(part) == 1:
            branches.extend(part[0])
        else:
            branches.append(Order(tuple(part)))
    return [tuple(branches)] if branches else []
