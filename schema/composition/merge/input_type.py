"""Merging an input object: the fields that all its subgraphs have.

In: each subgraph's form of the input object. Out: an ``InputObjectType`` of which every subgraph
accepts every value. A field required in one subgraph must be in all.
"""

from __future__ import annotations

from collections.abc import Sequence

from schema.composition.context import CompositionContext, Source, names_of
from schema.composition.merge.argument import INPUT_FIELD_CODES, merge_default, merge_input_type
from schema.composition.merge.joins import merge_type_joins
from schema.composition.merge.notes import merge_notes
from schema.coordinates import coordinate
from schema.subgraph.model import SubgraphArgument, SubgraphType
from schema.supergraph.model import InputField, InputObjectType, JoinField
from schema.type_ref import TypeRef

__all__ = ["merge_input"]


def merge_input(
    context: CompositionContext, sources: Sequence[Source[SubgraphType]]
) -> InputObjectType:
    """Merge one input object."""
    name = sources[0].element.name
    fields = dict.fromkeys(field for source in sources for field in source.element.inputs)
    merged = {field: _merge_input_field(context, sources, field) for field in fields}
    kept = {field: definition for field, definition in merged.items() if definition is not None}
    if not any(all(field in s.element.inputs for s in sources) for field in fields):
        context.report(
            "EMPTY_MERGED_INPUT_TYPE",
            f'No field of the input object "{name}" is in all of its subgraphs; '
            "share at least one.",
            [name],
            names_of(sources),
        )
    return InputObjectType(
        name,
        kept,
        merge_type_joins(context, sources),
        any(s.element.notes.has("oneOf") for s in sources),
        merge_notes(context, [Source(s.subgraph, s.element.notes) for s in sources], name),
    )


def _merge_input_field(
    context: CompositionContext, sources: Sequence[Source[SubgraphType]], name: str
) -> InputField | None:
    place = coordinate(sources[0].element.name, name)
    found = [
        Source(s.subgraph, s.element.inputs[name]) for s in sources if name in s.element.inputs
    ]
    if len(found) < len(sources):
        _report_missing(context, place, found, [s for s in sources if name not in s.element.inputs])
        return None
    type_ = merge_input_type(context, place, found, INPUT_FIELD_CODES)
    if type_ is None:
        return None
    return InputField(
        name,
        type_,
        merge_default(context, place, found, INPUT_FIELD_CODES),
        _build_joins(found, type_),
        merge_notes(context, [Source(s.subgraph, s.element.notes) for s in found], place),
    )


def _report_missing(
    context: CompositionContext,
    place: str,
    found: Sequence[Source[SubgraphArgument]],
    missing: Sequence[Source[SubgraphType]],
) -> None:
    required = [source for source in found if source.element.is_required]
    where = ", ".join(f'"{name}"' for name in names_of(missing))
    if required:
        context.report(
            "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
            f'The input field "{place}" is required in "{required[0].graph}" and missing in '
            f"{where}; add it there, or make it optional.",
            [place],
            names_of(missing),
        )
        return
    context.hint(
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        f'The optional input field "{place}" is missing in {where} and is left out.',
        [place],
        names_of(missing),
    )


def _build_joins(
    sources: Sequence[Source[SubgraphArgument]], merged: TypeRef
) -> tuple[JoinField, ...]:
    if all(source.element.type == merged for source in sources):
        return ()
    return tuple(
        JoinField(s.graph, None if s.element.type == merged else s.element.type) for s in sources
    )
