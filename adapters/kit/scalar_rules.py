"""The graph's own scalars as rules: which text is one, and how a Python value becomes JSON.

In: an argument's JSON value, or a record's Python value. Out: the coerced value, or ``ValueError``
whose text says what is expected and never repeats the value, which may be a person's number.

``kit.scalars`` declares the same names to strawberry; this file does without it, because the
runtime answers without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any

__all__ = ["DAYS", "INPUT_RULES", "OUTPUT_RULES", "WIB", "Digits", "OneOf", "is_area"]

WIB = timezone(timedelta(hours=7), "WIB")
"""The time of Jakarta; it has no daylight saving, so a fixed offset is exact."""


@dataclass(frozen=True, slots=True)
class Digits:
    """The rule of a text of so many digits; a value, so that a compiled program may write it out.

    ``isdigit`` of ASCII text is 0 to 9 and costs a third of a regular expression.
    """

    count: int
    name: str

    def __call__(self, value: Any) -> str:
        """Give the text; raises ``ValueError``."""
        if (
            isinstance(value, str)
            and len(value) == self.count
            and value.isascii()
            and value.isdigit()
        ):
            return value
        raise ValueError(f"{self.name} is a text of {self.count} digits")


@dataclass(frozen=True, slots=True)
class OneOf:
    """The rule of an enum: its member, or its name, to its GraphQL name."""

    name: str
    values: frozenset[str]

    def __call__(self, value: Any) -> str:
        """Give the name; raises ``ValueError``."""
        text = getattr(value, "name", value)
        if not isinstance(text, str) or text not in self.values:
            raise ValueError(f"not a value of {self.name}")
        return text


_AREA = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")


is_area = _AREA.fullmatch
"""Tells of a text whether it is the code of an area."""


def _area(value: Any) -> str:
    if isinstance(value, str) and is_area(value):
        return value
    raise ValueError('KodeWilayah is a Kemendagri code such as "31.71.02.1001"')


def _tanggal_in(value: Any) -> date:
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError('Tanggal is an ISO date such as "2026-07-01"')


def _waktu_in(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError('Waktu is an RFC 3339 time such as "2026-07-01T09:00:00+07:00"')
    return moment


def _tanggal_out(value: Any) -> str:
    if isinstance(value, datetime):
        raise ValueError("Tanggal has no time")
    if isinstance(value, date):
        return value.isoformat()
    return _tanggal_in(value).isoformat()


class _Days(dict[date, str]):
    """The text of each day, as soon as it was asked once.

    Writing a day costs ten times as much as finding it. A century has 36,525 days, so that people's
    birth dates and their papers' dates fit; what is beyond begins anew. Doubling costs 6 MB.
    """

    def __missing__(self, day: date) -> str:
        if len(self) >= 50_000:
            self.clear()
        text = self[day] = day.isoformat()
        return text


DAYS: Mapping[date, str] = _Days()
"""A day, exactly of type ``date``, to its text."""


def _waktu_out(value: Any) -> str:
    moment = value if isinstance(value, datetime) else _waktu_in(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=WIB)  # the old systems keep Jakarta's time without saying so
    return moment.astimezone(WIB).isoformat(timespec="seconds")


def _rupiah(value: Any) -> int:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("Rupiah is a whole number")


def _integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31:
        return value
    raise ValueError("Int is a whole number of 32 bits")


def _float(value: Any) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    raise ValueError("Float is a number")


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("Boolean is true or false")


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("String is a text")


def _secret(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ValueError("Rahasia is a text")


def _unshown(value: Any) -> str:
    raise ValueError("Rahasia is told to nobody")


def _identifier(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError("ID is a text or a whole number")


_BOTH: dict[str, Callable[[Any], Any]] = {
    "String": _string,
    "ID": _identifier,
    "Int": _integer,
    "Float": _float,
    "Boolean": _boolean,
    "NIK": Digits(16, "NIK"),
    "NomorKK": Digits(16, "NomorKK"),
    "KodeWilayah": _area,
    "NIB": Digits(13, "NIB"),
    "KBLI": Digits(5, "KBLI"),
    "NIP": Digits(18, "NIP"),
    "Rupiah": _rupiah,
}

INPUT_RULES: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    _BOTH | {"Tanggal": _tanggal_in, "Waktu": _waktu_in, "Rahasia": _secret}
)
"""Scalar -> JSON value of an argument to what a function receives."""

OUTPUT_RULES: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    _BOTH | {"Tanggal": _tanggal_out, "Waktu": _waktu_out, "Rahasia": _unshown}
)
"""Scalar -> a record's value to JSON."""
