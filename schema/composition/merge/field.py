"""Merging one field of an object or interface.

In: each subgraph's form of the field and the subgraphs that have the parent. Out: a
``FieldDefinition`` whose joins say who resolves it and how; none where everyone that has the
parent resolves it and there is nothing more to say.
"""

from __future__ import annotations

from collections.abc import Sequence

from schema.composition.context import CompositionContext, Source, names_of
from schema.composition.merge.argument import merge_arguments
from schema.composition.merge.contextual import context_arguments, shown_arguments
from schema.composition.merge.external import check_external
from schema.composition.merge.notes import merge_notes
from schema.composition.merge.override import read_overrides
from schema.composition.merge.types import merge_output_types
from schema.composition.overrides import Overrides
from schema.coordinates import coordinate
from schema.selection import SelectionSet
from schema.subgraph.field_sets import FieldSetUse, read_field_set
from schema.subgraph.model import SubgraphField, SubgraphType
from schema.supergraph.model import FieldDefinition, JoinField
from schema.type_ref import TypeRef

__all__ = ["merge_field"]


def merge_field(
    context: CompositionContext,
    parents: Sequence[Source[SubgraphType]],
    name: str,
    graphs: Sequence[str],
) -> FieldDefinition | None:
    """Merge the field ``name`` of a type; None after an error.

    Args:
        context: the composition.
        parents: each subgraph's form of the type.
        name: the field.
        graphs: the subgraphs that the supergraph's type is joined to.
    """
    type_name = parents[0].element.name
    place = coordinate(type_name, name)
    sources = [
        Source(p.subgraph, p.element.fields[name]) for p in parents if name in p.element.fields
    ]
    resolving = [s for s in sources if not s.element.is_external]
    if not resolving:
        if not _is_contributed(context, parents, name):
            _report_missing_base(context, place, sources)
            return None
        resolving = sources  # resolved by way of the interface: these are its only own forms
    overrides = read_overrides(context, type_name, sources)
    context.overrides[type_name, name] = overrides
    merged_type = _merge_type(context, place, resolving)
    if merged_type is None:
        return None
    definition = FieldDefinition(
        name,
        merged_type,
        merge_arguments(context, place, shown_arguments(context, place, resolving)),
        _merge_joins(type_name, sources, merged_type, overrides, context, graphs),
        merge_notes(context, [Source(s.subgraph, s.element.notes) for s in sources], place),
    )
    external = [s for s in sources if s.element.is_external]
    check_external(context, place, definition, external, resolving)
    return definition


def _is_contributed(
    context: CompositionContext, parents: Sequence[Source[SubgraphType]], name: str
) -> bool:
    """Tell whether an @interfaceObject resolves the field for all implementations."""
    interfaces = {interface for parent in parents for interface in parent.element.interfaces}
    return any(
        source.subgraph.types[interface].is_interface_object and not source.element.is_external
        for interface in sorted(interfaces & context.interface_objects)
        for source in context.field_sources(interface, name)
    )


def _report_missing_base(
    context: CompositionContext, place: str, sources: Sequence[Source[SubgraphField]]
) -> None:
    context.report(
        "EXTERNAL_MISSING_ON_BASE",
        f'"{place}" is @external in every subgraph that has it; define it where it is resolved.',
        [place],
        names_of(sources),
    )


def _merge_type(
    context: CompositionContext, place: str, sources: Sequence[Source[SubgraphField]]
) -> TypeRef | None:
    types = [source.element.type for source in sources]
    merged = merge_output_types(types, context.is_subtype)
    if len(set(types)) == 1:
        return merged
    listed = ", ".join(f'"{s.element.type}" in "{s.graph}"' for s in sources)
    if merged is None:
        context.report(
            "FIELD_TYPE_MISMATCH",
            f'"{place}" has incompatible types: {listed}; use one type.',
            [place],
            names_of(sources),
        )
    else:
        context.hint(
            "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
            f'"{place}" has different types: {listed}; "{merged}" is used.',
            [place],
            names_of(sources),
        )
    return merged


def _merge_joins(
    type_name: str,
    sources: Sequence[Source[SubgraphField]],
    merged: TypeRef,
    overrides: Overrides,
    context: CompositionContext,
    graphs: Sequence[str],
) -> tuple[JoinField, ...]:
    joins = tuple(
        join
        for source in sources
        if (join := _build_join(type_name, source, merged, overrides, context)) is not None
    )
    if joins == tuple(JoinField(graph) for graph in graphs):
        return ()
    return joins


def _build_join(
    type_name: str,
    source: Source[SubgraphField],
    merged: TypeRef,
    overrides: Overrides,
    context: CompositionContext,
) -> JoinField | None:
    field = source.element
    overridden = source.graph in overrides.overridden
    if overridden and not context.usage[source.graph].is_used(type_name, field.name):
        return None
    return JoinField(
        source.graph,
        None if field.type == merged else field.type,
        None if overridden else _field_set(source, type_name, "requires"),
        None if overridden else _field_set(source, type_name, "provides"),
        field.is_external,
        overrides.sources.get(source.graph),
        overrides.labels.get(source.graph),
        overridden,
        () if overridden else context_arguments(source, type_name),
    )


def _field_set(
    source: Source[SubgraphField], type_name: str, directive: str
) -> SelectionSet | None:
    found = source.element.notes.find(directive)
    if found is None:
        return None
    on = type_name if directive == "requires" else source.element.type.named
    return read_field_set(source.subgraph, FieldSetUse(found, type_name, source.element.name, on))
