"""Find the object above that sets a context, and name the variable that carries its value.

In: a path, a field whose arguments come from contexts. Out: one ``ContextValue`` per argument, or
None if some context is set by no object above from which its value can be had. The nearest object
that sets a context gives it; an object never gives one to itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from gateway.planner.graph_path import ContextValue, Enter, Gathered, GraphPath
from schema.query_graph.contexts import ContextInput
from schema.query_graph.graph import FieldEdge
from schema.selection import Argument, Field, Fragment, Selection, Variable

__all__ = ["Contexts", "with_contexts"]

_PREFIX = "contextualArgument"


class Reach(Protocol):
    """What finding a context asks of the moves."""

    def roots(self, type_name: str) -> list[GraphPath]:
        """Begin in every subgraph that has the root type."""
        ...

    def sources(self, path: GraphPath) -> tuple[GraphPath, ...]:
        """List the fetches that reach the path's objects."""
        ...

    def possible_types(self, type_name: str) -> frozenset[str]:
        """Give the object types that the supergraph allows for a type."""
        ...

    def gather(
        self,
        sources: tuple[GraphPath, ...],
        selections: tuple[Selection, ...],
        *,
        ignore_denied: bool = False,
    ) -> Gathered | None:
        """Find every leaf of a field set."""
        ...


class Contexts:
    """The contextual variables of one operation."""

    def __init__(self, taken: frozenset[str]) -> None:
        """``taken`` are the client's variables."""
        self._taken = taken
        self._names: dict[tuple[int, str, str], str] = {}

    def find(
        self, path: GraphPath, edge: FieldEdge, reach: Reach
    ) -> tuple[ContextValue, ...] | None:
        """Find the value of every argument of ``edge`` that a context gives."""
        found: list[ContextValue] = []
        for each in edge.contexts:
            value = self._find_one(path, each, reach)
            if value is None:
                return None
            found.append(value)
        return tuple(found)

    def _find_one(self, path: GraphPath, wanted: ContextInput, reach: Reach) -> ContextValue | None:
        above = path.parent
        while above is not None:
            if above.slot is not path.slot:
                selections = _selections_at(above, wanted, reach)
                if selections:
                    return self._read_at(above, wanted, selections, reach)
            above = above.parent
        return None

    def _read_at(
        self,
        origin: GraphPath,
        wanted: ContextInput,
        selections: tuple[Selection, ...],
        reach: Reach,
    ) -> ContextValue | None:
        assert origin.node is not None
        if origin.parent is None:
            sources = (origin, *reach.roots(origin.node.type_name))
        else:
            sources = _all_sources(origin, reach)
        gathered = reach.gather(sources, selections)
        if gathered is None:
            return None
        text = " ".join(str(each) for each in gathered.representation)
        name = self._name(origin.slot.id, str(wanted.type), text)
        return ContextValue(wanted.argument, name, wanted.type, origin, gathered)

    def _name(self, slot: int, type_text: str, selection: str) -> str:
        key = (slot, type_text, selection)
        known = self._names.get(key)
        if known is None:
            known = f"{_PREFIX}_{len(self._names)}"
            while known in self._taken:
                known += "_"
            self._names[key] = known
        return known


def with_contexts(field: Field, step: Enter) -> Field:
    """Give the field its contextual arguments."""
    arguments = tuple(Argument(c.argument, Variable(c.variable)) for c in step.contexts)
    return replace(field, arguments=(*field.arguments, *arguments)) if arguments else field


def _all_sources(origin: GraphPath, reach: Reach) -> tuple[GraphPath, ...]:
    """List what reaches the objects at ``origin``: also the fetches that it came by."""
    assert origin.node is not None
    found: dict[int, GraphPath] = {}
    path: GraphPath | None = origin
    while path is not None and path.slot is origin.slot:
        if path.node is not None and path.node.type_name == origin.node.type_name:
            found.update({id(source): source for source in reach.sources(path)})
        path = path.parent
    return tuple(found.values())


def _selections_at(path: GraphPath, wanted: ContextInput, reach: Reach) -> tuple[Selection, ...]:
    """Give what to select of the objects at ``path``; nothing if none of them sets the context."""
    assert path.node is not None
    here = reach.possible_types(path.node.type_name)
    if path.types is not None:
        here = here.intersection(path.types)
    found: list[Selection] = []
    for setter in wanted.setters:
        meant = here & reach.possible_types(setter.type_name)
        if here and meant == here:
            return setter.selections
        if meant:
            found.append(Fragment(setter))
    return tuple(found)
