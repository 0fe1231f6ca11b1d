"""How well a line of an old book fits a person: evidence for a clerk, never an identity.

In: a line and what the civil registry says of a person. Out: a score from 0 to 1 out of name,
birth date, RT and RW. The old books have no NIK column, so nothing here joins by itself.
docs/matching.md tells how the weights and the threshold were chosen, and what they give.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from adapters.kelurahan.books import RawRow
from adapters.kelurahan.mapping import birth_of, map_line, neighbourhood_of
from adapters.kit.normalize.null import clean_text
from adapters.kit.normalize.person_name import name_likeness

__all__ = ["LINKED", "Sought", "births_of", "is_named", "likeness", "map_candidate", "written_name"]

_NAME, _BIRTH, _PLACE = 0.6, 0.25, 0.15
"""What each part counts. The name must carry most: whole families share an RT, and a clerk's wrong
birth date (one in a hundred) must not hide a line whose name and RT agree."""

LINKED = 0.85
"""From this score on a line is linked to the person; below, it is a candidate and no more. With a
wrong birth date (0.75) or only the same birth date and RT (0.40) nobody is linked. At 0.80 two
people of one birth date and RT would be linked whose names share two letters of three."""

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


def births_of(sought: Sought) -> tuple[date, ...]:
    """Give the dates under which a clerk may have written the birth: true, and exchanged."""
    if sought.born is None:
        return ()
    other = _swapped(sought.born)
    return (sought.born,) if other is None else tuple(dict.fromkeys((sought.born, other)))


def written_name(row: RawRow) -> str:
    """Give the name as books are asked for it: as it is written, in capitals."""
    return (clean_text(row.get("nama")) or "").upper()


def is_named(name: str, born: date | None, sought: Sought) -> bool:
    """Tell whether a line of this name and birth date is looked at for this person.

    Books are asked for several people at once; a line that came for one is no evidence for
    another, or an answer would depend on who else was asked for.
    """
    return name == sought.name.upper() or (born is not None and born in births_of(sought))


def map_candidate(row: RawRow, kelurahan: str, score: float) -> dict[str, Any]:
    """Give a line that was sought for a person, with its score and whether it is linked."""
    return map_line(row, kelurahan) | {"tingkatKecocokan": score, "tertaut": score >= LINKED}


def _birth_likeness(written: date | None, true: date | None) -> float:
    if written is None or true is None:
        return _UNKNOWN
    if written == true:
        return 1.0
    return _SWAPPED if written == _swapped(true) else 0.0


def _swapped(day: date) -> date | None:
    """Give the date with day and month exchanged; None if there is no such day."""
    return date(day.year, day.day, day.month) if day.day <= 12 else None


def _place_likeness(row: RawRow, sought: Sought) -> float:
    scores = [
        _UNKNOWN if not isinstance(written, str) or true is None else float(written == true)
        for written, true in zip(neighbourhood_of(row), (sought.rt, sought.rw), strict=True)
    ]
    return sum(scores) / len(scores)
