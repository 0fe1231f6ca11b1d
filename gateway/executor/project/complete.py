"""Completes the merged data into the answer (https://spec.graphql.org/September2025/#sec-Value-Completion).

In: a root shape, the merged data, what earlier errors explain. Out: ``Completed``: the answer, the
errors that arise only here, unreadable values per subgraph, denied fields.

Rules of errors: a value of the wrong kind is null with one ``DATA_RUSAK`` per coordinate and its
first path; a denied field is null with one ``TIDAK_ADA_HAK`` per coordinate and the path of the
nearest list; a non-null position without a value bubbles to the nearest nullable parent with
exactly one error, and with none if an error already explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.contract import Path
from adapters.errors import SourceCode
from gateway.executor.project.leaf import UNREADABLE
from gateway.executor.project.shapes import (
    TYPENAME_SHAPE,
    FieldShape,
    LeafShape,
    ListShape,
    ObjectShape,
    OutputShape,
)
from gateway.executor.response_path import nearest_list
from gateway.executor.state.answer_error import AnswerError
from gateway.executor.state.completeness import DeniedField
from gateway.executor.state.explained import Cause, ExplainedNulls

__all__ = ["Completed", "complete"]

_BUBBLE: Final = object()  # the value is null and its position does not allow that


@dataclass(slots=True)
class Completed:
    """The answer and what was found while it was made."""

    data: Any = None  # dicts, or the compiled path's records
    errors: list[AnswerError] = field(default_factory=list)
    defects: dict[str, list[Path]] = field(default_factory=dict)  # by subgraph
    denied: list[DeniedField] = field(default_factory=list)

    def note_denied(self, coordinate: str, path: Path, source: str | None) -> None:
        """Tell of a field that is not granted, with the path of its nearest list."""
        self.denied.append(DeniedField(coordinate, path, source))
        self.errors.append(
            AnswerError(
                f'There is no grant for "{coordinate}"; ask for one or leave it out.',
                SourceCode.TIDAK_ADA_HAK,
                path,
                source,
            )
        )


def complete(
    root: ObjectShape,
    data: Mapping[str, Any],
    explained: ExplainedNulls,
    providers: Callable[[str], tuple[str, ...]],
    denied_sources: Mapping[str, str],
) -> Completed:
    """Complete ``data``; ``providers`` names the subgraphs that the plan asks for a coordinate."""
    completion = _Completion(explained, providers, denied_sources)
    answer = completion.object(root.fields_of(root.type_name), data)
    completion.found.data = None if answer is _BUBBLE else answer
    return completion.found


class _Completion:
    """One walk over shapes and data. ``_path`` is the walk's place, written out for errors only."""

    def __init__(
        self,
        explained: ExplainedNulls,
        providers: Callable[[str], tuple[str, ...]],
        denied_sources: Mapping[str, str],
    ) -> None:
        self.found = Completed()
        self._explained = explained
        self._providers = providers
        self._denied_sources = denied_sources
        self._path: list[str | int] = []
        self._denied: set[str] = set()
        self._unreadable: set[str] = set()

    def object(self, fields: tuple[FieldShape, ...], value: Mapping[str, Any]) -> Any:
        """Complete the fields of one object, in order; a bubbling field ends it."""
        answer: dict[str, Any] = {}
        for shape in fields:
            self._path.append(shape.response_name)
            result = self._field(shape, value)
            self._path.pop()
            if result is _BUBBLE:
                return _BUBBLE
            answer[shape.response_name] = result
        return answer

    def _field(self, shape: FieldShape, value: Mapping[str, Any]) -> Any:
        if shape.output is TYPENAME_SHAPE:
            return self._null(shape.output, shape) if shape.typename is None else shape.typename
        if shape.is_denied:
            return self._deny(shape)
        return self._value(shape.output, value.get(shape.response_name), shape)

    def _value(self, output: OutputShape, value: Any, shape: FieldShape) -> Any:
        if value is None:
            return self._null(output, shape)
        if isinstance(output, LeafShape):
            result = output.coerce(value)
            if result is UNREADABLE:
                return self._refuse(output, shape)
            return self._null(output, shape) if result is None else result
        if isinstance(output, ListShape):
            return self._list(output, value, shape)
        return self._object_value(output, value, shape)

    def _list(self, output: ListShape, value: Any, shape: FieldShape) -> Any:
        if not isinstance(value, list):
            return self._refuse(output, shape)
        answer = []
        for index, item in enumerate(value):
            self._path.append(index)
            result = self._value(output.item, item, shape)
            self._path.pop()
            if result is _BUBBLE:
                return _BUBBLE if output.non_null else None
            answer.append(result)
        return answer

    def _object_value(self, output: ObjectShape, value: Any, shape: FieldShape) -> Any:
        if not isinstance(value, dict):
            return self._refuse(output, shape)
        runtime = output.runtime_of(value)
        if runtime is None:  # a type that the client may not see
            return self._null(output, shape)
        answer = self.object(output.fields_of(runtime), value)
        if answer is _BUBBLE:
            return _BUBBLE if output.non_null else None
        return answer

    def _null(self, output: OutputShape, shape: FieldShape) -> Any:
        """Answer null, or bubble with one error if the position does not allow it."""
        if not output.non_null:
            return None
        path = tuple(self._path)
        if not self._explained.covers(path):
            subgraphs = self._providers(shape.coordinate)
            self._explained.add(path, Cause(SourceCode.DATA_RUSAK))
            self.found.errors.append(
                AnswerError(
                    _missing_message(shape.coordinate, path, subgraphs),
                    SourceCode.DATA_RUSAK,
                    path,
                    subgraphs[0] if subgraphs else None,
                )
            )
        return _BUBBLE

    def _refuse(self, output: OutputShape, shape: FieldShape) -> Any:
        """Answer null for a value of the wrong kind."""
        path = tuple(self._path)
        subgraph = next(iter(self._providers(shape.coordinate)), None)
        if subgraph is not None:
            self.found.defects.setdefault(subgraph, []).append(path)
        if shape.coordinate not in self._unreadable:
            self._unreadable.add(shape.coordinate)
            self._explained.add(path, Cause(SourceCode.DATA_RUSAK))
            self.found.errors.append(
                AnswerError(
                    f'"{shape.coordinate}" came as a value of the wrong kind'
                    f"{_from(self._providers(shape.coordinate))}.",
                    SourceCode.DATA_RUSAK,
                    path,
                    subgraph,
                )
            )
        return self._null(output, shape)

    def _deny(self, shape: FieldShape) -> Any:
        """Answer null for a field that is not granted; its one error explains every place."""
        if shape.coordinate not in self._denied:
            self._denied.add(shape.coordinate)
            path = nearest_list(tuple(self._path))
            source = self._denied_sources.get(shape.coordinate)
            self.found.note_denied(shape.coordinate, path, source)
        return _BUBBLE if shape.output.non_null else None


def _missing_message(coordinate: str, path: Path, subgraphs: tuple[str, ...]) -> str:
    what = "An item of" if path and isinstance(path[-1], int) else "Non-null field"
    return f'{what} "{coordinate}" has no value{_from(subgraphs)}.'


def _from(subgraphs: tuple[str, ...]) -> str:
    """Name who was to answer."""
    if not subgraphs:
        return ""
    names = " or ".join(f'"{name}"' for name in subgraphs)
    return f" from subgraph {names}"
