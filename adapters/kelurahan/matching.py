"""How well a line of an old book fits a person: evidence for a clerk, never an identity.

In: a line and what the civil registry says of a person. Out: a score from 0 to 1 out of name,
birth date, RT and RW. The old books have no NIK column, so nothing here joins by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from adapters.kelurahan.books import RawRow
from adapters.kelurahan.mapping import birth_of, neighbourhood_of
from adapters.kit.normalize.person_name import name_likeness

__all__ = ["Sought", "likeness", "swapped"]

_NAME, _BIRTH, _PLACE = 0.6, 0.25, 0.15
"""What each part counts. The name must carry most: whole families share an RT, and a clerk's wrong
birth date (one in a hundred) must not hide a line whose name and RT agree."""

_SWAPPED = 0.8  # day and month exchanged: half of all wrong dates
_UNKNOWN = 0.5  # a missing part speaks neither for nor against


@dataclass(frozen=True, slots=True)
class Sought:
    """The person whose lines are sought."""

    name: str
    born: date | None
    rt: str | None
    rw: str | None


def likeness(row: RawRow, sought: Sought) -> float:
    """Score a line, rounded to two digits."""
    score = (
        _NAME * name_likeness(row.get("nama"), sought.name)
        + _BIRTH * _birth_likeness(birth_of(row), sought.born)
        + _PLACE * _place_likeness(row, sought)
    )
    return round(score, 2)


def swapped(day: date) -> date | None:
    """Give the date with day and month exchanged; None if there is no such day."""
    return date(day.year, day.day, day.month) if day.day <= 12 else None


def _birth_likeness(written: date | None, true: date | None) -> float:
    if written is None or true is None:
        return _UNKNOWN
    if written == true:
        return 1.0
    return _SWAPPED if written == swapped(true) else 0.0


def _place_likeness(row: RawRow, sought: Sought) -> float:
    scores = [
        _UNKNOWN if not isinstance(written, str) or true is None else float(written == true)
        for written, true in zip(neighbourhood_of(row), (sought.rt, sought.rw), strict=True)
    ]
    return sum(scores) / len(scores)
