"""Merging what stands on one element: description, @tag, @inaccessible, @deprecated and the rest.

In: each subgraph's ``Notes`` of one element. Out: the supergraph's ``Applied``. The description
written most often wins; labels and hiding add up; a directive that is carried (by
@composeDirective or because its specification says so) is kept once, or once per different
application where it is repeatable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from schema.composition.context import CompositionContext, Source, names_of
from schema.composition.merge.contextual import merge_contexts
from schema.composition.merge.requirements import MERGED_REQUIREMENTS
from schema.selection import Directive, Literal
from schema.spec.personal import DATA_IDENTITY, STRICTER_LAST
from schema.subgraph.model import Notes, argument_of, text_argument
from schema.supergraph.model import Applied

__all__ = ["merge_description", "merge_notes"]

T = TypeVar("T")

_DEFAULT_REASON = "No longer supported"


def merge_notes(
    context: CompositionContext, sources: Sequence[Source[Notes]], coordinate: str
) -> Applied:
    """Merge the notes of one element; hints where subgraphs disagree."""
    return Applied(
        merge_description(
            context, [Source(s.subgraph, s.element.description) for s in sources], coordinate
        ),
        any(source.element.has("inaccessible") for source in sources),
        _merge_tags(sources),
        _merge_deprecation(context, sources, coordinate),
        (
            *_merge_requirements(context, sources, coordinate),
            *merge_contexts(sources),
            *_merge_carried(context, sources, coordinate),
        ),
    )


def merge_description(
    context: CompositionContext, sources: Sequence[Source[str | None]], coordinate: str
) -> str | None:
    """Keep the description that is written most often; a hint tells of others."""
    written = [source.element for source in sources if source.element]
    if len(set(written)) > 1:
        context.hint(
            "INCONSISTENT_DESCRIPTION",
            f'"{coordinate}" is described differently; the description written most often is kept.',
            [coordinate],
            names_of(source for source in sources if source.element),
        )
    return _most_frequent(written)


def _merge_tags(sources: Sequence[Source[Notes]]) -> tuple[str, ...]:
    names = (text_argument(d, "name") for s in sources for d in s.element.every("tag"))
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _merge_deprecation(
    context: CompositionContext, sources: Sequence[Source[Notes]], coordinate: str
) -> str | None:
    reasons = [
        text_argument(found, "reason") or _DEFAULT_REASON
        for s in sources
        if (found := s.element.find("deprecated")) is not None
    ]
    if len(set(reasons)) > 1:
        _hint_arguments(context, "deprecated", sources, coordinate)
    return _most_frequent(reasons)


def _merge_requirements(
    context: CompositionContext, sources: Sequence[Source[Notes]], coordinate: str
) -> Iterable[Directive]:
    for name, merge in MERGED_REQUIREMENTS.items():
        found = [d for s in sources for d in s.element.every(name)]
        if not found:
            continue
        merged = merge(found)
        if len({frozenset(each.arguments) for each in found}) > 1:
            context.hint(
                "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
                f'"@{name}" is applied to "{coordinate}" with different arguments; they are '
                "merged.",
                [coordinate],
                names_of(s for s in sources if s.element.has(name)),
            )
        yield merged


def _merge_carried(
    context: CompositionContext, sources: Sequence[Source[Notes]], coordinate: str
) -> Iterable[Directive]:
    for carried in context.carried.directives:
        applied = [
            Directive(carried.name, directive.arguments)
            for source in sources
            for directive in source.element.custom
            if context.carried.find(source.graph, directive.name) is carried
        ]
        distinct = tuple(dict.fromkeys(applied))
        if carried.definition.repeatable or len(distinct) < 2:
            yield from distinct
            continue
        _hint_arguments(context, carried.name, sources, coordinate)
        strict = carried.url.identity == DATA_IDENTITY and carried.element in STRICTER_LAST
        yield (
            _strictest(distinct, carried.element)
            if strict
            else _most_frequent(applied) or applied[0]
        )


def _strictest(applied: Sequence[Directive], element: str) -> Directive:
    argument, order = STRICTER_LAST[element]

    def rank(directive: Directive) -> int:
        value = argument_of(directive, argument)
        text = value.text if isinstance(value, Literal) else ""
        return order.index(text) if text in order else -1

    return max(applied, key=rank)


def _hint_arguments(
    context: CompositionContext, name: str, sources: Sequence[Source[Notes]], coordinate: str
) -> None:
    context.hint(
        "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
        f'"@{name}" is applied to "{coordinate}" with different arguments; one of them is kept.',
        [coordinate],
        names_of(sources),
    )


def _most_frequent(values: Sequence[T]) -> T | None:
    return Counter(values).most_common(1)[0][0] if values else None
