"""Working days of Jakarta: Monday to Friday, without public holidays and without joint leave.

In: calendars as CSV, one per year (``tanggal, nama, jenis``). Out: ``WorkingDays``, which counts
and walks. A day of a year without a calendar is neither a working day nor a holiday: it raises
``CalendarMissing``, because a guess would promise somebody a date.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

__all__ = ["DISPENSATION_DAYS", "CalendarMissing", "WorkingDays", "load_working_days"]

DISPENSATION_DAYS = 10
"""A wedding with fewer working days before it needs the camat's dispensation."""

_SATURDAY = 5
_DAY = timedelta(days=1)


class CalendarMissing(Exception):
    """No calendar of this year is loaded."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"no calendar of {year} is loaded; add its holidays")


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The working days of the years that are loaded."""

    years: frozenset[int]
    holidays: frozenset[date]  # joint leave with them

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on ``day``; raises ``CalendarMissing``."""
        if day.year not in self.years:
            raise CalendarMissing(day.year)
        return day.weekday() < _SATURDAY and day not in self.holidays

    def between(self, after: date, until: date) -> Iterator[date]:
        """Yield the working days after ``after``, up to ``until``; raises ``CalendarMissing``."""
        day = after + _DAY
        while day <= until:
            if self.is_working(day):
                yield day
            day += _DAY

    def count(self, after: date, until: date) -> int:
        """Count the working days after ``after`` and up to ``until``."""
        return sum(1 for _ in self.between(after, until))

    def needs_dispensation(self, today: date, wedding: date) -> bool:
        """Tell whether fewer than ten working days lie after ``today`` and up to ``wedding``."""
        return self.count(today, wedding) < DISPENSATION_DAYS


def load_working_days(files: Iterable[Path]) -> WorkingDays:
    """Read calendars, each of a whole year; raises ``ValueError`` naming the file and its row."""
    days: set[date] = set()
    for file in files:
        days.update(_read(file))
    return WorkingDays(frozenset(day.year for day in days), frozenset(days))


def _read(file: Path) -> Iterator[date]:
    with file.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                yield date.fromisoformat(row["tanggal"])
            except (KeyError, TypeError, ValueError):
                raise ValueError(
                    f'{file.name}, line {number}: a column "tanggal" with a day is expected'
                ) from None
