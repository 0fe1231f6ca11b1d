"""A subgraph as a graph of its own: what it answers when no other subgraph stands beside it.

In: a ``Subgraph``. Out: one that composes by itself: the directives that relate it to other
subgraphs are gone, nothing is hidden from the router in front, and the machinery of the subgraph
specification (https://www.apollographql.com/docs/graphos/reference/federation/subgraph-spec) is
part of it: ``_service`` with its SDL, and ``_entities`` over all types that it resolves by a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schema.subgraph.model import (
    Notes,
    Subgraph,
    SubgraphArgument,
    SubgraphField,
    SubgraphType,
    TypeKind,
)
from schema.type_ref import TypeRef

__all__ = ["stand_alone"]

_ANY, _ENTITY, _SERVICE = "_Any", "_Entity", "_Service"

# What does not relate the element to other subgraphs: GraphQL's own, and who may read.
_KEPT = ("deprecated", "specifiedBy", "oneOf", "authenticated", "requiresScopes", "policy")


def stand_alone(subgraph: Subgraph) -> Subgraph:
    """Give the subgraph that can be composed alone and asked by any router."""
    entities = _resolved_entities(subgraph)
    types = {name: _free(definition) for name, definition in subgraph.types.items()}
    types.update(_machinery(entities))
    query = types.get("Query", SubgraphType("Query", TypeKind.OBJECT))
    types["Query"] = replace(query, fields={**query.fields, **_machinery_fields(entities)})
    return replace(subgraph, types=types)


def _resolved_entities(subgraph: Subgraph) -> tuple[str, ...]:
    """Name the object types that ``_entities`` may be asked for."""
    return tuple(
        each.name for each in subgraph.objects() if each.is_entity and each.name != "Query"
    )


def _machinery(entities: tuple[str, ...]) -> Mapping[str, SubgraphType]:
    sdl = SubgraphField("sdl", _non_null("String"))
    types = {_SERVICE: SubgraphType(_SERVICE, TypeKind.OBJECT, fields={"sdl": sdl})}
    if entities:
        types[_ANY] = SubgraphType(_ANY, TypeKind.SCALAR)
        types[_ENTITY] = SubgraphType(_ENTITY, TypeKind.UNION, members=entities)
    return types


def _machinery_fields(entities: tuple[str, ...]) -> Mapping[str, SubgraphField]:
    fields = {"_service": SubgraphField("_service", _non_null(_SERVICE))}
    if entities:
        sent = SubgraphArgument("representations", _list(_non_null(_ANY)))
        found = _list(TypeRef(_ENTITY))
        fields["_entities"] = SubgraphField("_entities", found, {sent.name: sent})
    return fields


def _free(definition: SubgraphType) -> SubgraphType:
    """Drop what relates a type and its members to other subgraphs."""
    return replace(
        definition,
        fields={name: _free_field(each) for name, each in definition.fields.items()},
        inputs={
            name: replace(each, notes=_own(each.notes)) for name, each in definition.inputs.items()
        },
        values={
            name: replace(each, notes=_own(each.notes)) for name, each in definition.values.items()
        },
        notes=_own(definition.notes),
        is_extension=False,
    )


def _free_field(field: SubgraphField) -> SubgraphField:
    arguments = {
        name: replace(each, notes=_own(each.notes)) for name, each in field.arguments.items()
    }
    return replace(field, arguments=arguments, notes=_own(field.notes))


def _own(notes: Notes) -> Notes:
    """Keep what is said of the element itself, and who may read it."""
    return replace(notes, known=tuple(d for d in notes.known if d.name in _KEPT))


def _non_null(name: str) -> TypeRef:
    return TypeRef(name, non_null=True)


def _list(item: TypeRef) -> TypeRef:
    return TypeRef(of=item, non_null=True)
