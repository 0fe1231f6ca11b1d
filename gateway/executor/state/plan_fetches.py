"""Lists the fetches of a plan.

In: a plan. Out: its ``FetchNode``s in document order, both branches of every condition included;
which of them may ask one subgraph for entities at the same time; whether a fetch asks anything.
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


def asked_at_once(plan: QueryPlan) -> dict[int, int]:
    """Give the level, by id, of the entity fetches that may be ready together with another.

    A level is how many fetches come before, on the longest way: of two fetches to one subgraph that
    are on different levels, the later never shares a request with the earlier, which would have to
    wait for it. A fetch under several contexts is ready together with itself.
    """
    found: dict[tuple[str, int], list[int]] = {}
    if plan.node is not None:
        _note_levels(plan.node, 0, found)
    return {
        fetch_id: level for (_, level), ids in found.items() if len(ids) > 1 for fetch_id in ids
    }


def asks_anything(fetch: FetchNode, variables: Mapping[str, Any]) -> bool:
    """Tell whether a fetch selects anything: each of its fields may have its own condition."""
    return not fetch.variables or _selects_anything(fetch.selection_set, variables)


def _selects_anything(selections: SelectionSet, variables: Mapping[str, Any]) -> bool:
    return any(
        isinstance(selection, Field) or _selects_anything(selection.selections, variables)
        for selection in selections
        if holds(selection.conditions, variables)
    )


def _note_levels(node: PlanNode, level: int, found: dict[tuple[str, int], list[int]]) -> int:
    """Note the entity fetches below ``node``, which begins at ``level``; give where it ends."""
    match node:
        case FetchNode():
            if node.requires is not None:
                found.setdefault((node.subgraph, level), []).append(node.id)
            return level + 1
        case FlattenNode():
            if node.node.contexts:
                _note_levels(node.node, level, found)
            return _note_levels(node.node, level, found)
        case SequenceNode():
            for each in node.nodes:
                level = _note_levels(each, level, found)
            return level
        case ParallelNode():
            ends = [_note_levels(each, level, found) for each in node.nodes]
        case ConditionNode():
            clauses = (node.if_clause, node.else_clause)
            ends = [_note_levels(each, level, found) for each in clauses if each is not None]
        case _:
            assert_never(node)
    return max(ends, default=level)


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
