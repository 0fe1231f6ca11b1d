"""Build the query graph of a supergraph.

In: a ``Supergraph``. Out: a ``QueryGraph``; deterministic, in the order of the supergraph. Idea:
nodes first (so that edges can name their targets), then fields, downcasts and keys per node, then
the @provides copies that field edges ask for. Nothing is kept per pair of types or subgraphs, so
memory grows with the size of the supergraph.
"""

from __future__ import annotations

from schema.query_graph.contexts import read_context_inputs
from schema.query_graph.draft import Draft
from schema.query_graph.graph import (
    DowncastEdge,
    FieldEdge,
    KeyEdge,
    Node,
    NodeKind,
    OverrideLabel,
    QueryGraph,
    RootEdge,
)
from schema.query_graph.provide import provide
from schema.selection import Field, SelectionSet
from schema.supergraph.model import (
    FieldDefinition,
    InterfaceType,
    JoinField,
    JoinType,
    ObjectType,
    Supergraph,
    TypeDefinition,
    UnionType,
)

__all__ = ["build_query_graph"]


def build_query_graph(supergraph: Supergraph) -> QueryGraph:
    """Build nodes and edges for every composite type in every subgraph that knows it."""
    draft = Draft()
    _add_nodes(draft, supergraph)
    _add_downcasts(draft, supergraph)
    _add_object_fields(draft, supergraph)
    _add_interface_fields(draft, supergraph)
    _add_provided_copies(draft, supergraph)
    return draft.finish(
        supergraph,
        roots=_root_edges(draft, supergraph),
        keys=_key_edges(draft, supergraph),
        interfaces={
            name: definition.interfaces
            for name, definition in supergraph.types.items()
            if isinstance(definition, ObjectType) and definition.implements
        },
    )


def _add_nodes(draft: Draft, supergraph: Supergraph) -> None:
    for name, definition in supergraph.types.items():
        if isinstance(definition, ObjectType | UnionType):
            for join in definition.joins:
                draft.add_node(name, join.graph, _kind_of(definition, join))


def _kind_of(definition: TypeDefinition, join: JoinType) -> NodeKind:
    if isinstance(definition, UnionType):
        return NodeKind.UNION
    if not isinstance(definition, InterfaceType):
        return NodeKind.OBJECT
    return NodeKind.INTERFACE_OBJECT if join.is_interface_object else NodeKind.INTERFACE


def _add_downcasts(draft: Draft, supergraph: Supergraph) -> None:
    for name, definition in supergraph.types.items():
        if isinstance(definition, UnionType):
            for member in definition.members:
                _add_downcast(draft, name, member.member, member.graph)
        elif isinstance(definition, ObjectType):
            for join in definition.implements:
                _add_downcast(draft, join.interface, name, join.graph)


def _add_downcast(draft: Draft, abstract: str, member: str, subgraph: str) -> None:
    source, target = draft.find(abstract, subgraph), draft.find(member, subgraph)
    if source is not None and target is not None and source.is_abstract:
        draft.downcasts[source.id][member] = DowncastEdge(source.id, target.id, member)


def _add_object_fields(draft: Draft, supergraph: Supergraph) -> None:
    for node in tuple(draft.nodes):
        if node.kind in (NodeKind.OBJECT, NodeKind.INTERFACE_OBJECT):
            for definition, join in _resolved_here(supergraph, node):
                draft.fields[node.id][definition.name] = _field_edge(
                    draft, supergraph, node, (definition, join)
                )


def _add_interface_fields(draft: Draft, supergraph: Supergraph) -> None:
    for node in tuple(draft.nodes):
        if node.kind is not NodeKind.INTERFACE:
            continue
        members = [
            draft.fields[edge.target]
            for edge in draft.downcasts[node.id].values()
            if draft.nodes[edge.target].kind is NodeKind.OBJECT
        ]
        for definition, join in _resolved_here(supergraph, node):
            edges = [fields.get(definition.name) for fields in members]
            if all(e is not None and not e.is_entered and e.label is None for e in edges):
                edge = _field_edge(draft, supergraph, node, (definition, join))
                draft.fields[node.id][definition.name] = edge


def _resolved_here(supergraph: Supergraph, node: Node) -> list[tuple[FieldDefinition, JoinField]]:
    """List the fields that the node's subgraph may be asked for."""
    definition = supergraph.types[node.type_name]
    assert isinstance(definition, ObjectType)
    joined = next(join for join in definition.joins if join.graph == node.subgraph)
    return [
        (field, join)
        for field in definition.fields.values()
        for join in supergraph.joins_of(node.type_name, field.name)
        if join.graph == node.subgraph and _is_resolvable(field.name, join, joined)
    ]


def _is_resolvable(name: str, join: JoinField, joined: JoinType) -> bool:
    if join.used_overridden and join.override_label is None:
        return False
    if not join.external:
        return True
    # Federation 1 spelling: an extension repeats its key as @external and still answers it.
    return joined.extension and any(name in _names(key.fields) for key in joined.keys)


def _names(selection_set: SelectionSet) -> set[str]:
    return {selection.name for selection in selection_set if isinstance(selection, Field)}


def _field_edge(
    draft: Draft, supergraph: Supergraph, node: Node, field: tuple[FieldDefinition, JoinField]
) -> FieldEdge:
    definition, join = field
    type_ref = join.type or definition.type
    target = draft.find(type_ref.named, node.subgraph)
    return FieldEdge(
        source=node.id,
        name=definition.name,
        type=type_ref,
        target=None if target is None else target.id,
        requires=join.requires,
        contexts=read_context_inputs(supergraph, join) if join.context_arguments else (),
        label=_label_of(definition, join),
    )


def _label_of(definition: FieldDefinition, join: JoinField) -> OverrideLabel | None:
    if join.override is not None and join.override_label is not None:
        return OverrideLabel(join.override_label, active=True)
    for other in definition.joins:
        if other.override == join.graph and other.override_label is not None:
            return OverrideLabel(other.override_label, active=False)
    return None


def _add_provided_copies(draft: Draft, supergraph: Supergraph) -> None:
    for node in tuple(draft.nodes):
        definition = supergraph.types[node.type_name]
        if not isinstance(definition, ObjectType):
            continue
        for name, edge in tuple(draft.fields[node.id].items()):
            for join in supergraph.joins_of(node.type_name, name):
                if join.graph == node.subgraph and join.provides and edge.target is not None:
                    provide(draft, supergraph, edge, join.provides)


def _root_edges(draft: Draft, supergraph: Supergraph) -> dict[str, tuple[RootEdge, ...]]:
    names = (supergraph.query_type, supergraph.mutation_type, supergraph.subscription_type)
    return {
        name: tuple(
            RootEdge(node.id, name, node.subgraph)
            for node in draft.nodes
            if node.type_name == name and not node.copy
        )
        for name in names
        if name is not None
    }


def _key_edges(draft: Draft, supergraph: Supergraph) -> dict[str, tuple[KeyEdge, ...]]:
    found: dict[str, tuple[KeyEdge, ...]] = {}
    for name, definition in supergraph.types.items():
        if not isinstance(definition, ObjectType):
            continue
        edges = tuple(
            KeyEdge(node.id, name, join.graph, key.fields, join.is_interface_object)
            for join in definition.joins
            if (node := draft.find(name, join.graph)) is not None
            for key in join.keys
            if key.resolvable
        )
        if edges:
            found[name] = edges
    return found
