"""The arguments that a field takes from a context (@fromContext), ready to be looked for.

In: a supergraph and one field's ``contextArguments``. Out: per argument what to select on each type
that sets its context. The types are those that bear ``@context`` with the context's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schema.errors import SupergraphError
from schema.field_set import FieldSetError, parse_field_set
from schema.selection import Literal, SelectionSet
from schema.supergraph.model import ContextArgument, JoinField, ObjectType, Supergraph
from schema.type_ref import TypeRef

__all__ = ["ContextInput", "read_context_inputs"]

_DIRECTIVE = "context"


@dataclass(frozen=True, slots=True)
class ContextInput:
    """One argument that the nearest object which sets a context gives; the client never does."""

    argument: str
    type: TypeRef
    context: str
    setters: tuple[SelectionSet, ...]  # one per type that sets the context, on that type


def read_context_inputs(supergraph: Supergraph, join: JoinField) -> tuple[ContextInput, ...]:
    """Read what a field takes from contexts in one subgraph."""
    return tuple(
        ContextInput(
            each.name,
            each.type,
            each.context,
            tuple(_select(supergraph, each, name) for name in _setters(supergraph, each.context)),
        )
        for each in join.context_arguments
    )


def _setters(supergraph: Supergraph, context: str) -> Iterator[str]:
    for name, definition in supergraph.types.items():
        for directive in definition.applied.directives:
            if directive.name == _DIRECTIVE and any(
                argument.name == "name" and argument.value == Literal(f'"{context}"')
                for argument in directive.arguments
            ):
                yield name


def _select(supergraph: Supergraph, argument: ContextArgument, type_name: str) -> SelectionSet:
    def field_type(parent: str, name: str) -> str | None:
        definition = supergraph.types.get(parent)
        if not isinstance(definition, ObjectType) or name not in definition.fields:
            return None
        return definition.fields[name].type.named

    try:
        return parse_field_set(argument.selection, type_name, field_type)
    except FieldSetError as error:
        raise SupergraphError(
            f'The context "{argument.context}" cannot be read: {error}', (type_name,)
        ) from error
