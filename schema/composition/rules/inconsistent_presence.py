"""Hints about what only some of a type's subgraphs have: keys and the fields of value types.

INCONSISTENT_ENTITY, INCONSISTENT_OBJECT_VALUE_TYPE_FIELD, INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD:
none is a fault, and each has surprised someone whose query took another way than expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schema.composition.context import CompositionContext, Source, names_of
from schema.coordinates import coordinate
from schema.subgraph.model import ROOT_TYPES, SubgraphType, TypeKind
from schema.supergraph.model import Supergraph

__all__ = ["hint_inconsistent_presence"]

_FIELD_CODES = {
    TypeKind.OBJECT: "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD",
    TypeKind.INTERFACE: "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD",
}


def hint_inconsistent_presence(context: CompositionContext, supergraph: Supergraph) -> None:
    """Hint at entities without a key somewhere, and at fields that some subgraphs lack."""
    for name in supergraph.types:
        sources = context.type_sources(name)
        if len(sources) < 2 or name in ROOT_TYPES or not sources[0].element.has_fields:
            continue
        keyed = [source for source in sources if source.element.keys]
        if not keyed:
            _hint_fields(context, name, sources)
        elif len(keyed) < len(sources) and sources[0].element.kind is TypeKind.OBJECT:
            without = [source for source in sources if source not in keyed]
            context.hint(
                "INCONSISTENT_ENTITY",
                f'"{name}" has a @key in some subgraphs and none in {_listed(without)}.',
                [name],
                names_of(without),
            )


def _hint_fields(
    context: CompositionContext, name: str, sources: Sequence[Source[SubgraphType]]
) -> None:
    for field, lacking in _lacking(sources):
        context.hint(
            _FIELD_CODES[sources[0].element.kind],
            f'"{coordinate(name, field)}" is missing in {_listed(lacking)}.',
            [coordinate(name, field)],
            names_of(lacking),
        )


def _lacking(
    sources: Sequence[Source[SubgraphType]],
) -> Iterator[tuple[str, list[Source[SubgraphType]]]]:
    fields = dict.fromkeys(field for source in sources for field in source.element.fields)
    for field in fields:
        lacking = [source for source in sources if field not in source.element.fields]
        if lacking:
            yield field, lacking


def _listed(sources: Sequence[Source[SubgraphType]]) -> str:
    return ", ".join(f'"{source.graph}"' for source in sources)
