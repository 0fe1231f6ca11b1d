"""NO_QUERIES: some subgraph has a query field."""

from __future__ import annotations

from schema.composition.context import CompositionContext
from schema.supergraph.model import ObjectType, Supergraph

__all__ = ["check_no_queries"]


def check_no_queries(context: CompositionContext, supergraph: Supergraph) -> None:
    """Report a supergraph that cannot be asked anything."""
    query = supergraph.types.get(supergraph.query_type)
    if any(s.types.get("Query") for s in context.subgraphs):
        return
    if not isinstance(query, ObjectType) or not query.fields:
        context.report(
            "NO_QUERIES",
            'No subgraph has a query field; define "type Query" in at least one.',
            ["Query"],
            [s.name for s in context.subgraphs],
        )
