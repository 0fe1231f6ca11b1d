"""INVALID_FIELD_SHARING: who resolves a field that others resolve too says @shareable.

Key fields are shared by nature, and so are external fields that are provided on some path. Other
external fields and overridden ones are not resolved and do not count. A field that an
@interfaceObject contributes is resolved for every implementation.
"""

from __future__ import annotations

from schema.composition.context import CompositionContext, Source, names_of
from schema.composition.overrides import Overrides
from schema.coordinates import coordinate
from schema.subgraph.model import SubgraphField
from schema.supergraph.model import ObjectType, Supergraph

__all__ = ["check_invalid_field_sharing"]

_NONE = Overrides()

_Resolving = tuple[Source[SubgraphField], str]  # who resolves a field, the type it is on there


def check_invalid_field_sharing(context: CompositionContext, supergraph: Supergraph) -> None:
    """Report every field that is resolved in several subgraphs and not shareable in all."""
    for definition in supergraph.types.values():
        if type(definition) is not ObjectType:
            continue
        for field in _field_names(context, definition):
            resolving = _resolving(context, definition, field)
            exclusive = [s for s in resolving if not _is_shareable(context, s)]
            if definition.name == "Subscription":
                _check_subscription(context, field)
            elif len(resolving) > 1 and exclusive:
                _report(context, coordinate(definition.name, field), resolving, exclusive)


def _field_names(context: CompositionContext, definition: ObjectType) -> dict[str, None]:
    """List the type's fields, also those that could not be merged for other reasons."""
    sources = context.type_sources(definition.name)
    return dict.fromkeys((*definition.fields, *(f for s in sources for f in s.element.fields)))


def _check_subscription(context: CompositionContext, field: str) -> None:
    """Refuse sharing altogether: one event would be delivered once per subgraph."""
    sources = context.field_sources("Subscription", field)
    marked = [s for s in sources if s.element.notes.has("shareable")]
    if marked or len(sources) > 1:
        place = coordinate("Subscription", field)
        context.report(
            "INVALID_FIELD_SHARING",
            f'"{place}" is a subscription and cannot be shared; resolve it in one subgraph, '
            "without @shareable.",
            [place],
            names_of(marked or sources),
        )


def _resolving(context: CompositionContext, definition: ObjectType, field: str) -> list[_Resolving]:
    """List who resolves the field, with the type that declares it there."""
    contributed = [i for i in definition.interfaces if i in context.interface_objects]
    return [
        (source, owner)
        for owner in (definition.name, *contributed)
        for source in context.field_sources(owner, field)
        if _is_resolved(context, owner, source)
        and (owner == definition.name or source.subgraph.types[owner].is_interface_object)
    ]


def _is_resolved(context: CompositionContext, owner: str, source: Source[SubgraphField]) -> bool:
    name = source.element.name
    overrides = context.overrides.get((owner, name), _NONE)
    if source.graph in overrides.overridden or source.graph in overrides.moving:
        return False
    return not source.element.is_external or _is_provided(context, owner, source)


def _is_provided(context: CompositionContext, owner: str, source: Source[SubgraphField]) -> bool:
    return (owner, source.element.name) in context.usage[source.graph].provided


def _is_shareable(context: CompositionContext, resolving: _Resolving) -> bool:
    source, owner = resolving
    if source.element.notes.has("shareable") or source.element.is_external:
        return True
    return (owner, source.element.name) in context.usage[source.graph].keys


def _report(
    context: CompositionContext,
    place: str,
    resolving: list[_Resolving],
    exclusive: list[_Resolving],
) -> None:
    all_names = ", ".join(f'"{name}"' for name in names_of(s for s, _ in resolving))
    names = ", ".join(f'"{name}"' for name in names_of(s for s, _ in exclusive))
    context.report(
        "INVALID_FIELD_SHARING",
        f'"{place}" is resolved in {all_names} and is not @shareable in {names}; mark it '
        "@shareable in all of them, or resolve it in one.",
        [place],
        names_of(source for source, _ in resolving),
    )
