"""Does a literal fit the type that it is given for?

In: a value as field sets pass it to an argument, and the argument's type. Out: whether the type
takes it, by the rules of input coercion
(https://spec.graphql.org/draft/#sec-Input-Values); custom scalars take anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from schema.selection import ListValue, Literal, ObjectValue, Value
from schema.subgraph.model import Subgraph, SubgraphType, TypeKind
from schema.type_ref import TypeRef

__all__ = ["is_value_of"]

_NULL = Literal("null")
_SPELLING: Mapping[str, re.Pattern[str]] = {
    "Int": re.compile(r"-?\d+"),
    "Float": re.compile(r"-?\d.*"),
    "String": re.compile(r'".*', re.DOTALL),
    "ID": re.compile(r'".*|-?\d+', re.DOTALL),
    "Boolean": re.compile(r"true|false"),
}


def is_value_of(subgraph: Subgraph, value: Value, type_ref: TypeRef) -> bool:
    """Tell whether a type takes a value."""
    if value == _NULL:
        return not type_ref.non_null
    if type_ref.of is not None:
        items = value.items if isinstance(value, ListValue) else (value,)
        return all(is_value_of(subgraph, item, type_ref.of) for item in items)
    spelling = _SPELLING.get(type_ref.named)
    if spelling is not None:
        return isinstance(value, Literal) and spelling.fullmatch(value.text) is not None
    definition = subgraph.types.get(type_ref.named)
    match definition.kind if definition else None:
        case TypeKind.ENUM:
            return isinstance(value, Literal) and value.text in _values(definition)
        case TypeKind.INPUT:
            return isinstance(value, ObjectValue) and _is_input(subgraph, value, definition)
        case _:
            return True


def _values(definition: SubgraphType | None) -> Mapping[str, object]:
    return definition.values if definition is not None else {}


def _is_input(subgraph: Subgraph, value: ObjectValue, definition: SubgraphType | None) -> bool:
    fields = definition.inputs if definition is not None else {}
    given = dict(value.fields)
    return all(
        name in fields and is_value_of(subgraph, item, fields[name].type)
        for name, item in given.items()
    ) and all(name in given for name, field in fields.items() if field.is_required)
