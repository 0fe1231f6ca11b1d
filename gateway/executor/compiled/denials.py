"""Finds where the answer holds fields that are not granted.

In: the places of a program; per execution, its root record. Out: of every denied coordinate that
the answer reaches, the place that the reference tells of: the first in response order, cut at the
nearest list. Branches of which everything is found already are not walked, unless a null bubbles
there: one that the schema does not allow makes its object null, and what follows in that object is
not told of. An object at several positions is null at each, since grants do not depend on data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from adapters.contract import Path
from gateway.executor.compiled.places import Place, PlaceField
from gateway.executor.compiled.records import Records
from gateway.executor.project.shapes import ListShape, OutputShape

__all__ = ["Denials", "find_denials"]


@dataclass(frozen=True, slots=True)
class _Step:
    """One field on the way to what is denied, or itself denied."""

    response_name: str
    attribute: str
    shape: OutputShape
    denied: str | None  # the coordinate; None: what lies below counts
    below: dict[type[msgspec.Struct], Denials]  # by record class


@dataclass(frozen=True, slots=True)
class Denials:
    """What is denied of the objects of one place, and below them."""

    coordinates: frozenset[str]
    steps: tuple[_Step, ...]  # in response order
    bubbles: bool  # a null that the schema does not allow is among them, or below

    def find(self, root: Any) -> tuple[dict[str, Path], bool]:
        """Give the path of each coordinate, in response order, and whether the root is null."""
        found: dict[str, Path] = {}
        is_null = self._walk(root, (), found, is_in_list=False)
        return found, is_null

    def _walk(self, record: Any, path: Path, found: dict[str, Path], *, is_in_list: bool) -> bool:
        """Make null what is null below a record; tell whether the record itself is."""
        if not self.bubbles and self.coordinates <= found.keys():
            return False
        for step in self.steps:
            own = path if is_in_list else (*path, step.response_name)
            if step.denied is not None:
                found.setdefault(step.denied, own)
                is_null = True
            else:
                value = getattr(record, step.attribute)
                is_null = _enter(step, step.shape, value, own, found, is_in_list=is_in_list)
            if is_null and step.shape.non_null:
                return True  # and the record stays: it may stand elsewhere too, and is null there
            if is_null:
                setattr(record, step.attribute, None)
        return False


def find_denials(place: Place, records: Records) -> Denials | None:
    """Compile what is denied below a place; None: nothing is."""
    steps = tuple(
        step for each in place.fields.values() if each.is_visible and (step := _step(each, records))
    )
    if not steps:
        return None
    coordinates: set[str] = set()
    bubbles = False
    for step in steps:
        if step.denied is not None:
            coordinates.add(step.denied)
            bubbles = bubbles or step.shape.non_null
        for below in step.below.values():
            coordinates |= below.coordinates
            bubbles = bubbles or below.bubbles
    return Denials(frozenset(coordinates), steps, bubbles)


def _step(field: PlaceField, records: Records) -> _Step | None:
    assert field.shape is not None, "it is visible"
    if field.denied is not None:
        return _Step(field.response_name, field.attribute, field.shape, field.denied, {})
    below = {
        records.of(child): found
        for child in field.children
        if (found := find_denials(child, records)) is not None
    }
    if not below:
        return None
    return _Step(field.response_name, field.attribute, field.shape, None, below)


def _enter(
    step: _Step,
    shape: OutputShape,
    value: Any,
    path: Path,
    found: dict[str, Path],
    *,
    is_in_list: bool,
) -> bool:
    """Walk below a value; tell whether it becomes null."""
    if isinstance(shape, ListShape) and value is not None:
        for index, each in enumerate(value):
            if _enter(step, shape.item, each, path, found, is_in_list=True):
                if shape.item.non_null:
                    return True
                value[index] = None
        return False
    below = step.below.get(type(value))  # of a null there is none
    return below is not None and below._walk(value, path, found, is_in_list=is_in_list)
