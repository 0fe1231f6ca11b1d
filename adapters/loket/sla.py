"""The clock of a service: working days from the complete file, standing still during repair.

In: when the file was complete, when repair was asked and delivered, when the matter ended, and the
promised number of days. Out: ``Clock``: days used, the due day, the traffic light.

What counts: the day on which the file is complete does not, the next working day is the first. The
day on which repair is asked still counts; those after it, up to the day of the new submission, do
not. So a service of one day that is complete on Friday is due on Monday, and late on Tuesday.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from adapters.kit.scalar_rules import WIB
from adapters.loket.working_days import WorkingDays

__all__ = ["Clock", "Light", "Pause", "Run", "day_of", "read_clock"]

_DAY = timedelta(days=1)


class Light(StrEnum):
    """How an application stands to its promise."""

    BELUM_MULAI = "BELUM_MULAI"  # the file is not complete
    HIJAU = "HIJAU"
    KUNING = "KUNING"  # the last promised day has come
    MERAH = "MERAH"  # late
    DITANGGUHKAN = "DITANGGUHKAN"  # the applicant repairs


@dataclass(frozen=True, slots=True)
class Pause:
    """One repair, by the days of Jakarta."""

    asked: date
    delivered: date | None  # None: it goes on


@dataclass(frozen=True, slots=True)
class Run:
    """All that moves one application's clock."""

    complete: date | None  # None: not yet
    pauses: Sequence[Pause] = ()  # in order; only the last may go on
    ended: date | None = None  # issued, refused or cancelled


@dataclass(frozen=True, slots=True)
class Clock:
    """How the clock stands on one day."""

    used: int  # working days that count, up to that day
    due: date | None  # None: not started, or it cannot be told while repair goes on
    light: Light


def day_of(moment: datetime) -> date:
    """Give the day of ``moment`` in Jakarta."""
    return moment.astimezone(WIB).date()


def read_clock(run: Run, promised: int, today: date, calendar: WorkingDays) -> Clock:
    """Read the clock on ``today``; raises ``CalendarMissing`` for a year it would have to guess."""
    if run.complete is None:
        return Clock(0, None, Light.BELUM_MULAI)
    until = today if run.ended is None else min(run.ended, today)
    used = sum(calendar.count(after, min(end or until, until)) for after, end in _stretches(run))
    due = _find_due(run, promised, calendar)
    return Clock(used, due, _light(run, used, promised))


def _stretches(run: Run) -> Iterator[tuple[date, date | None]]:
    """Yield the stretches of the office's days: after the first, up to the second; None: open."""
    assert run.complete is not None
    after = run.complete
    for pause in run.pauses:
        yield after, pause.asked
        if pause.delivered is None:
            return
        after = pause.delivered
    yield after, None


def _find_due(run: Run, promised: int, calendar: WorkingDays) -> date | None:
    left = promised
    for after, end in _stretches(run):
        day = after
        while left and (end is None or day < end):
            day += _DAY
            left -= calendar.is_working(day)
        if not left:
            return day
    return None


def _light(run: Run, used: int, promised: int) -> Light:
    if used > promised:
        return Light.MERAH
    if run.ended is None and run.pauses and run.pauses[-1].delivered is None:
        return Light.DITANGGUHKAN
    return Light.KUNING if used == promised else Light.HIJAU
