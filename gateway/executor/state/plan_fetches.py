"""Lists the fetches of a plan.

In: a plan. Out: its ``FetchNode``s in document order, both branches of every condition included;
the subgraphs that it may ask for entities twice at the same time; whether a fetch asks anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from gateway.executor.state.visible_names import holds
from gateway.plan.nodes import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    QueryPlan,
    SequenceNode,
)
from schema.selection import Field, SelectionSet

__all__ = ["asked_at_once", "asks_anything", "fetches_of"]


def fetches_of(plan: QueryPlan) -> tuple[FetchNode, ...]:
    """Give every fetch that the plan may send."""
    return tuple(_walk(plan.node))


def asked_at_once(plan: QueryPlan) -> frozenset[str]:
    """Name the subgraphs that are asked for entities twice at once.

    By several branches of one level, or by one fetch under several contexts.
    """
    found: set[str] = set()
    if plan.node is not None:
        _note_branches(plan.node, found)
    return frozenset(found)


def asks_anything(fetch: FetchNode, variables: Mapping[str, Any]) -> bool:
    """Tell whether a fetch selects anything: each of its fields may have its own condition."""
    return not fetch.variables or _selects_anything(fetch.selection_set, variables)


def _selects_anything(selections: SelectionSet, variables: Mapping[str, Any]) -> bool:
    return any(
        isinstance(selection, Field) or _selects_anything(selection.selections, variables)
        for selection in selections
        if holds(selection.conditions, variables)
    )


def _note_branches(node: PlanNode, found: set[str]) -> set[str]:
    """Give the subgraphs asked for entities below ``node``; note those of several branches."""
    match node:
        case FetchNode():
            return {node.subgraph} if node.requires is not None else set()
        case FlattenNode():
            if node.node.contexts:
                found.add(node.node.subgraph)
            return {node.node.subgraph} if node.node.requires is not None else set()
        case SequenceNode() | ParallelNode():
            branches = [_note_branches(each, found) for each in node.nodes]
        case ConditionNode():
            clauses = (node.if_clause, node.else_clause)
            branches = [_note_branches(each, found) for each in clauses if each is not None]
        case _:
            assert_never(node)
    asked: set[str] = set()
    for branch in branches:
        if isinstance(node, ParallelNode):
            found.update(asked & branch)
        asked |= branch
    return asked


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
