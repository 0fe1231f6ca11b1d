"""Names the subgraphs that a plan asks for a field, for error texts and the count of defects.

In: the plan's fetches and the API schema. Out: subgraphs by coordinate, in plan order. A field that
a fetch selects on an interface counts for every type that implements it.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from gateway.plan.nodes import FetchNode
from schema.selection import Field, SelectionSet

__all__ = ["Providers"]


class Providers:
    """Which subgraphs may give a field. Made once per operation, asked only for errors."""

    def __init__(self, fetches: Iterable[FetchNode], schema: GraphQLSchema) -> None:
        self._schema = schema
        self._subgraphs: dict[tuple[str, str], dict[str, None]] = {}
        for fetch in fetches:
            self._note(fetch.selection_set, fetch.subgraph)

    def of(self, coordinate: str) -> tuple[str, ...]:
        """Name the subgraphs that are asked for ``Type.field``; none if nobody is."""
        type_name, _, field_name = coordinate.partition(".")
        for owner in (type_name, *self._interfaces_of(type_name)):
            found = self._subgraphs.get((owner, field_name))
            if found is not None:
                return tuple(found)
        return ()

    def _note(self, selection_set: SelectionSet, subgraph: str) -> None:
        for selection in selection_set:
            if isinstance(selection, Field):
                key = (selection_set.type_name, selection.name)
                self._subgraphs.setdefault(key, {})[subgraph] = None
            if selection.selections is not None:
                self._note(selection.selections, subgraph)

    def _interfaces_of(self, type_name: str) -> list[str]:
        found = self._schema.type_map.get(type_name)
        if not isinstance(found, GraphQLObjectType | GraphQLInterfaceType):
            return []
        return [interface.name for interface in found.interfaces]
