"""The types of one adapter's SDL, as far as answering needs them.

In: SDL text of a federation subgraph. Out: ``Shapes``: per type its fields, their types and
arguments, and which concrete types an interface or union has. Read once per adapter, at start.
Types that carry no definition of their own here (``extend type``) are merged by name.

What does not belong here: federation semantics; composition judges those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import (
    FieldDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    TypeNode,
    ValueNode,
    parse,
    value_from_ast_untyped,
)

from schema.supergraph.model import TypeRef

__all__ = ["ArgumentShape", "FieldShape", "Shapes", "TypeShape", "read_shapes"]

_KINDS = {
    "object_type": "object",
    "interface_type": "interface",
    "union_type": "union",
    "enum_type": "enum",
    "input_object_type": "input",
    "scalar_type": "scalar",
}


@dataclass(frozen=True, slots=True)
class ArgumentShape:
    """One argument or input field."""

    name: str
    type: TypeRef
    default: Any = None
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class FieldShape:
    """One field of an object or interface."""

    name: str
    type: TypeRef
    arguments: tuple[ArgumentShape, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeShape:
    """One named type; ``kind`` is object, interface, union, enum, input or scalar."""

    name: str
    kind: str
    fields: Mapping[str, FieldShape] = field(default_factory=dict)
    interfaces: tuple[str, ...] = ()
    members: tuple[str, ...] = ()  # of a union
    values: frozenset[str] = frozenset()  # of an enum
    inputs: tuple[ArgumentShape, ...] = ()

    @property
    def is_abstract(self) -> bool:
        """Tell whether a value of this type has a more concrete one."""
        return self.kind in ("interface", "union")

    @property
    def is_leaf(self) -> bool:
        """Tell whether a value of this type has no selections."""
        return self.kind in ("enum", "scalar")


@dataclass(frozen=True, slots=True)
class Shapes:
    """All types of one SDL, with the names of its root types."""

    types: Mapping[str, TypeShape]
    query: str = "Query"
    mutation: str = "Mutation"
    subscription: str = "Subscription"

    def possible(self, name: str) -> tuple[str, ...]:
        """List the concrete types that a value of type ``name`` may have."""
        shape = self.types[name]
        if shape.kind == "union":
            return shape.members
        if shape.kind == "interface":
            return tuple(
                t.name for t in self.types.values() if t.kind == "object" and name in t.interfaces
            )
        return (name,)

    def applies(self, condition: str, concrete: str) -> bool:
        """Tell whether a fragment on ``condition`` selects from a value of type ``concrete``."""
        if condition == concrete or condition == "_Entity":
            return True
        shape = self.types.get(condition)
        return shape is not None and concrete in self.possible(condition)


def read_shapes(sdl: str) -> Shapes:
    """Read the types of ``sdl``; raises ``GraphQLSyntaxError`` if it is no SDL."""
    types: dict[str, TypeShape] = {
        name: TypeShape(name, "scalar") for name in ("String", "ID", "Int", "Float", "Boolean")
    }
    roots: dict[str, str] = {}
    for node in parse(sdl, no_location=True).definitions:
        base = node.kind.removesuffix("_definition").removesuffix("_extension")
        if base == "schema":
            roots |= {op.operation.value: op.type.name.value for op in node.operation_types or ()}  # type: ignore[attr-defined]  # narrowed by kind
        elif base in _KINDS:
            shape = _read_type(node, _KINDS[base])
            types[shape.name] = _merge(types.get(shape.name), shape)
    return Shapes(types, **roots)


def _read_type(node: Any, kind: str) -> TypeShape:
    """Read one type definition; ``node`` is any, as the kinds share no class with these parts."""
    members = [t.name.value for t in getattr(node, "types", None) or ()]
    values = [v.name.value for v in getattr(node, "values", None) or ()]
    return TypeShape(
        name=node.name.value,
        kind=kind,
        fields={} if kind == "input" else _read_fields(getattr(node, "fields", None) or ()),
        interfaces=tuple(i.name.value for i in getattr(node, "interfaces", None) or ()),
        members=tuple(members),
        values=frozenset(values),
        inputs=_read_arguments(node.fields or ()) if kind == "input" else (),
    )


def _merge(known: TypeShape | None, more: TypeShape) -> TypeShape:
    if known is None or known.kind != more.kind:
        return more
    return TypeShape(
        known.name,
        known.kind,
        {**known.fields, **more.fields},
        (*known.interfaces, *more.interfaces),
        (*known.members, *more.members),
        known.values | more.values,
        (*known.inputs, *more.inputs),
    )


def _read_fields(nodes: Iterable[FieldDefinitionNode]) -> dict[str, FieldShape]:
    return {
        n.name.value: FieldShape(
            n.name.value, _read_type_ref(n.type), _read_arguments(n.arguments or ())
        )
        for n in nodes
    }


def _read_arguments(nodes: Iterable[InputValueDefinitionNode]) -> tuple[ArgumentShape, ...]:
    return tuple(
        ArgumentShape(
            n.name.value,
            _read_type_ref(n.type),
            _read_default(n.default_value),
            n.default_value is not None,
        )
        for n in nodes
    )


def _read_default(node: ValueNode | None) -> Any:
    return None if node is None else value_from_ast_untyped(node)


def _read_type_ref(node: TypeNode) -> TypeRef:
    if isinstance(node, NonNullTypeNode):
        return replace(_read_type_ref(node.type), non_null=True)
    if isinstance(node, ListTypeNode):
        return TypeRef(of=_read_type_ref(node.type))
    return TypeRef(name=node.name.value)  # type: ignore[attr-defined]  # a NamedTypeNode remains
