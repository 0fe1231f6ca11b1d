"""Coerces one leaf by its type in the API schema.

In: a JSON value that a subgraph gave. Out: the value as the client must see it, ``None`` for an
enum value that the client may not know, or ``UNREADABLE`` for a value of the wrong kind. Strict,
because a number in a text field is a defect of a record and not a matter of taste; the two
exceptions are those that clients rely on: an integer given for a Float prints as one, and for an
ID becomes text.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from graphql import GraphQLEnumType, GraphQLLeafType

__all__ = ["UNREADABLE", "Coercion", "find_coercion"]

UNREADABLE: Final = object()

Coercion: TypeAlias = Callable[[Any], Any]
"""From a subgraph's value (never None) to the client's, None or ``UNREADABLE``."""

_INT_MIN, _INT_MAX = -(2**31), 2**31 - 1


def find_coercion(leaf: GraphQLLeafType) -> Coercion:
    """Give the coercion of a scalar or enum type; custom scalars pass as they are."""
    if isinstance(leaf, GraphQLEnumType):
        return _enum_coercion(frozenset(leaf.values))
    return _BUILT_IN.get(leaf.name, _pass)


def _enum_coercion(names: frozenset[str]) -> Coercion:
    def coerce(value: Any) -> Any:
        if not isinstance(value, str):
            return UNREADABLE
        return value if value in names else None

    return coerce


def _pass(value: Any) -> Any:
    return value


def _coerce_int(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return UNREADABLE
    return value if _INT_MIN <= value <= _INT_MAX else UNREADABLE


def _coerce_float(value: Any) -> Any:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return UNREADABLE
    try:
        number = float(value)
    except OverflowError:
        return UNREADABLE
    return number if math.isfinite(number) else UNREADABLE


def _coerce_string(value: Any) -> Any:
    return value if isinstance(value, str) else UNREADABLE


def _coerce_boolean(value: Any) -> Any:
    return value if isinstance(value, bool) else UNREADABLE


def _coerce_id(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else UNREADABLE


_BUILT_IN: dict[str, Coercion] = {
    "Int": _coerce_int,
    "Float": _coerce_float,
    "String": _coerce_string,
    "Boolean": _coerce_boolean,
    "ID": _coerce_id,
}
