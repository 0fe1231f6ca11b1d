"""SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES: who shares a field can return a common type.

A shared field of abstract type whose subgraphs know no runtime type in common cannot return the
same object in both.
"""

from __future__ import annotations

from schema.composition.context import CompositionContext, names_of
from schema.coordinates import coordinate
from schema.supergraph.model import InterfaceType, ObjectType, Supergraph, UnionType

__all__ = ["check_shareable_has_mismatched_runtime_types"]


def check_shareable_has_mismatched_runtime_types(
    context: CompositionContext, supergraph: Supergraph
) -> None:
    """Report every shared field without a runtime type that all its subgraphs know."""
    for definition in supergraph.types.values():
        if type(definition) is not ObjectType:
            continue
        for field in definition.fields.values():
            returned = supergraph.types.get(field.type.named)
            if isinstance(returned, InterfaceType | UnionType):
                _check(context, definition.name, field.name)


def _check(context: CompositionContext, type_name: str, field: str) -> None:
    overrides = context.overrides.get((type_name, field))
    gone = overrides.overridden if overrides else frozenset()
    sources = [
        s
        for s in context.field_sources(type_name, field)
        if not s.element.is_external and s.graph not in gone
    ]
    if len(sources) < 2 or any(
        s.subgraph.types[s.element.type.named].is_interface_object for s in sources
    ):
        return
    if not all(s.element.notes.has("shareable") for s in sources):
        return  # INVALID_FIELD_SHARING says what is to be decided first
    runtime = [set(s.subgraph.possible_types(s.element.type.named)) for s in sources]
    place = coordinate(type_name, field)
    if not set.intersection(*runtime):
        context.report(
            "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES",
            f'"{place}" is resolved in several subgraphs whose runtime types for it have none in '
            "common; let them share at least one.",
            [place],
            names_of(sources),
        )
    elif len({s.element.type.named for s in sources}) == 1 and any(
        types != runtime[0] for types in runtime
    ):
        context.hint(
            "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN",
            f'"{place}" is resolved in several subgraphs that know different runtime types for it.',
            [place],
            names_of(sources),
        )
