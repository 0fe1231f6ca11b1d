"""INVALID_FIELD_SHARING: who resolves a field that others resolve too says @shareable.

Key fields are shared by nature. An overridden or external field is not resolved, so it does not
count.
"""

from __future__ import annotations

from schema.composition.context import CompositionContext, Source, names_of
from schema.composition.overrides import Overrides
from schema.coordinates import coordinate
from schema.subgraph.model import SubgraphField
from schema.supergraph.model import InterfaceType, ObjectType, Supergraph

__all__ = ["check_invalid_field_sharing"]

_NONE = Overrides()


def check_invalid_field_sharing(context: CompositionContext, supergraph: Supergraph) -> None:
    """Report every field that is resolved in several subgraphs and not shareable in all."""
    for definition in supergraph.types.values():
        if not isinstance(definition, ObjectType):
            continue
        for field in definition.fields:
            resolving = _resolving(context, definition, field)
            exclusive = [s for s in resolving if not _is_shareable(context, definition.name, s)]
            if len(resolving) > 1 and exclusive:
                _report(context, coordinate(definition.name, field), resolving, exclusive)


def _resolving(
    context: CompositionContext, definition: ObjectType, field: str
) -> list[Source[SubgraphField]]:
    overrides = context.overrides.get((definition.name, field), _NONE)
    sources = list(context.field_sources(definition.name, field))
    if isinstance(definition, InterfaceType):
        sources = [s for s in sources if s.subgraph.types[definition.name].is_interface_object]
    return [
        s
        for s in sources
        if not s.element.is_external
        and s.graph not in overrides.overridden
        and s.graph not in overrides.moving
    ]


def _is_shareable(
    context: CompositionContext, type_name: str, source: Source[SubgraphField]
) -> bool:
    if source.element.notes.has("shareable"):
        return True
    return (type_name, source.element.name) in context.usage[source.graph].keys


def _report(
    context: CompositionContext,
    place: str,
    resolving: list[Source[SubgraphField]],
    exclusive: list[Source[SubgraphField]],
) -> None:
    all_names = ", ".join(f'"{name}"' for name in names_of(resolving))
    names = ", ".join(f'"{name}"' for name in names_of(exclusive))
    context.report(
        "INVALID_FIELD_SHARING",
        f'"{place}" is resolved in {all_names} and is not @shareable in {names}; mark it '
        "@shareable in all of them, or resolve it in one.",
        [place],
        names_of(resolving),
    )
