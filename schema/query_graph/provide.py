"""Copies of nodes for @provides: what one path may additionally ask of a subgraph.

In: a field edge with its provided field set. Out: the edge replaced by one that leads to a copy of
its target, whose edges include the provided fields. Only nodes along the provided selection are
copied; every other edge of a copy leads back to the shared nodes, so the graph stays small.
"""

from __future__ import annotations

from dataclasses import replace

from schema.query_graph.draft import Draft
from schema.query_graph.graph import DowncastEdge, FieldEdge, Node, NodeKind
from schema.selection import Field, Selection, SelectionSet
from schema.supergraph.model import ObjectType, Supergraph

__all__ = ["provide"]


def provide(draft: Draft, supergraph: Supergraph, edge: FieldEdge, provided: SelectionSet) -> None:
    """Lead ``edge`` to a copy of its target that answers ``provided`` too."""
    assert edge.target is not None
    target = _copy(draft, supergraph, draft.nodes[edge.target], provided.selections)
    draft.fields[edge.source][edge.name] = replace(edge, target=target.id)


def _copy(
    draft: Draft, supergraph: Supergraph, original: Node, provided: tuple[Selection, ...]
) -> Node:
    key = str(SelectionSet(original.type_name, provided))
    known = draft.copies.get((original.id, key))
    if known is not None:
        return known
    node = draft.add_copy(original, key)
    if node.is_abstract:
        _copy_members(draft, supergraph, node, provided)
    if node.kind is not NodeKind.UNION:
        for field in provided:
            if isinstance(field, Field):
                _add_provided_field(draft, supergraph, node, field)
    return node


def _copy_members(
    draft: Draft, supergraph: Supergraph, node: Node, provided: tuple[Selection, ...]
) -> None:
    for name, edge in tuple(draft.downcasts[node.id].items()):
        wanted = tuple(_selected_on(supergraph, name, provided))
        if wanted:
            member = _copy(draft, supergraph, draft.nodes[edge.target], wanted)
            draft.downcasts[node.id][name] = DowncastEdge(node.id, member.id, name)


def _selected_on(
    supergraph: Supergraph, type_name: str, provided: tuple[Selection, ...]
) -> list[Selection]:
    """List what a field set on an abstract type selects on one of its members."""
    found: list[Selection] = []
    for selection in provided:
        if isinstance(selection, Field):
            if selection.name != "__typename":
                found.append(selection)
        elif type_name in (
            selection.type_condition,
            *supergraph.possible_types(selection.type_condition),
        ):
            found.extend(_selected_on(supergraph, type_name, selection.selections.selections))
    return found


def _add_provided_field(draft: Draft, supergraph: Supergraph, node: Node, field: Field) -> None:
    edge = draft.fields[node.id].get(field.name) or _new_edge(draft, supergraph, node, field)
    if edge is None:
        return
    if field.selections is not None and edge.target is not None:
        below = _copy(draft, supergraph, draft.nodes[edge.target], field.selections.selections)
        edge = replace(edge, target=below.id)
    draft.fields[node.id][field.name] = replace(edge, requires=None)


def _new_edge(draft: Draft, supergraph: Supergraph, node: Node, field: Field) -> FieldEdge | None:
    definition = supergraph.types[node.type_name]
    if not isinstance(definition, ObjectType) or field.name not in definition.fields:
        return None
    type_ref = definition.fields[field.name].type
    for join in supergraph.joins_of(node.type_name, field.name):
        if join.graph == node.subgraph:
            type_ref = join.type or type_ref
    target = draft.find(type_ref.named, node.subgraph)
    return FieldEdge(
        source=node.id,
        name=field.name,
        type=type_ref,
        target=None if target is None else target.id,
        is_provided=True,
    )
