"""Counts and measures of groups of records, and what of them may be shown to everybody.

In: cells as a source gives them, several of one group if it spells a value in several ways. Out:
one cell a group. A cell of few people names them to whoever knows one of them: what everybody may
see shows no count below ``SMALLEST``, nor zero, which would tell it apart from one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

__all__ = ["SMALLEST", "Cell", "Measure", "is_small", "merge_cells"]

SMALLEST = 5
"""The least count that everybody may see."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What the values of one field are, over the records of a group that have one."""

    count: int
    least: Any = None
    most: Any = None
    mean: float | None = None  # None: no number, or no value


@dataclass(frozen=True, slots=True)
class Cell:
    """One group."""

    group: tuple[Any, ...]
    count: int
    measures: tuple[Measure, ...] = ()


def merge_cells(cells: Iterable[Cell]) -> list[Cell]:
    """Make one cell of all of a group, in the order of first sight."""
    merged: dict[tuple[Any, ...], Cell] = {}
    for cell in cells:
        known = merged.get(cell.group)
        merged[cell.group] = cell if known is None else _joined(known, cell)
    return [*merged.values()]


def is_small(count: int) -> bool:
    """Tell whether a count is too small for everybody."""
    return count < SMALLEST


def _joined(one: Cell, other: Cell) -> Cell:
    measures = tuple(map(_join, one.measures, other.measures))
    return Cell(one.group, one.count + other.count, measures)


def _join(one: Measure, other: Measure) -> Measure:
    if not one.count or not other.count:
        return one if one.count else other
    count, mean = one.count + other.count, None
    if one.mean is not None and other.mean is not None:
        mean = (one.mean * one.count + other.mean * other.count) / count
    return Measure(count, min(one.least, other.least), max(one.most, other.most), mean)
