"""Finds the @requires input that a failure took away from an entity.

In: an object of the merged data, what a fetch requires of it, and the failures so far. Out: the
cause of the first input that is not known, or None. An input is lost if a failed fetch left it out,
or if its subgraph answered null with an error at or below it. A null without an error is a value;
so is what nobody was asked for, where a fragment does not match or a key was null in the record.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from adapters.contract import Path
from gateway.executor.response_path import Position, path_of
from gateway.executor.state.explained import Cause, ExplainedNulls
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.plan.nodes import FetchNode
from schema.selection import Field, SelectionSet

__all__ = ["Withheld", "find_lost_input", "find_lost_part"]


class Withheld(NamedTuple):
    """An object that is not asked for, and why."""

    position: Position
    cause: Cause


def find_lost_input(
    position: Position,
    runtime: str,
    node: FetchNode,
    types: RuntimeTypes,
    explained: ExplainedNulls,
) -> Cause | None:
    """Give the failure behind an input that the object lacks."""
    if node.requires is None or node.requires == node.keys:
        return None
    search = _Search(types, explained)
    return search.object(position.value, node.requires, runtime, path_of(position.link))


def find_lost_part(
    value: dict[str, Any],
    selections: SelectionSet,
    path: Path,
    types: RuntimeTypes,
    explained: ExplainedNulls,
) -> Cause | None:
    """Give the failure behind a part of ``selections`` that the object at ``path`` lacks."""
    return _Search(types, explained).object(value, selections, selections.type_name, path)


class _Search:
    """One walk over a requirement and the data that it is read from."""

    def __init__(self, types: RuntimeTypes, explained: ExplainedNulls) -> None:
        self._types = types
        self._explained = explained

    def object(
        self, value: dict[str, Any], selections: SelectionSet, runtime: str, path: Path
    ) -> Cause | None:
        actual = value.get("__typename") or runtime
        for selection in selections:
            cause = None
            if isinstance(selection, Field):
                cause = self._field(value, selection, (*path, selection.response_name))
            elif self._types.applies(selection.type_condition, actual):
                cause = self.object(value, selection.selections, actual, path)
            if cause is not None:
                return cause
        return None

    def _field(self, value: dict[str, Any], field: Field, path: Path) -> Cause | None:
        name = field.response_name
        if name not in value:
            return self._explained.cause(path)
        return self._value(value[name], field.selections, path)

    def _value(self, value: Any, selections: SelectionSet | None, path: Path) -> Cause | None:
        if value is None:
            return self._explained.cause_within(path)
        if isinstance(value, list):
            causes = (self._value(v, selections, (*path, i)) for i, v in enumerate(value))
            return next((cause for cause in causes if cause is not None), None)
        if selections is None or not isinstance(value, dict):
            return None
        return self.object(value, selections, selections.type_name, path)
