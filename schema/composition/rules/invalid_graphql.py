"""INVALID_GRAPHQL, of the merged whole: merging can break what held in each subgraph.

Implementations are covariant with their interfaces: the merged type of a field may be wider than
the interface's, and arguments may have gone. An object that is a member of a union here may be an
interface elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.composition.context import CompositionContext, names_of
from schema.composition.merge.types import is_subtype
from schema.coordinates import coordinate
from schema.supergraph.model import (
    FieldDefinition,
    InterfaceType,
    ObjectType,
    Supergraph,
    UnionType,
)

__all__ = ["check_invalid_graphql"]


def check_invalid_graphql(context: CompositionContext, supergraph: Supergraph) -> None:
    """Report every field that does not fit its interface, and members that are no objects."""
    for definition in supergraph.types.values():
        if isinstance(definition, UnionType):
            _check_members(context, supergraph, definition)
        if not isinstance(definition, ObjectType):
            continue
        for name in definition.interfaces:
            interface = supergraph.types.get(name)
            if not isinstance(interface, InterfaceType):
                continue
            for field in interface.fields.values():
                own = definition.fields.get(field.name)
                for problem in _problems(context, field, own) if own else ():
                    context.report(
                        "INVALID_GRAPHQL",
                        f'"{definition.name}.{field.name}" does not implement '
                        f'"{name}.{field.name}": {problem}.',
                        [coordinate(definition.name, field.name), coordinate(name, field.name)],
                        names_of(context.field_sources(definition.name, field.name)),
                    )


def _check_members(
    context: CompositionContext, supergraph: Supergraph, definition: UnionType
) -> None:
    for member in definition.member_names:
        if isinstance(supergraph.types.get(member), InterfaceType):
            context.report(
                "INVALID_GRAPHQL",
                f'"{member}" is a member of the union "{definition.name}" and an interface in '
                "another subgraph; unions hold object types only.",
                [definition.name, member],
                names_of(context.type_sources(definition.name)),
            )


def _problems(
    context: CompositionContext, wanted: FieldDefinition, own: FieldDefinition
) -> Iterator[str]:
    if not is_subtype(own.type, wanted.type, context.is_subtype):
        yield f'its type "{own.type}" is no subtype of "{wanted.type}"'
    arguments = {argument.name: argument for argument in own.arguments}
    for argument in wanted.arguments:
        found = arguments.pop(argument.name, None)
        if found is None:
            yield f'it lacks the argument "{argument.name}"'
        elif found.type != argument.type:
            yield f'its argument "{argument.name}" is "{found.type}" and not "{argument.type}"'
    for extra in arguments.values():
        if extra.type.non_null and extra.default is None:
            yield f'it requires the argument "{extra.name}"'
