"""Arguments as a function receives them: coerced by the SDL, defaults filled in.

In: the arguments of a selected field, the request's variables and the field's shape. Out: SDL name
-> Python value, or ``InvalidArgument``, which names the argument and never repeats its value.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from adapters.kit.outcome import InvalidArgument
from adapters.kit.scalar_rules import INPUT_RULES
from adapters.kit.shapes import ArgumentShape, Shapes
from schema.selection import Argument, Variable, evaluate
from schema.supergraph.model import TypeRef

__all__ = ["coerce_arguments", "freeze"]

_ABSENT = object()


def coerce_arguments(
    given: tuple[Argument, ...],
    shapes: Shapes,
    wanted: tuple[ArgumentShape, ...],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Coerce the arguments of one field; those neither given nor defaulted are left out."""
    if not wanted:
        return {}
    raw = {a.name: a.value for a in given}
    result: dict[str, Any] = {}
    for shape in wanted:
        value: Any = _ABSENT
        node = raw.get(shape.name)
        if node is not None and not (isinstance(node, Variable) and node.name not in variables):
            value = evaluate(node, variables)
        _put(result, shape, value, shapes, shape.name)
    return result


def freeze(value: Any) -> Any:
    """Give a hashable stand-in for an argument's value, equal where the values are equal."""
    if isinstance(value, Mapping):
        return tuple((name, freeze(item)) for name, item in sorted(value.items()))
    if isinstance(value, list):
        return tuple(freeze(item) for item in value)
    return (type(value), value)  # 1, 1.0 and true are three arguments


def _put(
    result: dict[str, Any], shape: ArgumentShape, value: Any, shapes: Shapes, where: str
) -> None:
    if value is _ABSENT:
        if shape.has_default:
            value = shape.default
        elif shape.type.non_null:
            raise InvalidArgument(f'The argument "{where}" is required: give a value.')
        else:
            return
    result[shape.name] = _coerce(value, shape.type, shapes, where)


def _coerce(value: Any, ref: TypeRef, shapes: Shapes, where: str) -> Any:
    if value is None:
        if ref.non_null:
            raise InvalidArgument(f'The argument "{where}" must not be null.')
        return None
    if ref.of is not None:
        items = value if isinstance(value, list) else [value]
        return [_coerce(item, ref.of, shapes, where) for item in items]
    return _coerce_named(value, str(ref.name), shapes, where)


def _coerce_named(value: Any, name: str, shapes: Shapes, where: str) -> Any:
    shape = shapes.types[name]
    if shape.kind == "input":
        if not isinstance(value, Mapping):
            raise InvalidArgument(f'The argument "{where}" must be an object of type "{name}".')
        result: dict[str, Any] = {}
        for item in shape.inputs:
            given = value.get(item.name, _ABSENT)
            _put(result, item, given, shapes, f"{where}.{item.name}")
        return result
    if shape.kind == "enum":
        text = value.name if isinstance(value, Enum) else value
        if text not in shape.values:
            raise InvalidArgument(f'The argument "{where}" is not a value of the enum "{name}".')
        return text
    rule = INPUT_RULES.get(name)
    try:
        return value if rule is None else rule(value)
    except ValueError as exc:
        raise InvalidArgument(f'The argument "{where}" is refused: {exc}.') from None
