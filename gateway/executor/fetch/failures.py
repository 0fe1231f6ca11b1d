"""Turns the errors and defects of one fetch into the client's (DESIGN.md section 6).

In: a response and the places of its fetch. Out: errors with client paths, and the paths that they
explain. At most one error per fetch and path; unreadable values fold to one per coordinate with the
first path; a refusal has the path of the nearest list, and so does a failure of the whole fetch
below a list: a thousand rows without licences are one finding, not a thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from adapters.contract import Path, SubgraphError, SubgraphResponse
from adapters.errors import SourceCode
from gateway.executor.fetch.places import FetchPlaces
from gateway.executor.response_path import nearest_list
from gateway.executor.state.answer_error import AnswerError, fixed_message
from gateway.executor.state.explained import Cause
from gateway.executor.state.options import ExecutionOptions
from gateway.executor.state.visible_names import VisibleNames

__all__ = ["FetchFailures", "find_failures"]

# One per coordinate and not one per place: a column that is refused or broken for every row.
_FOLDED = frozenset({SourceCode.DATA_RUSAK, SourceCode.TIDAK_ADA_HAK})


@dataclass(slots=True)
class FetchFailures:
    """What went wrong in one fetch."""

    errors: tuple[AnswerError, ...] = ()
    explained: list[tuple[Path, Cause]] = field(default_factory=list)
    defects: int = 0


def find_failures(
    response: SubgraphResponse,
    places: FetchPlaces,
    visible: VisibleNames,
    options: ExecutionOptions,
) -> FetchFailures:
    """Find the client's errors in ``response``."""
    if not response.errors and not response.defects:
        return FetchFailures()
    collector = _Collector(places, visible, options)
    for error in response.errors:
        collector.add_error(error)
        collector.explain_bubbled(error, response.data)
    for defect in response.defects:
        collector.add_defect(defect.path)
    unreadable = sum(error.code == SourceCode.DATA_RUSAK for error in response.errors)
    defects = max(unreadable, sum(defect.count for defect in response.defects))
    return FetchFailures(tuple(collector.errors.values()), collector.explained, defects)


class _Collector:
    """Gathers the errors of one fetch by the place that they are reported at."""

    def __init__(
        self, places: FetchPlaces, visible: VisibleNames, options: ExecutionOptions
    ) -> None:
        self.errors: dict[tuple[str, Path], AnswerError] = {}
        self.explained: list[tuple[Path, Cause]] = []
        self._whole: set[str] = set()  # codes of failures of the whole fetch
        self._refused: set[Path] = set()  # places in an entity that were refused
        self._places = places
        self._visible = visible
        self._options = options

    def add_error(self, error: SubgraphError) -> None:
        """Report one error of the subgraph's answer at every place that it concerns."""
        path = error.path
        if path is None or self._places.concerns_all(path):
            reported: Iterable[Path] = self._whole_paths(error)
        else:
            found = self._places.client_paths(path)
            self._explain(found, error)
            if error.code == SourceCode.TIDAK_ADA_HAK and path[2:] not in self._refused:
                self._refused.add(path[2:])
                self._explain(self._places.everywhere(path), error)
            is_entity = self._places.concerns_entity(path)
            reported = self._entity_paths(found) if is_entity else found
        for each in reported:
            self._report(error, each)

    def explain_bubbled(self, error: SubgraphError, data: Any) -> None:
        """Note what is missing because the subgraph nulled the whole object around an error."""
        objects = self._places.nulled_objects(error.path or (), data)
        names = self._places.names() if objects else ()
        self._explain(((*path, name) for path in objects for name in names), error)

    def add_defect(self, path: Path) -> None:
        """Report unreadable values that the subgraph's answer counts but has no error for."""
        error = SubgraphError("", SourceCode.DATA_RUSAK, path)
        found = self._places.client_paths(path)
        self._explain(found, error)
        for each in found:
            self._report(error, each)

    def _explain(self, paths: Iterable[Path], error: SubgraphError) -> None:
        cause = Cause(error.code, self._places.node.subgraph, error.source)
        self.explained.extend((path, cause) for path in paths)

    def _whole_paths(self, error: SubgraphError) -> Iterator[Path]:
        """Give where a failure of the whole fetch is reported, once per code.

        At each field that the client asked of it, where the null shows; below a list at the list.
        """
        if error.code in self._whole:
            return
        self._whole.add(error.code)
        objects, names = self._places.objects(), self._places.names()
        self._explain(((*path, name) for path in objects for name in names), error)
        for path in objects:
            cut = nearest_list(path)
            if len(cut) < len(path):
                yield cut
            else:
                yield from self._fields_at(path)

    def _entity_paths(self, objects: Iterable[Path]) -> Iterator[Path]:
        """Give where a failure of one entity is reported: at its fields; in a list, at its item."""
        for path in objects:
            if len(nearest_list(path)) < len(path):
                yield path
            else:
                yield from self._fields_at(path)

    def _fields_at(self, path: Path) -> list[Path]:
        names = self._visible.among(path, self._places.names())
        return [(*path, name) for name in names] or [path]

    def _report(self, error: SubgraphError, path: Path) -> None:
        place = self._visible.cut(path)
        kind, key = "", place
        if error.code in _FOLDED:
            kind = error.code
            key = tuple("@" if isinstance(element, int) else element for element in place)
        subgraph = self._places.node.subgraph
        is_shown = self._options.show_upstream_messages and error.message
        message = error.message if is_shown else fixed_message(error.code, subgraph)
        if error.code == SourceCode.TIDAK_ADA_HAK:
            place = nearest_list(place)
            kind = message  # an adapter cuts the path itself; its text still tells fields apart
        self.errors.setdefault(
            (kind, key), AnswerError(message, error.code, place or None, subgraph, error.source)
        )
