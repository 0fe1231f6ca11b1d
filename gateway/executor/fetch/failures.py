"""Turns the errors and defects of one fetch into the client's (DESIGN.md section 6).

In: a response and the places of its fetch. Out: errors with client paths, and the paths that they
explain. At most one error per fetch and path; unreadable values fold to one per coordinate with the
first path; a refusal has the path of the nearest list, and so does a failure of the whole fetch
below a list: a thousand rows without licences are one finding, not a thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from adapters.contract import Path, SubgraphError, SubgraphResponse
from adapters.errors import SourceCode
from gateway.executor.fetch.places import FetchPlaces
from gateway.executor.response_path import nearest_list
from gateway.executor.state.answer_error import AnswerError, fixed_message
from gateway.executor.state.options import ExecutionOptions
from gateway.executor.state.visible_names import VisibleNames

__all__ = ["FetchFailures", "find_failures"]

# One per coordinate and not one per place: a column that is refused or broken for every row.
_FOLDED = frozenset({SourceCode.DATA_RUSAK, SourceCode.TIDAK_ADA_HAK})


@dataclass(slots=True)
class FetchFailures:
    """What went wrong in one fetch."""

    errors: tuple[AnswerError, ...] = ()
    explained: list[Path] = field(default_factory=list)
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
        self.explained: list[Path] = []
        self._whole: set[str] = set()  # codes of failures of the whole fetch
        self._refused: set[Path] = set()  # places in an entity that were refused
        self._places = places
        self._visible = visible
        self._options = options

    def add_error(self, error: SubgraphError) -> None:
        """Report one error of the subgraph's answer at every place that it concerns."""
        path = error.path
        if path is None or self._places.concerns_all(path):
            reported: Iterable[Path] = self._whole_paths(error.code)
        else:
            found = self._places.client_paths(path)
            self.explained.extend(found)
            if error.code == SourceCode.TIDAK_ADA_HAK and path[2:] not in self._refused:
                self._refused.add(path[2:])
                self.explained.extend(self._places.everywhere(path))
            is_entity = self._places.concerns_entity(path)
            reported = [self._first_field(each) for each in found] if is_entity else found
        for each in reported:
            self._report(error, each)

    def add_defect(self, path: Path) -> None:
        """Report unreadable values that the subgraph's answer counts but has no error for."""
        error = SubgraphError("", SourceCode.DATA_RUSAK, path)
        for each in self._places.client_paths(path):
            self.explained.append(each)
            self._report(error, each)

    def _whole_paths(self, code: str) -> Iterator[Path]:
        """Give where a failure of the whole fetch is reported, once per code.

        For a root fetch at each of its fields; for entities outside lists at the first field that
        the client asked for, which is null; below a list at the list.
        """
        if code in self._whole:
            return
        objects, names = self._places.objects(), self._places.names()
        if not self._whole:
            self.explained.extend((*path, name) for path in objects for name in names)
        self._whole.add(code)
        if self._places.positions is None:
            yield from ((name,) for name in names)
            return
        for path in objects:
            cut = nearest_list(path)
            yield cut if len(cut) < len(path) else self._first_field(path)

    def _first_field(self, path: Path) -> Path:
        """Lead an error that names a whole entity on to the first field missing on it."""
        name = self._visible.first_of(path, self._places.names())
        return path if name is None else (*path, name)

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
