"""Gather a field set: find where each field of a key or @requires is, and how it will be read.

In: the fetches that reach some objects, and a field set on their type. Out: ``Gathered``, or None
if some part cannot be had. Each leaf is taken from the cheapest fetch that has it; a nested object
may be pieced together from several; an abstract one is taken apart by object type.

What does not belong here: which fetches reach what (``moves.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from gateway.plan.nodes import FetchPath, KeyRenamer, TypeCondition
from gateway.planner.graph_path import Gathered, GraphPath
from schema.query_graph.graph import NodeKind
from schema.selection import Field, Fragment, Selection, SelectionSet

__all__ = ["TYPENAME", "Gatherer", "Reach"]

TYPENAME = "__typename"


class Reach(Protocol):
    """What gathering asks of the moves."""

    def sources(self, path: GraphPath) -> tuple[GraphPath, ...]:
        """List the fetches that reach the path's objects."""
        ...

    def answer(
        self, path: GraphPath, source: GraphPath, field: Field, ignore_denied: bool
    ) -> GraphPath | None:
        """Answer a field of the path's objects in the subgraph of ``source``."""
        ...

    def cast(self, path: GraphPath, type_name: str) -> GraphPath | None:
        """Narrow the path's objects to one type."""
        ...

    def object_types(self, path: GraphPath) -> tuple[str, ...]:
        """List the object types that the path's objects may have."""
        ...

    def possible_types(self, type_name: str) -> frozenset[str]:
        """Give the object types that the supergraph allows for a type."""
        ...


class Gatherer:
    """Gathers over ``reach``; keys may be read even where they are denied to be shown."""

    def __init__(self, reach: Reach, *, ignore_denied: bool) -> None:
        self._reach = reach
        self._ignore_denied = ignore_denied

    def gather(
        self, sources: tuple[GraphPath, ...], selections: tuple[Selection, ...]
    ) -> Gathered | None:
        """Find every leaf of a field set from the objects that ``sources`` reach."""
        parts: list[Gathered] = []
        for selection in selections:
            if isinstance(selection, Field):
                part = self._gather_field(sources, selection)
            else:
                part = self._gather_fragment(sources, selection)
            if part is None:
                return None
            parts.append(part)
        return _join(parts)

    def _gather_field(self, sources: tuple[GraphPath, ...], field: Field) -> Gathered | None:
        origin = sources[0]
        name = origin.slot.place.claim(field.name, field.arguments)
        alias = name if name != field.name else None
        wanted = Field(field.name, field.selections, field.arguments, alias)
        found = self._answers(sources, wanted)
        if not found:
            return self._gather_exploded(sources, field)
        if field.selections is None:
            best = min(found, key=lambda path: path.needs.bit_count())
            return _rename(Gathered((Field(name),), (), (best,), best.needs), name, field)
        below = self._gather_below(found, field.selections)
        if below is not None and not below.leaves:
            # No fragment can match, and still an object is not a null.
            exists = SelectionSet(field.selections.type_name, (Field(TYPENAME),))
            below = self._gather_below(found, exists)
        if below is None:
            return None
        shown = Field(name, SelectionSet(field.selections.type_name, below.representation))
        renames = tuple(_deeper(rename, name) for rename in below.renames)
        return _rename(Gathered((shown,), renames, below.leaves, below.needs), name, field)

    def _answers(self, sources: tuple[GraphPath, ...], field: Field) -> list[GraphPath]:
        """Answer a field by one of the given sources, or by one that has @requires itself."""
        found = []
        for source in sources:
            option = self._reach.answer(sources[0], source, field, self._ignore_denied)
            if option is not None:
                found.append(option)
        return found

    def _gather_below(self, paths: list[GraphPath], selection_set: SelectionSet) -> Gathered | None:
        """Gather each selection by the cheapest path: no single one need have them all."""
        parts: list[Gathered] = []
        taken = 0
        for selection in selection_set:
            found = []
            for path in paths:
                sources: tuple[GraphPath, ...] = (path,)
                part = self.gather(sources, (selection,))
                if part is None:
                    sources = self._reach.sources(path)
                    part = self.gather(sources, (selection,))
                if part is not None:
                    found.append(part)
            if not found:
                return None
            best = min(found, key=lambda part: (part.needs & ~taken).bit_count())
            taken |= best.needs
            parts.append(best)
        return _join(parts)

    def _gather_fragment(
        self, sources: tuple[GraphPath, ...], fragment: Fragment
    ) -> Gathered | None:
        origin = sources[0]
        assert origin.node is not None
        selections = fragment.selections.selections
        if origin.node.type_name == fragment.type_condition:
            return self.gather(sources, selections)
        wanted = self._reach.possible_types(fragment.type_condition)
        if origin.node.kind is NodeKind.OBJECT:
            if origin.node.type_name not in wanted:
                return Gathered((), (), (), 0)
            return self.gather(sources, selections)
        typed = _with_real_types(sources)
        if typed is None:
            return None
        types = [name for name in self._reach.object_types(typed) if name in wanted]
        return self._gather_types(typed, types, selections)

    def _gather_exploded(self, sources: tuple[GraphPath, ...], field: Field) -> Gathered | None:
        typed = _with_real_types(sources)
        if typed is None:
            return None
        types = list(self._reach.object_types(typed))
        return self._gather_types(typed, types, (field,)) if types else None

    def _gather_types(
        self,
        origin: GraphPath,
        types: list[str],
        selections: tuple[Selection, ...],
    ) -> Gathered | None:
        parts: list[Gathered] = []
        for name in types:
            path = self._reach.cast(origin, name)
            if path is None:
                continue
            part = self.gather(self._reach.sources(path), selections)
            if part is None:
                return None
            shown = Fragment(SelectionSet(name, part.representation))
            condition = TypeCondition((name,))
            renames = tuple(_deeper(rename, condition) for rename in part.renames)
            parts.append(Gathered((shown,), renames, part.leaves, part.needs))
        return _join(parts)


def _with_real_types(sources: tuple[GraphPath, ...]) -> GraphPath | None:
    """Give the first place of abstract objects that tells their type: no @interfaceObject does."""
    return next((path for path in sources if path.node and path.node.is_abstract), None)


def _join(parts: Iterable[Gathered]) -> Gathered:
    parts = tuple(parts)
    needs = 0
    for part in parts:
        needs |= part.needs
    return Gathered(
        tuple(selection for part in parts for selection in part.representation),
        tuple(rename for part in parts for rename in part.renames),
        tuple(leaf for part in parts for leaf in part.leaves),
        needs,
    )


def _rename(gathered: Gathered, name: str, field: Field) -> Gathered:
    if name == field.response_name:
        return gathered
    return replace(gathered, renames=(*gathered.renames, KeyRenamer((name,), field.response_name)))


def _deeper(rename: KeyRenamer, element: str | TypeCondition) -> KeyRenamer:
    path: FetchPath = (element, *rename.path)
    return KeyRenamer(path, rename.rename_to)
