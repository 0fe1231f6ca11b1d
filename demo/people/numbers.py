"""Synthetic identity numbers: NIK and KK numbers that no real person can bear.

In: the area of issue, a date, the sex. Out: 16 digits as an int, never twice in one world.
NIK is area (6) + birth date DDMMYY (+40 on the day for women) + serial; a KK number is area + date
of issue + serial. Serials are 9000-9999. Uniqueness comes from one small counter per (area, day,
sex), so memory does not grow with the population; KK numbers draw from the same counters, hence a
KK number is never a NIK.
"""

from array import array
from datetime import date

__all__ = ["FIRST_SERIAL", "Numbers", "nik_text"]

FIRST_SERIAL = 9000
_SERIALS = 1000
# Counting on in steps coprime to 1000 visits every serial once and keeps neighbours apart.
_STEP = 389
_DAYS = 100 * 12 * 31


class Numbers:
    """Issues identity numbers; owns the counters."""

    def __init__(self) -> None:
        self._used: dict[int, array[int]] = {}

    def issue(self, area: int, day: date, *, female: bool = False) -> int:
        """Issue the next number for a six-digit area and a day; raises when 1,000 are used."""
        counters = self._used.get(area)
        if counters is None:
            counters = self._used[area] = array("H", bytes(4 * _DAYS))
        slot = ((day.year % 100) * 12 + day.month - 1) * 31 + day.day - 1
        if female:
            slot += _DAYS
        count = counters[slot]
        if count == _SERIALS:
            raise ValueError(f'all serials of area "{area}" are used for one day')
        counters[slot] = count + 1
        serial = FIRST_SERIAL + (slot * 7 + count * _STEP) % _SERIALS
        day_part = day.day + 40 if female else day.day
        return (
            area * 10**10 + day_part * 10**8 + day.month * 10**6 + (day.year % 100) * 10**4 + serial
        )


def nik_text(number: int) -> str:
    """Write a number as the 16 digits that it is."""
    return f"{number:016d}"
