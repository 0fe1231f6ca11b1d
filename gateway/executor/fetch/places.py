"""Where a fetch's answer goes in the client's answer, and so where its errors belong.

In: the fetch node, and for an entity fetch the positions of each representation. Out: client paths
for a path of the subgraph's answer. One error of ``_entities`` belongs to every position of its
representation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.contract import Path
from gateway.executor.response_path import Position, nearest_list, path_of
from gateway.executor.rewrites import rename_path
from gateway.executor.state.visible_names import holds
from gateway.plan.nodes import FetchNode
from schema.selection import Field, SelectionSet

__all__ = ["FetchPlaces"]


@dataclass(frozen=True, slots=True)
class FetchPlaces:
    """The places of one fetch; ``positions`` is None for a root fetch."""

    node: FetchNode
    variables: Mapping[str, Any]
    positions: Sequence[Sequence[Position]] | None = None

    def concerns_all(self, path: Path | None) -> bool:
        """Tell whether an error with ``path`` speaks of the whole fetch."""
        if not path:
            return True
        return self.positions is not None and self._entity_index(path) is None

    def concerns_entity(self, path: Path) -> bool:
        """Tell whether an error with ``path`` speaks of one entity as a whole."""
        return len(path) == 2 and self._entity_index(path) is not None

    def client_paths(self, path: Path) -> list[Path]:
        """Give the client's paths of ``path`` in the subgraph's answer, without duplicates."""
        if self.positions is None:
            return [rename_path(path, self.node.output_rewrites)]
        index = self._entity_index(path)
        if index is None:
            return self.objects()
        rest = rename_path(path[2:], self.node.output_rewrites)
        found = (path_of(position.link) + rest for position in self.positions[index])
        return list(dict.fromkeys(found))

    def nulled_objects(self, path: Path, data: Any) -> list[Path]:
        """Give the objects that the answer ``data`` leaves out, where an error is inside them."""
        if self.positions is None:
            return self.objects() if path and data is None else []
        index = self._entity_index(path)
        if index is None or len(path) == 2:
            return []
        is_left_out = not isinstance(data, list) or index >= len(data) or data[index] is None
        return self.client_paths(path[:2]) if is_left_out else []

    def objects(self) -> list[Path]:
        """Give the path of every object that the fetch's answer is merged into."""
        if self.positions is None:
            return [()]
        found = (path_of(position.link) for places in self.positions for position in places)
        return list(dict.fromkeys(found))

    def everywhere(self, path: Path) -> list[Path]:
        """Give the places that ``path`` of one entity means if every entity has that error."""
        if self.positions is None or self._entity_index(path) is None:
            return []
        rest = nearest_list(rename_path(path[2:], self.node.output_rewrites))
        return [each + rest for each in self.objects()]

    def names(self) -> tuple[str, ...]:
        """Name what the fetch puts on its objects, as the client's answer names it."""
        names = (
            rename_path((name,), self.node.output_rewrites)[0]
            for name in _names_in(self.node.selection_set, self.variables)
        )
        return tuple(dict.fromkeys(str(name) for name in names if name != "__typename"))

    def _entity_index(self, path: Path) -> int | None:
        """Read the position in ``_entities`` from a path of an entity fetch's answer."""
        if self.positions is None or len(path) < 2 or path[0] != "_entities":
            return None
        index = path[1]
        if isinstance(index, int) and 0 <= index < len(self.positions):
            return index
        return None


def _names_in(selection_set: SelectionSet, variables: Mapping[str, Any]) -> Iterator[str]:
    for selection in selection_set:
        if not holds(selection.conditions, variables):
            continue
        if isinstance(selection, Field):
            yield selection.response_name
        else:
            yield from _names_in(selection.selections, variables)
