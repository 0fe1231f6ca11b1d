"""Changes of what clients write: arguments, input fields and directives.

In: two forms of one element. Out: changes. What was accepted must stay accepted, so a type may
only widen; a default that changes leaves every operation valid and gives it another meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLDirective,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLType,
    is_required_argument,
    is_required_input_field,
    is_specified_directive,
    print_ast,
)
from graphql.utilities.get_default_value_ast import get_default_value_ast

from schema.changes.change import SchemaChange, breaking, dangerous, safe
from schema.changes.notes import compare_notes
from schema.coordinates import coordinate, directive_coordinate

__all__ = ["compare_arguments", "compare_directives", "compare_input_fields"]

_Input: TypeAlias = "GraphQLArgument | GraphQLInputField"


def compare_arguments(
    owner: str, old: Mapping[str, GraphQLArgument], new: Mapping[str, GraphQLArgument]
) -> Iterator[SchemaChange]:
    """Compare the arguments of one field or directive, whose coordinate is ``owner``."""
    for name, argument in old.items():
        where = f"{owner}({name}:)"
        if name in new:
            yield from _compare_input(where, argument, new[name])
        else:
            yield breaking("ARGUMENT_REMOVED", where, "was removed")
    for name in new.keys() - old.keys():
        where = f"{owner}({name}:)"
        if is_required_argument(new[name]):
            yield breaking("REQUIRED_ARGUMENT_ADDED", where, "was added and must be given")
        else:
            yield safe("OPTIONAL_ARGUMENT_ADDED", where, "was added and may be left out")


def compare_input_fields(
    old: GraphQLInputObjectType, new: GraphQLInputObjectType
) -> Iterator[SchemaChange]:
    """Compare the fields of one input object."""
    if new.is_one_of and not old.is_one_of:
        yield breaking("ONE_OF_ADDED", old.name, "takes exactly one field now")
    elif old.is_one_of and not new.is_one_of:
        yield safe("ONE_OF_REMOVED", old.name, "takes any number of fields now")
    for name, field in old.fields.items():
        where = coordinate(old.name, name)
        if name in new.fields:
            yield from _compare_input(where, field, new.fields[name])
        else:
            yield breaking("INPUT_FIELD_REMOVED", where, "was removed")
    for name in new.fields.keys() - old.fields.keys():
        where = coordinate(old.name, name)
        if is_required_input_field(new.fields[name]):
            yield breaking("REQUIRED_INPUT_FIELD_ADDED", where, "was added and must be given")
        else:
            yield safe("OPTIONAL_INPUT_FIELD_ADDED", where, "was added and may be left out")


def compare_directives(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[SchemaChange]:
    """Compare the directives that operations may carry."""
    before, after = _own_directives(old), _own_directives(new)
    for name in before.keys() - after.keys():
        yield breaking("DIRECTIVE_REMOVED", directive_coordinate(name), "was removed")
    for name, added in after.items():
        where = directive_coordinate(name)
        if name in before:
            yield from _compare_directive(where, before[name], added)
        else:
            yield safe("DIRECTIVE_ADDED", where, "was added")


def _own_directives(schema: GraphQLSchema) -> dict[str, GraphQLDirective]:
    return {each.name: each for each in schema.directives if not is_specified_directive(each)}


def _compare_directive(
    where: str, old: GraphQLDirective, new: GraphQLDirective
) -> Iterator[SchemaChange]:
    yield from compare_arguments(where, old.args, new.args)
    if old.is_repeatable and not new.is_repeatable:
        yield breaking("DIRECTIVE_NOT_REPEATABLE", where, "may stand only once in a place now")
    for location in old.locations:
        if location not in new.locations:
            why = f"may no longer stand on {location.name}"
            yield breaking("DIRECTIVE_LOCATION_REMOVED", where, why)
    for location in new.locations:
        if location not in old.locations:
            yield safe("DIRECTIVE_LOCATION_ADDED", where, f"may stand on {location.name}")


def _compare_input(where: str, old: _Input, new: _Input) -> Iterator[SchemaChange]:
    if str(old.type) != str(new.type):
        why = f"changed its type from {old.type} to {new.type}"
        if _accepts(new.type, old.type):
            yield safe("INPUT_TYPE_CHANGED", where, f"{why}; every value given is still taken")
        elif _became_required_with_default(old, new):
            yield dangerous("INPUT_TYPE_CHANGED", where, f"{why}; null is refused now")
        else:
            yield breaking("INPUT_TYPE_CHANGED", where, why)
    before, after = _default(old), _default(new)
    if before != after:
        why = f"its default was {before or 'none'} and is {after or 'none'}"
        yield dangerous("DEFAULT_CHANGED", where, f"{why}; who leaves it out means another thing")
    yield from compare_notes(where, old, new)


def _accepts(new: GraphQLType, old: GraphQLType) -> bool:
    """Tell whether ``new`` takes every value, and every variable, that ``old`` takes."""
    if isinstance(old, GraphQLNonNull):
        return _accepts(_nullable(new), old.of_type)
    if isinstance(old, GraphQLList) and isinstance(new, GraphQLList):
        return _accepts(new.of_type, old.of_type)
    return str(new) == str(old)


def _became_required_with_default(old: _Input, new: _Input) -> bool:
    """Tell ``a: Int`` to ``a: Int! = 1``: a variable without a default stays valid there."""
    return _default(new) is not None and _accepts(_nullable(new.type), old.type)


def _nullable(type_: GraphQLType) -> GraphQLType:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def _default(element: _Input) -> str | None:
    node = get_default_value_ast(element)
    return None if node is None else print_ast(node)
