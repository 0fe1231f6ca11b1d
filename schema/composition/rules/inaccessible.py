"""The inaccessible codes: hiding elements leaves a valid API schema.

In one file, because all of them judge the same two schemas: the whole and the visible one. A
hidden type may not be referred to by anything visible, a required input may not be hidden while
what it belongs to is visible, what implements a visible field must be visible, a default may not
name what is hidden, and something must be left.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.composition.context import CompositionContext
from schema.coordinates import coordinate, directive_coordinate
from schema.selection import ListValue, Literal, ObjectValue, Value
from schema.supergraph.model import (
    Applied,
    ArgumentDefinition,
    EnumType,
    FieldDefinition,
    InputField,
    InputObjectType,
    InterfaceType,
    ObjectType,
    Supergraph,
    TypeDefinition,
    UnionType,
)
from schema.type_ref import TypeRef

__all__ = ["check_inaccessible"]

Finding = tuple[str, str, str]  # code, message, coordinate


def check_inaccessible(context: CompositionContext, supergraph: Supergraph) -> None:
    """Report everything that hiding breaks."""
    for definition in supergraph.types.values():
        for code, message, place in _findings(supergraph, definition):
            context.report(code, message, [place], [])
    for directive in supergraph.directives.values():
        for argument in () if directive.composed else directive.arguments:
            place = directive_coordinate(directive.name, argument.name)
            for code, message, _ in _input_findings(supergraph, place, argument):
                context.report(code, message, [place], [])


def _findings(supergraph: Supergraph, definition: TypeDefinition) -> Iterator[Finding]:
    name = definition.name
    if definition.applied.inaccessible:
        if name == supergraph.query_type:
            yield (
                "QUERY_ROOT_TYPE_INACCESSIBLE",
                f'"{name}" is the query type and @inaccessible; show it.',
                name,
            )
        return
    yield from _child_findings(supergraph, definition)
    match definition:
        case ObjectType():
            for field in definition.fields.values():
                if not field.applied.inaccessible:
                    yield from _field_findings(supergraph, name, field)
            yield from _interface_findings(supergraph, definition)
        case InputObjectType():
            for item in definition.fields.values():
                yield from _input_findings(supergraph, coordinate(name, item.name), item)
        case _:
            pass


def _child_findings(supergraph: Supergraph, definition: TypeDefinition) -> Iterator[Finding]:
    match definition:
        case ObjectType() | InputObjectType():
            hidden = [f.applied.inaccessible for f in definition.fields.values()]
        case EnumType():
            hidden = [v.applied.inaccessible for v in definition.values.values()]
        case UnionType():
            hidden = [_is_hidden(supergraph, member) for member in definition.member_names]
        case _:
            return
    if hidden and all(hidden):
        yield (
            "ONLY_INACCESSIBLE_CHILDREN",
            f'"{definition.name}" is visible and everything in it is @inaccessible; hide it too.',
            definition.name,
        )


def _field_findings(
    supergraph: Supergraph, parent: str, field: FieldDefinition
) -> Iterator[Finding]:
    place = coordinate(parent, field.name)
    yield from _reference_findings(supergraph, place, field.type)
    for argument in field.arguments:
        yield from _input_findings(supergraph, f"{place}({argument.name}:)", argument)


def _input_findings(
    supergraph: Supergraph, place: str, item: ArgumentDefinition | InputField
) -> Iterator[Finding]:
    if item.applied.inaccessible:
        if item.type.non_null and item.default is None:
            yield (
                "REQUIRED_INACCESSIBLE",
                f'"{place}" is required and @inaccessible; give it a default, or show it.',
                place,
            )
        return
    yield from _reference_findings(supergraph, place, item.type)
    for hidden in _hidden_in(supergraph, item.type, item.default):
        yield (
            "DEFAULT_VALUE_USES_INACCESSIBLE",
            f'The default of "{place}" uses "{hidden}", which is @inaccessible; change it.',
            place,
        )


def _reference_findings(supergraph: Supergraph, place: str, type_: TypeRef) -> Iterator[Finding]:
    if _is_hidden(supergraph, type_.named):
        yield (
            "REFERENCED_INACCESSIBLE",
            f'"{place}" is visible and its type "{type_.named}" is @inaccessible; '
            "hide the one or show the other.",
            place,
        )


def _interface_findings(supergraph: Supergraph, definition: ObjectType) -> Iterator[Finding]:
    for name in definition.interfaces:
        interface = supergraph.types.get(name)
        if not isinstance(interface, InterfaceType) or interface.applied.inaccessible:
            continue
        for wanted in interface.fields.values():
            own = definition.fields.get(wanted.name)
            if own is None or wanted.applied.inaccessible:
                continue
            yield from _implementation_findings(definition.name, own, name, wanted)


def _implementation_findings(
    parent: str, own: FieldDefinition, interface: str, wanted: FieldDefinition
) -> Iterator[Finding]:
    place = coordinate(parent, own.name)
    if own.applied.inaccessible:
        yield _implemented(place, coordinate(interface, wanted.name))
        return
    visible = {a.name for a in wanted.arguments if not a.applied.inaccessible}
    for argument in own.arguments:
        if not argument.applied.inaccessible or argument.name not in visible:
            continue
        yield _implemented(
            coordinate(parent, own.name, argument.name),
            coordinate(interface, wanted.name, argument.name),
        )


def _implemented(place: str, wanted: str) -> Finding:
    return (
        "IMPLEMENTED_BY_INACCESSIBLE",
        f'"{place}" is @inaccessible and implements "{wanted}", which is visible; '
        "hide both or none.",
        place,
    )


def _is_hidden(supergraph: Supergraph, name: str) -> bool:
    definition = supergraph.types.get(name)
    applied = definition.applied if definition is not None else Applied()
    return applied.inaccessible


def _hidden_in(supergraph: Supergraph, type_: TypeRef, value: Value | None) -> Iterator[str]:
    """List the hidden enum values and input fields that a default uses."""
    definition = supergraph.types.get(type_.named)
    match value:
        case ListValue():
            for item in value.items:
                yield from _hidden_in(supergraph, type_, item)
        case ObjectValue() if isinstance(definition, InputObjectType):
            for name, item in value.fields:
                field = definition.fields.get(name)
                if field is not None and field.applied.inaccessible:
                    yield coordinate(definition.name, name)
                elif field is not None:
                    yield from _hidden_in(supergraph, field.type, item)
        case Literal() if isinstance(definition, EnumType) and value.text in definition.values:
            if definition.values[value.text].applied.inaccessible:
                yield coordinate(definition.name, value.text)
        case _:
            return
