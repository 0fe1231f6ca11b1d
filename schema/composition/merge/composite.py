"""Merging an object or an interface.

In: each subgraph's form of the type. Out: an ``ObjectType`` or ``InterfaceType`` with the fields
of all of them. A type that is an object with @interfaceObject in one subgraph and an interface in
another is an interface; what only the former contributes to it is added to the implementations
afterwards (``interface_object.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schema.composition.context import CompositionContext, Source
from schema.composition.merge.field import merge_field
from schema.composition.merge.joins import merge_type_joins
from schema.composition.merge.notes import merge_notes
from schema.subgraph.model import SubgraphType, TypeKind
from schema.supergraph.model import FieldDefinition, InterfaceType, JoinImplements, ObjectType

__all__ = ["merge_composite"]


def merge_composite(
    context: CompositionContext, sources: Sequence[Source[SubgraphType]]
) -> ObjectType | InterfaceType:
    """Merge one object or interface; fields that cannot be merged are left out."""
    name = sources[0].element.name
    joins = merge_type_joins(context, sources)
    fields = _merge_fields(context, sources, [join.graph for join in joins])
    is_interface = any(s.element.kind is TypeKind.INTERFACE for s in sources)
    build = InterfaceType if is_interface else ObjectType
    return build(
        name,
        fields,
        joins,
        tuple(JoinImplements(s.graph, i) for s in sources for i in s.element.interfaces),
        merge_notes(context, [Source(s.subgraph, s.element.notes) for s in sources], name),
    )


def _merge_fields(
    context: CompositionContext,
    sources: Sequence[Source[SubgraphType]],
    graphs: Sequence[str],
) -> Mapping[str, FieldDefinition]:
    names = dict.fromkeys(name for source in sources for name in source.element.fields)
    merged = {name: merge_field(context, sources, name, graphs) for name in names}
    return {name: field for name, field in merged.items() if field is not None}
