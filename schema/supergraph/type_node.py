"""Type references of graphql-core's syntax tree as the model's.

In: a type node (``[String!]!``). Out: a ``TypeRef``. Supergraphs and operations' variables both
read their types here.
"""

from __future__ import annotations

from graphql import ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode

from schema.supergraph.model import TypeRef

__all__ = ["build_type_ref"]


def build_type_ref(node: TypeNode) -> TypeRef:
    """Give the type that a type node spells."""
    match node:
        case NonNullTypeNode():
            inner = build_type_ref(node.type)
            return TypeRef(inner.name, inner.of, True)
        case ListTypeNode():
            return TypeRef(of=build_type_ref(node.type))
        case NamedTypeNode():
            return TypeRef(node.name.value)
        case _:
            raise TypeError(f'"{node.kind}" is not a type')
