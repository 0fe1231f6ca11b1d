"""Area codes: Kemendagri's inside the graph, whatever a source keeps.

In: four unpadded numbers (31, 71, 2, 1001), a code with or without dots, a BPS city code. Out:
``31.71.02.1001``. The trap: BPS uses the same five numbers for the same five cities in another
order, so ``3171`` is Jakarta Pusat for the one and Jakarta Selatan for the other. Below the city
BPS numbers its areas independently: those are found by name, never by code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from adapters.kit.normalize.null import Unreadable, is_null

__all__ = ["BPS_CITIES", "kemendagri_from_bps", "kemendagri_from_numbers", "normalize_area_code"]

BPS_CITIES: Mapping[str, str] = MappingProxyType(
    {
        "3101": "31.01",  # Kepulauan Seribu: the same for both
        "3171": "31.74",  # Jakarta Selatan
        "3172": "31.75",  # Jakarta Timur
        "3173": "31.71",  # Jakarta Pusat
        "3174": "31.73",  # Jakarta Barat
        "3175": "31.72",  # Jakarta Utara
    }
)
"""BPS city code -> Kemendagri code."""

_WIDTHS = (2, 2, 2, 4)
_DIGITS = re.compile(r"[0-9]{2}([0-9]{2}([0-9]{2}([0-9]{4})?)?)?")


def kemendagri_from_numbers(*numbers: object) -> str | None:
    """Join one to four numbers, province first; None if the first is empty."""
    parts: list[str] = []
    for number, width in zip(numbers, _WIDTHS, strict=False):
        if is_null(number):
            break
        text = str(number).strip().removesuffix(".0")
        if not text.isdecimal() or len(text.lstrip("0")) > width:
            raise Unreadable("an area's number has at most 2 digits, a kelurahan's 4")
        parts.append(str(int(text)).zfill(width))
    if parts and len(parts) < len(numbers):
        raise Unreadable("an area's code lacks a number")
    return ".".join(parts) or None


def normalize_area_code(value: object) -> str | None:
    """Give a Kemendagri code with its dots; raises ``Unreadable``."""
    if is_null(value):
        return None
    digits = str(value).strip().replace(".", "")
    if _DIGITS.fullmatch(digits) is None:
        raise Unreadable("an area code has 2, 4, 6 or 10 digits")
    cuts = (digits[:2], digits[2:4], digits[4:6], digits[6:])
    return ".".join(part for part in cuts if part)


def kemendagri_from_bps(value: object) -> str | None:
    """Give the Kemendagri code of a BPS city code; raises ``Unreadable``."""
    if is_null(value):
        return None
    code = BPS_CITIES.get(str(value).strip().replace(".", ""))
    if code is None:
        raise Unreadable("a BPS code converts for the cities of Jakarta only")
    return code
