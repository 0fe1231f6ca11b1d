"""Changes of who answers: subgraphs, entity keys and the subgraphs that resolve a field.

In: two supergraphs. Out: safe changes. Composition has proved that the new supergraph answers
whatever its schema offers, so none of this concerns clients; it tells agencies what moved.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.changes.change import SchemaChange, safe
from schema.coordinates import coordinate
from schema.field_set import render_field_set
from schema.supergraph.model import ObjectType, Supergraph, TypeDefinition

__all__ = ["compare_graphs"]


def compare_graphs(old: Supergraph, new: Supergraph) -> Iterator[SchemaChange]:
    """Compare what subgraphs contribute to the elements that both supergraphs have."""
    before, after = [each.name for each in old.graphs], [each.name for each in new.graphs]
    for name in before:
        if name not in after:
            yield safe("SUBGRAPH_REMOVED", name, f'subgraph "{name}" left the graph')
    for name in after:
        if name not in before:
            yield safe("SUBGRAPH_ADDED", name, f'subgraph "{name}" joined the graph')
    for name, definition in old.types.items():
        if name in new.types:
            yield from _compare_keys(definition, new.types[name])
            yield from _compare_resolvers(old, new, name)


def _compare_keys(old: TypeDefinition, new: TypeDefinition) -> Iterator[SchemaChange]:
    before, after = _keys(old), _keys(new)
    for graph, fields in before:
        if (graph, fields) not in after:
            why = f'has no @key(fields: "{fields}") in "{graph}" any more: others join it elsewhere'
            yield safe("KEY_REMOVED", old.name, why)
    for graph, fields in after:
        if (graph, fields) not in before:
            yield safe("KEY_ADDED", old.name, f'has @key(fields: "{fields}") in "{graph}"')


def _keys(definition: TypeDefinition) -> list[tuple[str, str]]:
    return [
        (join.graph, render_field_set(key.fields))
        for join in definition.joins
        for key in join.keys
        if key.resolvable
    ]


def _compare_resolvers(old: Supergraph, new: Supergraph, name: str) -> Iterator[SchemaChange]:
    before, after = old.types[name], new.types[name]
    if not isinstance(before, ObjectType) or not isinstance(after, ObjectType):
        return
    for field in before.fields:
        if field in after.fields:
            then, now = _resolvers(old, name, field), _resolvers(new, name, field)
            if set(then) != set(now):
                why = f"is resolved by {', '.join(now)}, and was by {', '.join(then)}"
                yield safe("RESOLVER_CHANGED", coordinate(name, field), why)


def _resolvers(supergraph: Supergraph, type_name: str, field: str) -> list[str]:
    return [
        join.graph
        for join in supergraph.joins_of(type_name, field)
        if join.graph is not None and not join.external and not join.used_overridden
    ]
