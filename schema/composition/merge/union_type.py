"""Merging a union: the members of all subgraphs.

In: each subgraph's form of the union. Out: a ``UnionType`` that remembers who knows which member.
"""

from __future__ import annotations

from collections.abc import Sequence

from schema.composition.context import CompositionContext, Source, names_of
from schema.composition.merge.joins import merge_type_joins
from schema.composition.merge.notes import merge_notes
from schema.subgraph.model import SubgraphType
from schema.supergraph.model import UnionMember, UnionType

__all__ = ["merge_union"]


def merge_union(context: CompositionContext, sources: Sequence[Source[SubgraphType]]) -> UnionType:
    """Merge one union."""
    name = sources[0].element.name
    members = dict.fromkeys(m for source in sources for m in source.element.members)
    for member in members:
        missing = [s for s in sources if member not in s.element.members]
        if missing:
            context.hint(
                "INCONSISTENT_UNION_MEMBER",
                f'The member "{member}" of "{name}" is in some subgraphs only.',
                [name],
                names_of(missing),
            )
    return UnionType(
        name,
        tuple(
            UnionMember(s.graph, member)
            for member in members
            for s in sources
            if member in s.element.members
        ),
        merge_type_joins(context, sources),
        merge_notes(context, [Source(s.subgraph, s.element.notes) for s in sources], name),
    )
