"""Cuts an error's path to what the client asked for.

In: the operation's selection set and its variables. Out: the longest prefix of a path whose names
the client selected; keys, @requires inputs and excluded fields that only the plan fetches are cut
off. Walked on demand, because only errors need it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from adapters.contract import Path
from schema.selection import Condition, Field, SelectionSet

__all__ = ["VisibleNames", "holds"]


def holds(conditions: tuple[Condition, ...], variables: Mapping[str, Any]) -> bool:
    """Tell whether a selection with these @skip/@include conditions is made."""
    return all(bool(variables.get(each.variable)) is each.expected for each in conditions)


class VisibleNames:
    """The response names of the operation, by path."""

    __slots__ = ("_root", "_variables")

    def __init__(self, root: SelectionSet, variables: Mapping[str, Any]) -> None:
        self._root = root
        self._variables = variables

    def cut(self, path: Path) -> Path:
        """Give the longest prefix of ``path`` that the client's selection holds."""
        return path[: self._walk(path)[0]]

    def among(self, path: Path, names: Iterable[str]) -> list[str]:
        """Give those of ``names`` that the client selected on the object at ``path``."""
        length, selections = self._walk(path)
        if length < len(path):
            return []
        asked = {each.response_name for each in self._fields(selections)}
        return [name for name in names if name in asked]

    def _walk(self, path: Path) -> tuple[int, Sequence[SelectionSet]]:
        selections: Sequence[SelectionSet] = (self._root,)
        for index, element in enumerate(path):
            if isinstance(element, int):
                continue
            found = [f for f in self._fields(selections) if f.response_name == element]
            if not found:
                return index, selections
            selections = [f.selections for f in found if f.selections is not None]
        return len(path), selections

    def _fields(self, selections: Sequence[SelectionSet]) -> Iterator[Field]:
        for selection_set in selections:
            for selection in selection_set:
                if not holds(selection.conditions, self._variables):
                    continue
                if isinstance(selection, Field):
                    yield selection
                else:
                    yield from self._fields((selection.selections,))
