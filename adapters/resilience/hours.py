"""When a source may be asked: opening hours and maintenance windows, by Jakarta's clock.

In: texts such as ``Mon-Fri 07:00-20:00`` or ``02:00-04:00``. Out: whether a moment is open, and
when it opens next. A window that ends before it begins passes midnight and belongs to the day on
which it begins. Closed is no failure of the source: nothing is sent, nothing is counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from adapters.resilience.refusal import CallRefused
from cache.ledger import JAKARTA

__all__ = ["Hours", "Window", "parse_window"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TEXT = re.compile(
    r"(?:(?P<first>[A-Z][a-z]{2})(?:-(?P<last>[A-Z][a-z]{2}))?\s+)?"
    r"(?P<begin>\d{2}:\d{2})-(?P<end>\d{2}:\d{2})"
)
_SEARCHED = timedelta(days=8)  # a week of windows, and the one that began the day before


@dataclass(frozen=True, slots=True)
class Window:
    """A span of the day on some days of the week; Monday is 0."""

    days: frozenset[int]
    begin: time
    end: time  # not after ``begin``: on the next day; 00:00 is midnight at its end

    def holds(self, moment: datetime) -> bool:
        """Tell whether a moment of Jakarta's clock lies inside."""
        at, day = moment.time(), moment.weekday()
        if self.begin < self.end:
            return day in self.days and self.begin <= at < self.end
        yesterday = (day - 1) % 7
        return (day in self.days and at >= self.begin) or (yesterday in self.days and at < self.end)


def parse_window(text: str) -> Window:
    """Read ``[DAY[-DAY] ]HH:MM-HH:MM``; raises ``ValueError`` that says what is expected."""
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'"{text}" is no window such as "Mon-Fri 07:00-20:00" or "02:00-04:00"')
    begin, end = _time(match["begin"]), _time(match["end"])
    if begin == end:
        raise ValueError(f'"{text}" begins when it ends')
    if match["first"] is None:
        return Window(frozenset(range(7)), begin, end)
    first, last = _day(match["first"]), _day(match["last"] or match["first"])
    count = (last - first) % 7 + 1
    return Window(frozenset((first + step) % 7 for step in range(count)), begin, end)


class Hours:
    """The windows of one source."""

    def __init__(
        self,
        source: str,
        opening: Sequence[str],
        maintenance: Sequence[str],
        clock: Callable[[], float],  # seconds since 1970
    ) -> None:
        self._source = source
        self._opening = tuple(map(parse_window, opening))
        self._maintenance = tuple(map(parse_window, maintenance))
        self._clock = clock

    @property
    def are_set(self) -> bool:
        """Tell whether there is anything to look at."""
        return bool(self._opening or self._maintenance)

    def require_open(self) -> None:
        """Raise ``CallRefused`` outside the source's hours; ``retry_after`` says when to come."""
        now = datetime.fromtimestamp(self._clock(), JAKARTA)
        if self.is_open(now):
            return
        opens = self.opens_after(now)
        when = "" if opens is None else f" until {opens.isoformat(timespec='minutes')}"
        text = f'source "{self._source}" is outside its hours{when} and was not asked'
        raise CallRefused(
            text, retry_after=None if opens is None else (opens - now).total_seconds()
        )

    def is_open_now(self) -> bool:
        """Tell whether the source may be asked now."""
        return not self.are_set or self.is_open(datetime.fromtimestamp(self._clock(), JAKARTA))

    def is_open(self, moment: datetime) -> bool:
        """Tell whether the source may be asked at that moment."""
        if any(window.holds(moment) for window in self._maintenance):
            return False
        return not self._opening or any(window.holds(moment) for window in self._opening)

    def opens_after(self, moment: datetime) -> datetime | None:
        """Give the next moment at which it opens; None if it does not within a week."""
        edges = sorted(edge for edge in self._edges(moment) if moment < edge <= moment + _SEARCHED)
        return next((edge for edge in edges if self.is_open(edge)), None)

    def _edges(self, moment: datetime) -> list[datetime]:
        """List the moments at which something may change."""
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        times = {w.begin for w in self._opening} | {w.end for w in self._maintenance}
        return [
            midnight + timedelta(days=day, hours=at.hour, minutes=at.minute)
            for day in range(_SEARCHED.days + 1)
            for at in sorted(times)
        ]


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is no time of day such as "07:00"') from None


def _day(name: str) -> int:
    if name not in _DAYS:
        raise ValueError(f'"{name}" is no day of the week; write one of {", ".join(_DAYS)}')
    return _DAYS.index(name)
