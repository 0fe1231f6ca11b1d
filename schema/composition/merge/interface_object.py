"""@interfaceObject: the fields that one subgraph adds to all implementations of an interface.

In: all merged types. Out: the same, where every implementation of an interface also has the
fields that only @interfaceObject subgraphs contribute, joined to no subgraph of its own: they are
reached through the interface.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from schema.composition.context import CompositionContext
from schema.supergraph.model import (
    FieldDefinition,
    InterfaceType,
    JoinField,
    ObjectType,
    TypeDefinition,
)

__all__ = ["spread_interface_objects"]


def spread_interface_objects(
    context: CompositionContext, types: Mapping[str, TypeDefinition]
) -> dict[str, TypeDefinition]:
    """Add the contributed fields to the implementations."""
    return {
        name: _with_contributed(context, definition, types)
        if isinstance(definition, ObjectType)
        else definition
        for name, definition in types.items()
    }


def _with_contributed(
    context: CompositionContext, definition: ObjectType, types: Mapping[str, TypeDefinition]
) -> ObjectType:
    added = {
        field.name: replace(field, joins=(JoinField(None),))
        for name in definition.interfaces
        if name in context.interface_objects
        for field in _contributed(context, types.get(name))
        if field.name not in definition.fields
    }
    return replace(definition, fields={**definition.fields, **added}) if added else definition


def _contributed(
    context: CompositionContext, interface: TypeDefinition | None
) -> Iterator[FieldDefinition]:
    if not isinstance(interface, InterfaceType):
        return
    for field in interface.fields.values():
        sources = context.field_sources(interface.name, field.name)
        if any(s.subgraph.types[interface.name].is_interface_object for s in sources):
            yield field
