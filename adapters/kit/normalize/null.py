"""What old systems write for nothing: ``-``, blanks, ``0``, ``"null"``.

In: any raw value. Out: whether it is empty; a text without blanks around and doubled within it;
or a rule's value as a field of a record, marked where the rule cannot read it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from adapters.kit.outcome import UNREADABLE, FieldMark

__all__ = ["Unreadable", "clean_text", "is_null", "readable"]

T = TypeVar("T")

_NOTHING = frozenset({"", "-", "--", "---", "0", "null", "none", "nil", "n/a", "tidak ada"})


class Unreadable(ValueError):
    """A value that its rule does not understand; the text names the rule, never the value."""


def is_null(value: object) -> bool:
    """Tell whether a raw value means nothing."""
    if value is None or (isinstance(value, (int, float)) and value == 0):
        return True
    return isinstance(value, str) and value.strip().lower() in _NOTHING


def clean_text(value: object) -> str | None:
    """Give the text with single blanks only, or None; numbers become their digits."""
    if is_null(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # spreadsheets keep whole numbers as floats
    return " ".join(str(value).split())


def readable(rule: Callable[[Any], T], value: Any) -> T | FieldMark:
    """Apply ``rule``; a value that it cannot read is marked, and the rest of the record stays."""
    try:
        return rule(value)
    except ValueError:
        return UNREADABLE
