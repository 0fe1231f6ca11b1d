"""Order the groups of a fetch graph as a plan.

In: an optimized fetch graph. Out: a ``PlanNode``: groups that share nothing run in parallel, those
that begin together come first, then, again in parallel where they share nothing, those that wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gateway.operation.model import OperationKind
from gateway.plan.nodes import (
    ConditionNode,
    FetchNode,
    FetchPath,
    FlattenNode,
    ParallelNode,
    PlanNode,
    Rewrite,
    SequenceNode,
    TypeCondition,
    TypenameSetter,
)
from gateway.planner.fetch_graph import FetchGraph, FetchGroup
from gateway.planner.moves import TYPENAME
from schema.selection import Field, Fragment, Selection, SelectionSet, variables_of

__all__ = ["build_plan_node", "in_parallel", "in_sequence", "number_fetches"]

ENTITY = "_Entity"


def build_plan_node(graph: FetchGraph, kind: OperationKind) -> PlanNode | None:
    """Order all groups."""
    return _order(list(graph.groups.values()), kind)


def in_sequence(nodes: Sequence[PlanNode | None]) -> PlanNode | None:
    """Run one after another; nested sequences become one."""
    flat: list[PlanNode] = []
    for node in nodes:
        if isinstance(node, SequenceNode):
            flat.extend(node.nodes)
        elif node is not None:
            flat.append(node)
    return flat[0] if len(flat) == 1 else SequenceNode(tuple(flat)) if flat else None


def in_parallel(nodes: Sequence[PlanNode | None]) -> PlanNode | None:
    """Run at the same time; nested parallels become one."""
    flat: list[PlanNode] = []
    for node in nodes:
        if isinstance(node, ParallelNode):
            flat.extend(node.nodes)
        elif node is not None:
            flat.append(node)
    return flat[0] if len(flat) == 1 else ParallelNode(tuple(flat)) if flat else None


def number_fetches(node: PlanNode | None) -> PlanNode | None:
    """Give every fetch its number, in document order."""
    return None if node is None else _Numbering().number(node)


def _order(groups: list[FetchGroup], kind: OperationKind) -> PlanNode | None:
    return in_parallel([_order_connected(part, kind) for part in _components(groups)])


def _order_connected(groups: list[FetchGroup], kind: OperationKind) -> PlanNode | None:
    ids = {group.id for group in groups}
    first = [group for group in groups if ids.isdisjoint(group.parents)]
    later = [group for group in groups if not ids.isdisjoint(group.parents)]
    begin = in_parallel([_build_node(group, kind) for group in first])
    return in_sequence([begin, _order(later, kind)]) if later else begin


def _components(groups: list[FetchGroup]) -> list[list[FetchGroup]]:
    """Part the groups into sets that do not wait for each other, in document order."""
    leader = {group.id: group.id for group in groups}

    def find(group_id: int) -> int:
        while leader[group_id] != group_id:
            group_id = leader[group_id]
        return group_id

    for group in groups:
        for parent in group.parents:
            if parent in leader:
                leader[find(group.id)] = find(parent)
    parts: dict[int, list[FetchGroup]] = {}
    for group in groups:
        parts.setdefault(find(group.id), []).append(group)
    return list(parts.values())


def _build_node(group: FetchGroup, kind: OperationKind) -> PlanNode:
    node: PlanNode
    if group.root is not None:
        selections = group.root.build(group.condition)
        if group.paths:
            node = FlattenNode(group.paths[0], _root_fetch(group, selections, OperationKind.QUERY))
        else:
            node = _root_fetch(group, selections, kind)
    else:
        path, *others = group.paths
        node = FlattenNode(path, _entity_fetch(group), tuple(others))
    for condition in sorted(group.condition, reverse=True):
        yes, no = (node, None) if condition.expected else (None, node)
        node = ConditionNode(condition.variable, yes, no)
    return node


def _root_fetch(group: FetchGroup, selection_set: SelectionSet, kind: OperationKind) -> FetchNode:
    return FetchNode(
        id=group.id,
        subgraph=group.subgraph,
        kind=kind,
        selection_set=selection_set,
        variables=tuple(sorted(variables_of(selection_set))),
        output_rewrites=tuple(group.output_rewrites),
    )


def _entity_fetch(group: FetchGroup) -> FetchNode:
    asked = SelectionSet(
        ENTITY, tuple(Fragment(tree.build(group.condition)) for tree in group.entities.values())
    )
    brought = group.representations.values()
    return FetchNode(
        id=group.id,
        subgraph=group.subgraph,
        kind=OperationKind.QUERY,
        selection_set=asked,
        requires=SelectionSet(
            ENTITY, tuple(_fragment(rep.type_name, rep.selections.values()) for rep in brought)
        ),
        variables=tuple(sorted(set(variables_of(asked)).difference(group.contexts))),
        input_rewrites=_input_rewrites(group),
        output_rewrites=tuple(group.output_rewrites),
        keys=SelectionSet(
            ENTITY, tuple(_fragment(rep.type_name, rep.key.values()) for rep in brought)
        ),
        contexts=tuple(group.contexts.values()),
    )


def _fragment(type_name: str, selections: Iterable[Selection]) -> Fragment:
    return Fragment(SelectionSet(type_name, (Field(TYPENAME), *selections)))


def _input_rewrites(group: FetchGroup) -> tuple[Rewrite, ...]:
    brought = list(group.representations.values())
    names = {rep.as_type for rep in brought}
    setters: list[Rewrite] = []
    for name in sorted(name for name in names if name is not None):
        types = {t for rep in brought if rep.as_type == name for t in rep.object_types}
        path: FetchPath = (TypeCondition(tuple(sorted(types))),) if len(names) > 1 else ()
        setters.append(TypenameSetter(path, name))
    return (*group.renames, *setters)


class _Numbering:
    """Counts fetches while it rebuilds the plan."""

    def __init__(self) -> None:
        self._next = 0

    def number(self, node: PlanNode) -> PlanNode:
        if isinstance(node, SequenceNode | ParallelNode):
            return type(node)(tuple(self.number(child) for child in node.nodes))
        if isinstance(node, ConditionNode):
            yes = None if node.if_clause is None else self.number(node.if_clause)
            no = None if node.else_clause is None else self.number(node.else_clause)
            return ConditionNode(node.variable, yes, no)
        if isinstance(node, FlattenNode):
            return FlattenNode(node.path, self._number_fetch(node.node), node.others)
        return self._number_fetch(node)

    def _number_fetch(self, node: FetchNode) -> FetchNode:
        number = self._next
        self._next += 1
        return replace(node, id=number)
