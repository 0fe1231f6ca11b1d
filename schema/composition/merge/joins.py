"""A merged type's presence in each subgraph, with its keys there.

In: each subgraph's form of the type. Out: ``JoinType`` values in the order of the subgraphs. The
query type is in every subgraph: all of them can be asked for entities.
"""

from __future__ import annotations

from collections.abc import Sequence

from schema.composition.context import CompositionContext, Source
from schema.selection import Literal
from schema.subgraph.field_sets import FieldSetUse, read_field_set
from schema.subgraph.model import ROOT_TYPES, SubgraphType, argument_of
from schema.supergraph.model import JoinType, Key

__all__ = ["merge_type_joins"]


def merge_type_joins(
    context: CompositionContext, sources: Sequence[Source[SubgraphType]]
) -> tuple[JoinType, ...]:
    """Build the joins of one type."""
    joins = {source.graph: _build_join(source) for source in sources}
    if sources[0].element.name != "Query":
        return tuple(joins.values())
    return tuple(joins.get(s.name) or JoinType(s.name) for s in context.subgraphs)


def _build_join(source: Source[SubgraphType]) -> JoinType:
    definition = source.element
    keys = tuple(
        Key(
            read_field_set(
                source.subgraph, FieldSetUse(key, definition.name, None, definition.name)
            ),
            argument_of(key, "resolvable") != Literal("false"),
        )
        for key in definition.keys
    )
    return JoinType(
        source.graph,
        tuple(dict.fromkeys(keys)),
        # A Federation 1 extension is how that version shares a type, and says nothing.
        definition.is_extension
        and source.subgraph.version is not None
        and definition.has_fields
        and definition.name not in ROOT_TYPES,
        definition.is_interface_object,
    )
