"""The field sets of @key, @requires and @provides as the shared selection sets.

In: a directive's string (``"id organization { id }"``) and the type it is written on. Out: a
``SelectionSet`` with every type resolved, or a ``FieldSetError`` that says what is wrong and where.
A field set may hold fields, arguments, nested selections and ``... on T``; it may not hold
aliases, directives, variables or named fragments
(https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/directives).

What does not belong here: rules about which fields a key or a requirement may name; composition
has them, one per code.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
)

from schema.ast_value import value_from_ast
from schema.selection import (
    Argument,
    Field,
    Fragment,
    ListValue,
    ObjectValue,
    Selection,
    SelectionSet,
    Value,
    Variable,
    print_selection_set,
)

__all__ = ["FieldSetError", "FieldSetFault", "FieldType", "parse_field_set", "render_field_set"]

# (parent type, field) -> the name of the field's type without list and non-null, None if unknown.
FieldType: TypeAlias = Callable[[str, str], str | None]

_BLANK = " \t\r\n,\ufeff"


class FieldSetFault(StrEnum):
    """What kind of fault a field set has; composition picks its code by it."""

    SYNTAX = "syntax"
    EMPTY = "empty"
    ALIAS = "alias"
    DIRECTIVE = "directive"
    VARIABLE = "variable"
    NAMED_FRAGMENT = "named fragment"
    UNKNOWN_FIELD = "unknown field"


class FieldSetError(ValueError):
    """A field set that cannot be read; the text says what and where."""

    def __init__(self, fault: FieldSetFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


def parse_field_set(text: str, type_name: str, field_type: FieldType) -> SelectionSet:
    """Read ``text``, written on ``type_name``, with or without outer braces.

    Raises:
        FieldSetError: if it is no field set, or names a field that ``field_type`` does not know.
    """
    node = _parse_selection_set(text)
    return _build_selection_set(node, type_name, field_type, text)


def render_field_set(selection_set: SelectionSet) -> str:
    """Print on one line without the outer braces: ``id organization { id }``."""
    return print_selection_set(selection_set)[2:-2]


def _parse_selection_set(text: str) -> SelectionSetNode:
    inner = text.strip(_BLANK)
    if not inner:
        raise FieldSetError(FieldSetFault.EMPTY, "The field set is empty; name at least one field.")
    try:
        document = parse(inner if inner.startswith("{") else f"{{{inner}\n}}", no_location=True)
    except (GraphQLSyntaxError, RecursionError) as error:
        reason = error.message if isinstance(error, GraphQLError) else "too deeply nested."
        raise FieldSetError(
            FieldSetFault.SYNTAX, f'The field set "{_cut(text)}" cannot be read: {reason}'
        ) from error
    return _only_selection_set(document, text)


def _only_selection_set(document: DocumentNode, text: str) -> SelectionSetNode:
    definition = document.definitions[0]
    if len(document.definitions) != 1 or not isinstance(definition, OperationDefinitionNode):
        raise FieldSetError(
            FieldSetFault.SYNTAX,
            f'The field set "{_cut(text)}" closes its outer braces early; write fields only.',
        )
    return definition.selection_set


def _build_selection_set(
    node: SelectionSetNode, type_name: str, field_type: FieldType, text: str
) -> SelectionSet:
    if not node.selections:
        raise FieldSetError(
            FieldSetFault.EMPTY,
            f'The field set "{_cut(text)}" has an empty selection on "{type_name}".',
        )
    return SelectionSet(
        type_name,
        tuple(_build_selection(s, type_name, field_type, text) for s in node.selections),
    )


def _build_selection(
    node: SelectionNode, type_name: str, field_type: FieldType, text: str
) -> Selection:
    if isinstance(node, FieldNode):
        _check_known(node.name.value, type_name, field_type, text)
    if node.directives:
        name = node.directives[0].name.value
        raise FieldSetError(
            FieldSetFault.DIRECTIVE,
            f'The field set "{_cut(text)}" applies "@{name}" on "{type_name}"; '
            "directives are not allowed in field sets.",
        )
    if isinstance(node, FieldNode):
        return _build_field(node, type_name, field_type, text)
    if isinstance(node, InlineFragmentNode):
        condition = node.type_condition.name.value if node.type_condition else type_name
        return Fragment(_build_selection_set(node.selection_set, condition, field_type, text))
    raise FieldSetError(
        FieldSetFault.NAMED_FRAGMENT,
        f'The field set "{_cut(text)}" spreads a named fragment; use "... on Type" instead.',
    )


def _build_field(node: FieldNode, type_name: str, field_type: FieldType, text: str) -> Field:
    name = node.name.value
    if node.alias is not None:
        raise FieldSetError(
            FieldSetFault.ALIAS,
            f'The field set "{_cut(text)}" renames "{type_name}.{name}" to '
            f'"{node.alias.value}"; aliases are not allowed in field sets.',
        )
    named = _check_known(name, type_name, field_type, text)
    arguments = tuple(
        Argument(a.name.value, _constant(value_from_ast(a.value), f"{type_name}.{name}", text))
        for a in node.arguments or ()
    )
    selections = (
        _build_selection_set(node.selection_set, named, field_type, text)
        if node.selection_set
        else None
    )
    return Field(name, selections, arguments)


def _check_known(name: str, type_name: str, field_type: FieldType, text: str) -> str:
    """Give the name of a field's type, or refuse the field."""
    named = "String" if name == "__typename" else field_type(type_name, name)
    if named is None:
        raise FieldSetError(
            FieldSetFault.UNKNOWN_FIELD,
            f'The field set "{_cut(text)}" selects "{type_name}.{name}", which does not exist.',
        )
    return named


def _constant(value: Value, coordinate: str, text: str) -> Value:
    if _has_variable(value):
        raise FieldSetError(
            FieldSetFault.VARIABLE,
            f'The field set "{_cut(text)}" passes a variable to "{coordinate}"; '
            "only constants are allowed in field sets.",
        )
    return value


def _has_variable(value: Value) -> bool:
    match value:
        case Variable():
            return True
        case ListValue():
            return any(_has_variable(item) for item in value.items)
        case ObjectValue():
            return any(_has_variable(item) for _, item in value.fields)
        case _:
            return False


def _cut(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}…"
