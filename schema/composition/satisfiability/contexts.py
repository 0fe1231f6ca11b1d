"""Which types set the contexts that arguments are filled from.

In: the query graph, whose edges say what they need and who sets it. Out: for a type the contexts
that are set for everything below its objects. Without @fromContext there are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schema.query_graph.graph import FieldEdge, QueryGraph

__all__ = ["ContextNames", "Contexts", "is_filled", "read_contexts"]

ContextNames = frozenset[str]
"""As the supergraph has them: ``subgraph__context``."""


@dataclass(frozen=True, slots=True)
class Contexts:
    """The contexts that each type sets, by its name."""

    setters: Mapping[str, ContextNames]

    def below(self, type_name: str, above: ContextNames) -> ContextNames:
        """Give what is set for everything below an object of this type."""
        own = self.setters.get(type_name)
        return above if own is None else above | own


def read_contexts(graph: QueryGraph) -> Contexts:
    """Collect the setters of every context that an edge needs."""
    found: dict[str, set[str]] = {}
    for edges in graph.fields:
        for edge in edges.values():
            for needed in edge.contexts:
                for selection in needed.setters:
                    found.setdefault(selection.type_name, set()).add(needed.context)
    return Contexts({name: frozenset(contexts) for name, contexts in found.items()})


def is_filled(edge: FieldEdge, given: ContextNames) -> bool:
    """Tell whether every argument that the edge takes from a context has one."""
    return all(needed.context in given for needed in edge.contexts)
