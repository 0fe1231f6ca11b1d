"""A request's raw variables as the operation declares them.

In: the operation's variable definitions, the JSON object of the request, the API schema. Out: JSON
values by variable name, fit to be sent to subgraphs, or ``BadUserInput`` with a problem per value
that does not fit (https://spec.graphql.org/September2025/#CoerceVariableValues()). Texts name
variable, path and expected type and never a value: it may be a person's number.

A variable that was neither given nor has a default is absent from the result; defaults inside
input objects are left to the subgraphs. Custom scalars pass as they are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    Undefined,
    is_input_type,
    is_required_input_field,
)

from gateway.errors import BadUserInput, Problem, quote
from gateway.operation.limits import OperationLimits
from gateway.operation.model import VariableDefinition
from schema.selection import evaluate
from schema.supergraph.model import TypeRef

__all__ = ["coerce_variables"]

_MAX_ERRORS = OperationLimits().errors
_MAX_DEPTH = 100  # of input objects and lists in one value; far above any form, below the stack
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_MAX_INT = 2**31 - 1
_MIN_INT = -(2**31)


class _Misfit(Exception):
    """A value that does not fit; found below one variable."""

    def __init__(self, path: tuple[str | int, ...], reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason


def coerce_variables(
    definitions: Sequence[VariableDefinition],
    raw: Mapping[str, Any],
    api_schema: GraphQLSchema,
) -> dict[str, Any]:
    """Coerce all variables; what ``raw`` holds beside them is ignored.

    Raises:
        BadUserInput: with at most five problems, each naming its variable.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for definition in definitions:
        try:
            values.update(_coerce_variable(definition, raw, api_schema))
        except _Misfit as misfit:
            problems.append(_build_problem(definition, misfit))
            if len(problems) == _MAX_ERRORS:
                break
    if problems:
        raise BadUserInput(*problems)
    return values


def _coerce_variable(
    definition: VariableDefinition, raw: Mapping[str, Any], api_schema: GraphQLSchema
) -> dict[str, Any]:
    type_ = _resolve(definition.type, api_schema)
    if definition.client_name in raw:
        return {definition.name: _coerce(raw[definition.client_name], type_, ())}
    if definition.default is not None:
        return {definition.name: _coerce(evaluate(definition.default, {}), type_, ())}
    if definition.type.non_null:
        raise _Misfit((), "it is required and was not given")
    return {}


def _build_problem(definition: VariableDefinition, misfit: _Misfit) -> Problem:
    place = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in misfit.path)
    at = f" at {quote(definition.client_name + place)}" if misfit.path else ""
    return Problem(
        f"Variable {quote('$' + definition.client_name)} of type {quote(str(definition.type))} "
        f"does not fit{at}: {misfit.reason}."
    )


def _resolve(type_ref: TypeRef, api_schema: GraphQLSchema) -> GraphQLInputType:
    if type_ref.non_null:
        return GraphQLNonNull(_resolve(type_ref.nullable, api_schema))  # type: ignore[arg-type]  # nullable by construction
    if type_ref.of is not None:
        return GraphQLList(_resolve(type_ref.of, api_schema))
    type_ = api_schema.get_type(str(type_ref.name))
    if not is_input_type(type_):
        raise _Misfit((), f"{quote(str(type_ref.name))} is no input type")
    return type_


def _coerce(value: Any, type_: GraphQLInputType, path: tuple[str | int, ...]) -> Any:
    if len(path) > _MAX_DEPTH:
        raise _Misfit(path[:3], "it is nested too deeply")
    if isinstance(type_, GraphQLNonNull):
        if value is None:
            raise _Misfit(path, f"expected a value of type {quote(str(type_))}, not null")
        return _coerce(value, type_.of_type, path)
    if value is None:
        return None
    if isinstance(type_, GraphQLList):
        if not isinstance(value, list):  # one value stands for a list of it
            return [_coerce(value, type_.of_type, path)]
        return [_coerce(item, type_.of_type, (*path, i)) for i, item in enumerate(value)]
    if isinstance(type_, GraphQLInputObjectType):
        return _coerce_object(value, type_, path)
    if isinstance(type_, GraphQLEnumType):
        return _coerce_enum(value, type_, path)
    return _coerce_scalar(value, type_.name, path)


def _coerce_object(
    value: Any, type_: GraphQLInputObjectType, path: tuple[str | int, ...]
) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Misfit(path, f"expected an object of type {quote(type_.name)}")
    fields = type_.fields
    for name in value:
        if name not in fields:
            raise _Misfit(path, f"type {quote(type_.name)} has no field{_quote_name(name)}")
    for name, field in fields.items():
        if name not in value and is_required_input_field(field):
            raise _Misfit(
                path, f"the field {quote(name)} of type {quote(str(field.type))} is required"
            )
    if type_.is_one_of and (len(value) != 1 or None in value.values()):
        raise _Misfit(path, f"type {quote(type_.name)} takes exactly one field, not null")
    return {name: _coerce(item, fields[name].type, (*path, name)) for name, item in value.items()}


def _quote_name(name: Any) -> str:
    # A key that is no name may be anything, also a number that identifies a person.
    return f" {quote(name)}" if isinstance(name, str) and _NAME.fullmatch(name) else " of that name"


def _coerce_enum(value: Any, type_: GraphQLEnumType, path: tuple[str | int, ...]) -> str:
    if isinstance(value, str) and value in type_.values:
        return value
    raise _Misfit(path, f"expected a value of the enum {quote(type_.name)}")


def _coerce_scalar(value: Any, name: str, path: tuple[str | int, ...]) -> Any:
    coercer = _SCALARS.get(name)
    result = value if coercer is None else coercer(value)
    if result is Undefined:
        raise _Misfit(path, f"expected a value of type {quote(name)}")
    return result


def _coerce_int(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and _MIN_INT <= value <= _MAX_INT:
        return value
    return Undefined


def _coerce_float(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Undefined
    try:
        return value if math.isfinite(value) else Undefined
    except OverflowError:  # an integer beyond the largest float
        return Undefined


def _coerce_string(value: Any) -> Any:
    return value if isinstance(value, str) else Undefined


def _coerce_boolean(value: Any) -> Any:
    return value if isinstance(value, bool) else Undefined


def _coerce_id(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _coerce_string(value)


_SCALARS: Mapping[str, Callable[[Any], Any]] = {
    "Int": _coerce_int,
    "Float": _coerce_float,
    "String": _coerce_string,
    "Boolean": _coerce_boolean,
    "ID": _coerce_id,
}
