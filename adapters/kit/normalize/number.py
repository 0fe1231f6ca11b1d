"""Numbers and yes-or-no as old systems write them.

In: ``1.250.000``, ``Rp 1.250.000,00``, ``12,5``, ``Y``, ``TIDAK``, a driver's numbers. Out:
``int``, ``float``, ``bool``, or None for nothing; zero is a number here. A dot before exactly three
digits groups thousands, as Indonesian does; a comma begins the decimals.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from adapters.kit.normalize.null import Unreadable, is_null

__all__ = ["normalize_decimal", "normalize_truth", "normalize_whole"]

_GROUPED = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?")
_CURRENCY = re.compile(r"^rp\.?\s*|,-$", re.IGNORECASE)
_YES = frozenset(("1", "y", "ya", "t", "true", "benar", "ada", "yes"))
_NO = frozenset(("0", "n", "tidak", "f", "false", "salah", "tdk", "no"))


def normalize_whole(value: object) -> int | None:
    """Give a whole number; raises ``Unreadable``."""
    number = _number(value)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise Unreadable("a whole number has no decimals")
    return int(number)


def normalize_decimal(value: object) -> float | None:
    """Give a number; raises ``Unreadable``."""
    number = _number(value)
    return None if number is None else float(number)


def normalize_truth(value: object) -> bool | None:
    """Give true or false; raises ``Unreadable``."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in _NO:
        return False
    if text in _YES:
        return True
    if is_null(value):
        return None
    raise Unreadable("a truth value is Y or T, 1 or 0, ya or tidak")


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, (int, float, Decimal)):
        return Decimal(str(value))
    text = "" if value is None else _CURRENCY.sub("", str(value).strip()).replace(" ", "")
    if text in ("0", ""):
        return Decimal(0) if text else None
    if is_null(text):
        return None
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise Unreadable("a number has digits, and a comma before decimals") from None
    if not number.is_finite():
        raise Unreadable("a number is finite")
    return number
