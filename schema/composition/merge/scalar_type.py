"""Merging a custom scalar: one name, and one @specifiedBy if any subgraph gives it."""

from __future__ import annotations

from collections.abc import Sequence

from schema.composition.context import CompositionContext, Source, names_of
from schema.composition.merge.joins import merge_type_joins
from schema.composition.merge.notes import merge_notes
from schema.subgraph.model import SubgraphType, text_argument
from schema.supergraph.model import ScalarType

__all__ = ["merge_scalar"]


def merge_scalar(
    context: CompositionContext, sources: Sequence[Source[SubgraphType]]
) -> ScalarType:
    """Merge one scalar; of several specifications the first is kept."""
    name = sources[0].element.name
    urls = dict.fromkeys(
        text_argument(found, "url")
        for s in sources
        if (found := s.element.notes.find("specifiedBy")) is not None
    )
    if len(urls) > 1:
        context.hint(
            "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
            f'"{name}" is specified by different documents; the first is kept.',
            [name],
            names_of(sources),
        )
    return ScalarType(
        name,
        next(iter(urls), None),
        merge_type_joins(context, sources),
        merge_notes(context, [Source(s.subgraph, s.element.notes) for s in sources], name),
    )
