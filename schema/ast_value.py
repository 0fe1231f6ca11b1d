"""Values of graphql-core's syntax tree as the shared ``Value``.

In: a value node of a parsed document. Out: a ``schema.selection.Value`` whose literals have one
spelling each: block strings and escapes end as JSON strings, numbers keep their digits. Field
sets, SDL and operations all read their literals here, so that equal literals are equal values.
"""

from __future__ import annotations

import json

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

from schema.selection import ListValue, Literal, ObjectValue, Value, Variable
from schema.type_ref import TypeRef

__all__ = ["as_list", "value_from_ast"]


def value_from_ast(node: ValueNode) -> Value:
    """Give the value that ``node`` spells."""
    match node:
        case VariableNode():
            return Variable(node.name.value)
        case ListValueNode():
            return ListValue(tuple(value_from_ast(item) for item in node.values))
        case ObjectValueNode():
            return ObjectValue(
                tuple((item.name.value, value_from_ast(item.value)) for item in node.fields)
            )
        case StringValueNode():
            return Literal(json.dumps(node.value, ensure_ascii=False))
        case BooleanValueNode():
            return Literal("true" if node.value else "false")
        case NullValueNode():
            return Literal("null")
        case IntValueNode() | FloatValueNode() | EnumValueNode():
            return Literal(node.value)
        case _:
            raise TypeError(f'"{node.kind}" is not a value')


def as_list(value: Value, type_ref: TypeRef) -> Value:
    """Write one value that stands for a list, as GraphQL lets a default be, as a list of it."""
    if type_ref.of is None or value == Literal("null"):
        return value
    items = value.items if isinstance(value, ListValue) else (value,)
    return ListValue(tuple(as_list(item, type_ref.of) for item in items))
