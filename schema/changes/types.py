"""Changes of types and of what clients read from them.

In: two client schemas. Out: changes of types, fields, interfaces, unions, enums and input objects.
The rule behind every verdict: an operation that is valid today must stay valid, and what it reads
must keep to the types that its author saw.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLType,
    GraphQLUnionType,
    is_specified_scalar_type,
)

from schema.changes.change import SchemaChange, breaking, dangerous, safe
from schema.changes.inputs import compare_arguments, compare_input_fields
from schema.changes.notes import compare_notes
from schema.coordinates import coordinate

__all__ = ["compare_types"]

_KINDS = {
    GraphQLScalarType: "a scalar",
    GraphQLObjectType: "an object type",
    GraphQLInterfaceType: "an interface",
    GraphQLUnionType: "a union",
    GraphQLEnumType: "an enum",
    GraphQLInputObjectType: "an input type",
}


def compare_types(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[SchemaChange]:
    """Compare all types that clients see."""
    yield from _compare_roots(old, new)
    before, after = _own_types(old), _own_types(new)
    for name in before.keys() - after.keys():
        yield breaking("TYPE_REMOVED", name, f'type "{name}" was removed')
    for name, added in after.items():
        if name not in before:
            yield safe("TYPE_ADDED", name, f'{_KINDS[type(added)]} "{name}" was added')
        else:
            yield from _compare_type(before[name], added)


def _own_types(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    return {
        name: each
        for name, each in schema.type_map.items()
        if not name.startswith("__") and not is_specified_scalar_type(each)
    }


def _compare_roots(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[SchemaChange]:
    for kind in ("query", "mutation", "subscription"):
        before, after = getattr(old, f"{kind}_type"), getattr(new, f"{kind}_type")
        if before is not None and after is None:
            yield breaking("ROOT_REMOVED", before.name, f"no {kind} can be asked any more")
        elif before is not None and before.name != after.name:
            why = f'the {kind} type is now "{after.name}"; fragments on the old name fail'
            yield breaking("ROOT_CHANGED", before.name, why)


def _compare_type(old: GraphQLNamedType, new: GraphQLNamedType) -> Iterator[SchemaChange]:
    if type(old) is not type(new):
        why = f"was {_KINDS[type(old)]} and is now {_KINDS[type(new)]}"
        yield breaking("TYPE_KIND_CHANGED", old.name, why)
        return
    yield from compare_notes(old.name, old, new)
    match old, new:
        case GraphQLObjectType() | GraphQLInterfaceType(), (
            GraphQLObjectType() | GraphQLInterfaceType()
        ):
            yield from _compare_interfaces(old, new)
            yield from _compare_fields(old, new)
        case GraphQLUnionType(), GraphQLUnionType():
            yield from _compare_members(old, new)
        case GraphQLEnumType(), GraphQLEnumType():
            yield from _compare_values(old, new)
        case GraphQLInputObjectType(), GraphQLInputObjectType():
            yield from compare_input_fields(old, new)
        case GraphQLScalarType(), GraphQLScalarType():
            yield from _compare_scalars(old, new)


def _compare_interfaces(
    old: GraphQLObjectType | GraphQLInterfaceType, new: GraphQLObjectType | GraphQLInterfaceType
) -> Iterator[SchemaChange]:
    before, after = _names(old.interfaces), _names(new.interfaces)
    for name in before.keys() - after.keys():
        why = f'no longer implements "{name}"; its fragments there fail'
        yield breaking("INTERFACE_REMOVED", old.name, why)
    for name in after.keys() - before.keys():
        why = f'now implements "{name}"; lists of it bring a type that clients may not know'
        yield dangerous("INTERFACE_ADDED", old.name, why)


def _compare_fields(
    old: GraphQLObjectType | GraphQLInterfaceType, new: GraphQLObjectType | GraphQLInterfaceType
) -> Iterator[SchemaChange]:
    for name, field in old.fields.items():
        where = coordinate(old.name, name)
        if name in new.fields:
            yield from _compare_field(where, field, new.fields[name])
        else:
            yield breaking("FIELD_REMOVED", where, _removed(field.deprecation_reason))
    for name in new.fields.keys() - old.fields.keys():
        yield safe("FIELD_ADDED", coordinate(old.name, name), "was added")


def _removed(deprecation: str | None) -> str:
    """Say that an element is gone, and whether clients were warned."""
    return "was removed" + ("" if deprecation is None else f" (it was deprecated: {deprecation})")


def _compare_field(where: str, old: GraphQLField, new: GraphQLField) -> Iterator[SchemaChange]:
    if str(old.type) != str(new.type):
        why = f"changed its type from {old.type} to {new.type}"
        if _reads_as(new.type, old.type):
            yield safe("FIELD_TYPE_CHANGED", where, f"{why}; every answer still fits the old type")
        else:
            yield breaking("FIELD_TYPE_CHANGED", where, why)
    yield from compare_notes(where, old, new)
    yield from compare_arguments(where, old.args, new.args)


def _reads_as(new: GraphQLType, old: GraphQLType) -> bool:
    """Tell whether every value of ``new`` is one of ``old``, for a client that reads it."""
    if isinstance(new, GraphQLNonNull):
        nullable = old.of_type if isinstance(old, GraphQLNonNull) else old
        return _reads_as(new.of_type, nullable)
    if isinstance(old, GraphQLList) and isinstance(new, GraphQLList):
        return _reads_as(new.of_type, old.of_type)
    return str(new) == str(old)


def _compare_members(old: GraphQLUnionType, new: GraphQLUnionType) -> Iterator[SchemaChange]:
    before, after = _names(old.types), _names(new.types)
    for name in before.keys() - after.keys():
        yield breaking("UNION_MEMBER_REMOVED", old.name, f'"{name}" is no member any more')
    for name in after.keys() - before.keys():
        why = f'"{name}" became a member; clients may not know it'
        yield dangerous("UNION_MEMBER_ADDED", old.name, why)


def _compare_values(old: GraphQLEnumType, new: GraphQLEnumType) -> Iterator[SchemaChange]:
    for name, value in old.values.items():
        where = coordinate(old.name, name)
        if name in new.values:
            yield from compare_notes(where, value, new.values[name])
        else:
            yield breaking("ENUM_VALUE_REMOVED", where, _removed(value.deprecation_reason))
    for name in new.values.keys() - old.values.keys():
        why = "was added; clients that read it may not know it"
        yield dangerous("ENUM_VALUE_ADDED", coordinate(old.name, name), why)


def _compare_scalars(old: GraphQLScalarType, new: GraphQLScalarType) -> Iterator[SchemaChange]:
    before, after = old.specified_by_url, new.specified_by_url
    if before != after:
        why = f'is specified by "{after}", and was by "{before}": values may be written otherwise'
        yield dangerous("SCALAR_SPECIFICATION_CHANGED", old.name, why)


def _names(
    types: tuple[GraphQLInterfaceType, ...] | tuple[GraphQLObjectType, ...],
) -> dict[str, None]:
    return dict.fromkeys(each.name for each in types)
