"""Merging directive definitions: executable ones that all subgraphs have, and carried ones.

In: the subgraphs' definitions. Out: ``DirectiveDefinition`` values. An executable directive is
sent to whichever subgraph a field goes to, so only what all of them define the same way remains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schema.composition.context import CompositionContext, Source, names_of
from schema.composition.merge.argument import merge_arguments, plain_arguments
from schema.composition.merge.notes import merge_description
from schema.coordinates import directive_coordinate
from schema.subgraph.model import SubgraphDirective
from schema.supergraph.model import DirectiveDefinition

__all__ = ["merge_directives"]

_LEFT_OUT = "is not defined in all of them for a common location, and is left out"
_EXECUTABLE = (
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
)


def merge_directives(context: CompositionContext) -> dict[str, DirectiveDefinition]:
    """Merge all directive definitions."""
    merged = {d.name: d for d in _merge_executable(context)}
    for carried in context.carried.directives:
        definition = carried.definition
        merged[carried.name] = DirectiveDefinition(
            carried.name,
            definition.locations,
            plain_arguments(definition.arguments.values()),
            definition.repeatable,
            True,
            definition.description,
        )
    return merged


def _merge_executable(context: CompositionContext) -> Iterator[DirectiveDefinition]:
    names = dict.fromkeys(name for s in context.subgraphs for name in s.directives)
    for name in names:
        found = [
            Source(s, s.directives[name])
            for s in context.subgraphs
            if name in s.directives and any(x in _EXECUTABLE for x in s.directives[name].locations)
        ]
        if not found:
            continue
        merged = _merge_one(context, name, found)
        if merged is not None:
            yield merged


def _merge_one(
    context: CompositionContext, name: str, sources: Sequence[Source[SubgraphDirective]]
) -> DirectiveDefinition | None:
    place = directive_coordinate(name)
    locations = tuple(
        x for x in _EXECUTABLE if all(x in source.element.locations for source in sources)
    )
    if len(sources) < len(context.subgraphs):
        _hint(context, "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE", place, sources, _LEFT_OUT)
        return None
    if not locations:
        _hint(context, "NO_EXECUTABLE_DIRECTIVE_INTERSECTION", place, sources, _LEFT_OUT)
        return None
    if any(set(_executable(source)) != set(locations) for source in sources):
        text = "allows other locations; those of all remain"
        _hint(context, "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS", place, sources, text)
    if len({source.element.repeatable for source in sources}) > 1:
        text = "is repeatable in some only, and so in none"
        _hint(context, "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE", place, sources, text)
    return DirectiveDefinition(
        name,
        locations,
        merge_arguments(context, place, [Source(s.subgraph, s.element.arguments) for s in sources]),
        all(source.element.repeatable for source in sources),
        False,
        merge_description(
            context, [Source(s.subgraph, s.element.description) for s in sources], place
        ),
    )


def _executable(source: Source[SubgraphDirective]) -> Iterator[str]:
    return (location for location in source.element.locations if location in _EXECUTABLE)


def _hint(
    context: CompositionContext,
    code: str,
    place: str,
    sources: Sequence[Source[SubgraphDirective]],
    text: str,
) -> None:
    context.hint(code, f'Across the subgraphs "{place}" {text}.', [place], names_of(sources))
