"""Whether an operation takes personal values.

In: an operation, the API schema, the data classes. Out: whether any argument of a personal type
(NIK, NomorKK, a type or element with a class) is fed, by literal or by variable. Such an operation
is refused over GET: URLs end in logs and histories.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLArgument,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_input_object_type,
)

from gateway.operation.model import Operation
from gateway.policy.classes import DataClasses
from schema.selection import (
    Argument,
    Field,
    ListValue,
    Literal,
    ObjectValue,
    SelectionSet,
    Value,
    Variable,
)

__all__ = ["has_personal_arguments"]


def has_personal_arguments(
    operation: Operation, api_schema: GraphQLSchema, classes: DataClasses
) -> bool:
    """Tell whether the operation feeds an argument of personal type."""
    check = _PersonalCheck(api_schema, classes)
    return any(check.is_fed(*use) for use in _arguments(operation.selection_set))


def _arguments(selection_set: SelectionSet) -> Iterator[tuple[str, str, Argument]]:
    """Give every argument with the type and field that it is passed to."""
    for selection in selection_set:
        if isinstance(selection, Field):
            for argument in selection.arguments:
                yield selection_set.type_name, selection.name, argument
        if selection.selections is not None:
            yield from _arguments(selection.selections)


class _PersonalCheck:
    """Asks types and values of one schema."""

    def __init__(self, api_schema: GraphQLSchema, classes: DataClasses) -> None:
        self._schema = api_schema
        self._personal = classes.personal_inputs
        self._holders = classes.personal_holders

    def is_fed(self, type_name: str, field_name: str, argument: Argument) -> bool:
        """Tell whether one argument is personal and gets a value."""
        definition = self._find(type_name, field_name, argument.name)
        if definition is None or _is_null(argument.value):
            return False
        where = f"{type_name}.{field_name}({argument.name}:)"
        return where in self._personal or self._holds(argument.value, definition.type)

    def _find(self, type_name: str, field_name: str, name: str) -> GraphQLArgument | None:
        parent = self._schema.get_type(type_name)
        field = self._schema.get_field(parent, field_name) if is_composite_type(parent) else None
        return field.args.get(name) if field is not None else None

    def _holds(self, value: Value, type_: GraphQLInputType) -> bool:
        named = get_named_type(type_)
        if _is_null(value):
            return False
        if named.name in self._personal:
            return True
        if not is_input_object_type(named):
            return False
        match value:
            case Variable():
                return named.name in self._holders
            case ListValue():
                return any(self._holds(item, named) for item in value.items)
            case ObjectValue():
                return any(self._holds_field(named, name, item) for name, item in value.fields)
            case _:
                return False

    def _holds_field(self, owner: GraphQLInputObjectType, name: str, value: Value) -> bool:
        if f"{owner.name}.{name}" in self._personal:
            return not _is_null(value)
        return name in owner.fields and self._holds(value, owner.fields[name].type)


def _is_null(value: Value) -> bool:
    return isinstance(value, Literal) and value.text == "null"
