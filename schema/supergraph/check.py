"""Whether a loaded supergraph refers only to what it defines.

In: a ``Supergraph``. Out: nothing, or a ``SupergraphError`` that names the first place which
refers to a missing or unfitting type, so that no later stage meets a dangling name.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.errors import SupergraphError
from schema.supergraph.model import (
    InputObjectType,
    InterfaceType,
    ObjectType,
    Supergraph,
    UnionType,
)

__all__ = ["check_references"]

_BUILT_IN_SCALARS = frozenset({"Int", "Float", "String", "Boolean", "ID"})


def check_references(supergraph: Supergraph) -> None:
    """Check root types, and the types of fields, arguments, members and interfaces."""
    _check_roots(supergraph)
    for where, name in _references(supergraph):
        if name not in supergraph.types and name not in _BUILT_IN_SCALARS:
            raise SupergraphError(
                f'"{where}" refers to the type "{name}", which is not defined.', (where,)
            )
    for where, interface in _interfaces(supergraph):
        if not isinstance(supergraph.types.get(interface), InterfaceType):
            raise SupergraphError(
                f'"{where}" implements "{interface}", which is not an interface.', (where,)
            )


def _check_roots(supergraph: Supergraph) -> None:
    roots = (supergraph.query_type, supergraph.mutation_type, supergraph.subscription_type)
    for root in roots:
        if root is not None and type(supergraph.types.get(root)) is not ObjectType:
            raise SupergraphError(f'The root type "{root}" is not an object type.', (root,))


def _references(supergraph: Supergraph) -> Iterator[tuple[str, str]]:
    for name, definition in supergraph.types.items():
        if isinstance(definition, ObjectType):
            for field in definition.fields.values():
                yield f"{name}.{field.name}", field.type.named
                for argument in field.arguments:
                    yield f"{name}.{field.name}({argument.name}:)", argument.type.named
        elif isinstance(definition, InputObjectType):
            for input_field in definition.fields.values():
                yield f"{name}.{input_field.name}", input_field.type.named
        elif isinstance(definition, UnionType):
            for member in definition.member_names:
                yield name, member
    for directive in supergraph.directives.values():
        for argument in directive.arguments:
            yield f"@{directive.name}({argument.name}:)", argument.type.named


def _interfaces(supergraph: Supergraph) -> Iterator[tuple[str, str]]:
    for name, definition in supergraph.types.items():
        if isinstance(definition, ObjectType):
            for interface in definition.interfaces:
                yield name, interface
