"""Composition: from subgraphs to a supergraph, in three phases.

In: ``SubgraphSource`` values. Out: a ``CompositionResult``: a supergraph, or all errors of the
first phase that found any; hints in both cases. First every subgraph is judged alone; then all are
merged and the whole is judged; then it is proved that every query can be answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schema.composition.context import CompositionContext, Source
from schema.composition.graphs import build_graphs, check_names
from schema.composition.merge.carry import read_carried
from schema.composition.merge.directive import merge_directives
from schema.composition.merge.features import used_features
from schema.composition.merge.links import merge_links
from schema.composition.merge.notes import merge_description
from schema.composition.merge.type_definition import merge_types
from schema.composition.rules.ordered import check_supergraph
from schema.composition.satisfiability.check import check_satisfiability
from schema.errors import CompositionError, CompositionHint
from schema.subgraph.alone import stand_alone
from schema.subgraph.model import Subgraph, SubgraphSource
from schema.subgraph.parse import parse_subgraph
from schema.subgraph.rules.ordered import check_subgraph, check_upgrade
from schema.subgraph.upgrade import upgrade_subgraphs
from schema.supergraph.model import Supergraph

__all__ = ["CompositionResult", "compose", "compose_alone"]


@dataclass(frozen=True, slots=True)
class CompositionResult:
    """What composition yields; ``supergraph`` is None exactly if there are errors."""

    supergraph: Supergraph | None
    errors: tuple[CompositionError, ...] = ()
    hints: tuple[CompositionHint, ...] = ()


def compose(subgraphs: Sequence[SubgraphSource]) -> CompositionResult:
    """Compose subgraphs into one supergraph."""
    parsed, errors = _read_subgraphs(subgraphs)
    if errors:
        return CompositionResult(None, errors)
    context = CompositionContext(parsed, read_carried(parsed))
    supergraph = _merge(context)
    check_supergraph(context, supergraph)
    if not context.errors:
        check_satisfiability(context, supergraph)
    if context.errors:
        return CompositionResult(None, tuple(context.errors), tuple(context.hints))
    return CompositionResult(supergraph, (), tuple(context.hints))


def compose_alone(source: SubgraphSource) -> CompositionResult:
    """Compose one subgraph as a router in front of it asks it: by ``_service`` and ``_entities``.

    Nothing is to be proved: the one subgraph resolves every field, given its representation.
    """
    parsed, errors = _read_subgraphs((source,))
    if errors:
        return CompositionResult(None, errors)
    alone = tuple(stand_alone(subgraph) for subgraph in parsed)
    context = CompositionContext(alone, read_carried(alone))
    supergraph = _merge(context)
    if context.errors:
        return CompositionResult(None, tuple(context.errors), tuple(context.hints))
    return CompositionResult(supergraph, (), tuple(context.hints))


def _read_subgraphs(
    sources: Sequence[SubgraphSource],
) -> tuple[tuple[Subgraph, ...], tuple[CompositionError, ...]]:
    errors = list(check_names(sources))
    read: list[Subgraph] = []
    for source in sorted(sources, key=lambda s: s.name):
        result = parse_subgraph(source)
        if isinstance(result, Subgraph):
            read.append(result)
            errors.extend(check_upgrade(result))
        else:
            errors.extend(result)
    upgraded = upgrade_subgraphs(read)
    for subgraph in upgraded:
        errors.extend(check_subgraph(subgraph))
    return upgraded, tuple(errors)


def _merge(context: CompositionContext) -> Supergraph:
    directives = merge_directives(context)
    types = merge_types(context, tuple(directives.values()))
    features = used_features(types)
    return Supergraph(
        build_graphs(context.subgraphs),
        types | {scalar.name: scalar for f in features for scalar in f.scalars},
        {d.name: d for f in features for d in f.directives} | directives,
        (*(feature.link for feature in features), *merge_links(context)),
        mutation_type="Mutation" if "Mutation" in types else None,
        subscription_type="Subscription" if "Subscription" in types else None,
        description=merge_description(
            context, [Source(s, s.notes.description) for s in context.subgraphs], "schema"
        ),
    )
