"""Finds where the answer holds fields that are not granted.

In: the places of a program; per execution, its root record. Out: of every denied coordinate that
the answer reaches, the place that the reference tells of: the first in response order, cut at the
nearest list. Branches of which everything is found already are not walked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from adapters.contract import Path
from gateway.executor.compiled.places import Place, PlaceField
from gateway.executor.compiled.records import Records

__all__ = ["Denials", "find_denials"]


@dataclass(frozen=True, slots=True)
class _Step:
    """One field on the way to what is denied, or itself denied."""

    response_name: str
    attribute: str
    denied: str | None  # the coordinate; None: what lies below counts
    below: dict[type[msgspec.Struct], Denials]  # by record class


@dataclass(frozen=True, slots=True)
class Denials:
    """What is denied of the objects of one place, and below them."""

    coordinates: frozenset[str]
    steps: tuple[_Step, ...]  # in response order

    def find(self, root: Any) -> dict[str, Path]:
        """Give the path of each coordinate, in response order."""
        found: dict[str, Path] = {}
        self._walk(root, (), found, is_in_list=False)
        return found

    def _walk(self, record: Any, path: Path, found: dict[str, Path], *, is_in_list: bool) -> None:
        if self.coordinates <= found.keys():
            return
        for step in self.steps:
            own = path if is_in_list else (*path, step.response_name)
            if step.denied is not None:
                found.setdefault(step.denied, own)
            else:
                _enter(step, getattr(record, step.attribute), own, found, is_in_list=is_in_list)


def find_denials(place: Place, records: Records) -> Denials | None:
    """Compile what is denied below a place; None: nothing is."""
    steps = tuple(
        step for each in place.fields.values() if each.is_visible and (step := _step(each, records))
    )
    if not steps:
        return None
    coordinates: set[str] = set()
    for step in steps:
        if step.denied is not None:
            coordinates.add(step.denied)
        for below in step.below.values():
            coordinates |= below.coordinates
    return Denials(frozenset(coordinates), steps)


def _step(field: PlaceField, records: Records) -> _Step | None:
    if field.denied is not None:
        return _Step(field.response_name, field.attribute, field.denied, {})
    below = {
        records.of(child): found
        for child in field.children
        if (found := find_denials(child, records)) is not None
    }
    return _Step(field.response_name, field.attribute, None, below) if below else None


def _enter(
    step: _Step, value: Any, path: Path, found: dict[str, Path], *, is_in_list: bool
) -> None:
    if type(value) is list:
        for each in value:
            _enter(step, each, path, found, is_in_list=True)
        return
    below = step.below.get(type(value))  # of a null there is none
    if below is not None:
        below._walk(value, path, found, is_in_list=is_in_list)
