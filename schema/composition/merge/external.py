"""Checking @external fields against the subgraphs that resolve them.

In: one merged field and the subgraphs where it is @external. Out: errors where an external field
has a type or arguments that the resolving subgraphs would not honor.
"""

from __future__ import annotations

from collections.abc import Sequence

from schema.composition.context import CompositionContext, Source
from schema.composition.merge.types import is_subtype
from schema.subgraph.model import SubgraphArgument, SubgraphField
from schema.supergraph.model import ArgumentDefinition, FieldDefinition
from schema.type_ref import TypeRef

__all__ = ["check_external"]


def check_external(
    context: CompositionContext,
    place: str,
    field: FieldDefinition,
    sources: Sequence[Source[SubgraphField]],
    resolving: Sequence[Source[SubgraphField]],
) -> None:
    """Report each @external form (``sources``) of a field that differs from the resolved ones."""
    for source in sources:
        if not _has_type(context, source.element.type, field.type, resolving):
            context.report(
                "EXTERNAL_TYPE_MISMATCH",
                f'"{place}" is @external in "{source.graph}" with type "{source.element.type}" '
                f'and has type "{field.type}" where it is resolved; use the latter.',
                [place],
                [source.graph],
            )
        for argument in field.arguments:
            _check_argument(context, place, argument, source)


def _has_type(
    context: CompositionContext,
    own: TypeRef,
    merged: TypeRef,
    resolving: Sequence[Source[SubgraphField]],
) -> bool:
    """Tell whether an external type is right: the one type, or one of several that merged."""
    if len({source.element.type for source in resolving}) == 1:
        return own == merged
    return is_subtype(own, merged, context.is_subtype)


def _check_argument(
    context: CompositionContext,
    place: str,
    argument: ArgumentDefinition,
    source: Source[SubgraphField],
) -> None:
    found: SubgraphArgument | None = source.element.arguments.get(argument.name)
    coordinates = [f"{place}({argument.name}:)"]
    where = f'"{place}" is @external in "{source.graph}"'
    if found is None:
        context.report(
            "EXTERNAL_ARGUMENT_MISSING",
            f'{where} without the argument "{argument.name}" that it has where it is resolved; '
            "add it.",
            coordinates,
            [source.graph],
        )
        return
    if not is_subtype(argument.type, found.type, lambda name, of: name == of):
        context.report(
            "EXTERNAL_ARGUMENT_TYPE_MISMATCH",
            f'{where} with the argument "{argument.name}" of type "{found.type}", which is '
            f'"{argument.type}" where it is resolved; use the latter.',
            coordinates,
            [source.graph],
        )
    if found.default != argument.default:
        context.report(
            "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH",
            f'{where} with another default of the argument "{argument.name}" than where it is '
            "resolved; use the same default.",
            coordinates,
            [source.graph],
        )
