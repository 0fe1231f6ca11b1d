"""The graph's own scalars as rules: which text is one, and how a Python value becomes JSON.

In: an argument's JSON value, or a record's Python value. Out: the coerced value, or ``ValueError``
whose text says what is expected and never repeats the value, which may be a person's number.

``kit.scalars`` declares the same names to strawberry; this file does without it, because the
runtime answers without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any

__all__ = ["INPUT_RULES", "OUTPUT_RULES", "WIB"]

WIB = timezone(timedelta(hours=7), "WIB")
"""The time of Jakarta; it has no daylight saving, so a fixed offset is exact."""


def _digits(count: int, what: str) -> Callable[[Any], str]:
    pattern = re.compile(rf"[0-9]{{{count}}}")

    def parse(value: Any) -> str:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        raise ValueError(f"{what} is a text of {count} digits")

    return parse


_AREA = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")


def _area(value: Any) -> str:
    if isinstance(value, str) and _AREA.fullmatch(value):
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
    "NIK": _digits(16, "NIK"),
    "NomorKK": _digits(16, "NomorKK"),
    "KodeWilayah": _area,
    "NIB": _digits(13, "NIB"),
    "KBLI": _digits(5, "KBLI"),
    "NIP": _digits(18, "NIP"),
    "Rupiah": _rupiah,
}

INPUT_RULES: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    _BOTH | {"Tanggal": _tanggal_in, "Waktu": _waktu_in}
)
"""Scalar -> JSON value of an argument to what a function receives."""

OUTPUT_RULES: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    _BOTH | {"Tanggal": _tanggal_out, "Waktu": _waktu_out}
)
"""Scalar -> a record's value to JSON."""
