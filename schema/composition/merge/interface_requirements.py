"""Access requirements of interfaces: those of all their implementations together.

In: the merged types. Out: the same, where an interface and its fields carry what its
implementations require: whoever selects on the interface may be answered by any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from schema.composition.merge.requirements import MERGED_REQUIREMENTS
from schema.selection import Directive
from schema.supergraph.model import (
    Applied,
    FieldDefinition,
    InterfaceType,
    ObjectType,
    TypeDefinition,
)

__all__ = ["spread_requirements"]

_ACCESS = ("authenticated", "requiresScopes", "policy")


def spread_requirements(types: Mapping[str, TypeDefinition]) -> dict[str, TypeDefinition]:
    """Add the implementations' requirements to their interfaces."""
    implementations: dict[str, list[ObjectType]] = {}
    for definition in types.values():
        if type(definition) is ObjectType:
            for name in definition.interfaces:
                implementations.setdefault(name, []).append(definition)
    return {
        name: _with_requirements(definition, implementations.get(name, ()))
        if isinstance(definition, InterfaceType)
        else definition
        for name, definition in types.items()
    }


def _with_requirements(
    interface: InterfaceType, implementations: Sequence[ObjectType]
) -> InterfaceType:
    return replace(
        interface,
        applied=_require(interface.applied, (i.applied for i in implementations)),
        fields={
            name: _field_with_requirements(field, implementations)
            for name, field in interface.fields.items()
        },
    )


def _field_with_requirements(
    field: FieldDefinition, implementations: Sequence[ObjectType]
) -> FieldDefinition:
    found = (i.fields[field.name].applied for i in implementations if field.name in i.fields)
    return replace(field, applied=_require(field.applied, found))


def _require(own: Applied, others: Iterable[Applied]) -> Applied:
    found = [d for applied in (own, *others) for d in applied.directives if d.name in _ACCESS]
    if not found:
        return own
    merged: list[Directive] = []
    for name in _ACCESS:
        same = [directive for directive in found if directive.name == name]
        if same:
            merged.append(MERGED_REQUIREMENTS[name](same))
    kept = tuple(d for d in own.directives if d.name not in _ACCESS)
    return replace(own, directives=(*merged, *kept))
