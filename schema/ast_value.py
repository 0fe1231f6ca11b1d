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

__all__ = ["value_from_ast"]


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
