"""Arguments that hold a secret, such as a passphrase: the scalar ``Rahasia`` says which.

In: a document and the API schema; the variables of a request. Out: a finding for each secret that
the text itself holds, since texts are kept with what was prepared for them; and the variables
without their secrets, for whatever is kept of a request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLType,
    ValidationRule,
    ValueNode,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
)

from gateway.operation.model import Operation

__all__ = [
    "SECRET_SCALAR",
    "SecretVariables",
    "SecretsByVariable",
    "find_secrets",
    "without_secrets",
]

SECRET_SCALAR = "Rahasia"

SecretVariables: TypeAlias = Mapping[str, GraphQLNamedType]
"""Variables that hold a secret, as the client names them, with their types."""


class SecretsByVariable(ValidationRule):
    """A secret is sent as a variable, and the text gives it no default."""

    def enter_string_value(self, node: ValueNode, *_: Any) -> None:
        """Look at one literal; null gives nothing away."""
        self._look(node, self.context.get_input_type())

    enter_int_value = enter_float_value = enter_boolean_value = enter_string_value
    enter_enum_value = enter_object_value = enter_string_value

    def enter_list_value(self, node: ValueNode, *_: Any) -> None:
        """Look at a list in the place of a secret; one of several is looked at by itself."""
        around = self.context.get_parent_input_type()
        self._look(node, None if around is None else get_nullable_type(around))

    def _look(self, node: ValueNode, type_: GraphQLType | None) -> None:
        named = type_ if is_list_type(type_) else get_named_type(type_)
        if isinstance(named, GraphQLScalarType) and named.name == SECRET_SCALAR:
            self.report_error(
                GraphQLError(
                    f'A value of "{SECRET_SCALAR}" must not stand in the text of an operation, '
                    "which is kept; send it as a variable.",
                    node,
                )
            )


def find_secrets(operation: Operation, api_schema: GraphQLSchema) -> SecretVariables:
    """Name the variables that hold a secret, at whatever depth, with their types."""
    if SECRET_SCALAR not in api_schema.type_map:
        return {}
    types = {
        each.client_name: api_schema.type_map.get(each.type.named) for each in operation.variables
    }
    return {
        name: named
        for name, named in types.items()
        if named is not None and _holds_secret(named, set())
    }


def without_secrets(variables: Mapping[str, Any], secrets: SecretVariables) -> dict[str, Any]:
    """Leave the secrets out of variables, which may be of any shape."""
    return _strip_fields(variables, secrets)


def _holds_secret(named: GraphQLNamedType, seen: set[str]) -> bool:
    if named.name == SECRET_SCALAR:
        return True
    if not is_input_object_type(named) or named.name in seen:
        return False
    seen.add(named.name)
    return any(_holds_secret(each, seen) for each in _fields(named).values())


def _fields(named: GraphQLInputObjectType) -> dict[str, GraphQLNamedType]:
    return {name: get_named_type(field.type) for name, field in named.fields.items()}


def _strip_fields(
    values: Mapping[str, Any], types: Mapping[str, GraphQLNamedType]
) -> dict[str, Any]:
    return {
        name: _strip(value, types[name]) if name in types else value
        for name, value in values.items()
        if name not in types or types[name].name != SECRET_SCALAR
    }


def _strip(value: Any, named: GraphQLNamedType) -> Any:
    if isinstance(value, list):
        return [_strip(item, named) for item in value]
    if isinstance(value, Mapping) and is_input_object_type(named):
        return _strip_fields(value, _fields(named))
    return value
