"""Dates as old systems write them.

In: ``dd-mm-yyyy``, ``yyyy-mm-dd``, ``dd/mm/yyyy``, with or without a time behind, ``1 Juli 2026``,
``00-00-0000``. Out: a ``date`` or None. Day before month, always: nothing in Indonesia is written
the American way, so a month above 12 is an error of the record and not another format.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from adapters.kit.normalize.null import Unreadable, is_null

__all__ = ["normalize_date"]

_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_WORDS = re.compile(r"([0-9]{1,2})[- ]([A-Za-z]+)[- ]([0-9]{4})")
_TIME = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$")
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7,
    "agu": 8, "ags": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11,
    "des": 12, "dec": 12,
}  # fmt: skip


def normalize_date(value: object) -> date | None:
    """Give the date; raises ``Unreadable``."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if is_null(value):
        return None
    if not isinstance(value, str):
        raise Unreadable("a date is a text")
    text = _TIME.sub("", " ".join(value.split()))
    if set(text) <= set("0-/. "):
        return None
    year, month, day = _split(text)
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable("a date names a day that exists") from None


def _split(text: str) -> tuple[int, int, int]:
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
        return year, month, day
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
        return year, month, day
    if match := _WORDS.fullmatch(text):
        number = _MONTHS.get(match[2][:3].lower())
        if number is not None:
            return int(match[3]), number, int(match[1])
    raise Unreadable("a date is written dd-mm-yyyy, yyyy-mm-dd or dd/mm/yyyy")
