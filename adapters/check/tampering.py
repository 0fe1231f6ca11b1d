"""What a lying or sloppy source does to its rows, on whatever a guarded call gave.

In: what a call gave: a list of rows, or JSON that holds such lists. Out: the same, changed. A row
is a JSON object in a list. The values given are shared between callers, so nothing is changed in
place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = ["Rows", "Tamper", "change_texts", "is_date", "is_free_text"]

Rows: TypeAlias = "list[dict[str, Any]]"

_DATES = (
    re.compile(r"\d{4}-\d\d-\d\d(T.*)?"),
    re.compile(r"\d\d?[-/.]\d\d?[-/.]\d{4}"),
)


@dataclass(slots=True)
class Tamper:
    """A hook on what calls gave; ``seen`` counts the lists of rows that it changed."""

    change: Callable[[Rows], Rows]
    seen: int = 0

    def __call__(self, value: Any) -> Any:
        """Change every list of rows within ``value``."""
        if isinstance(value, tuple) and hasattr(value, "_fields"):  # named parts of one answer
            return type(value)(*map(self, value))
        if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
            rows = [*value]
            if rows and all(isinstance(row, dict) for row in rows):
                changed = self.change(rows)
                self.seen += changed != rows
                return changed
            return value
        if isinstance(value, dict):
            return {name: self(item) for name, item in value.items()}
        return value


def change_texts(
    where: Callable[[str], bool], text: Callable[[str], Any]
) -> Callable[[Rows], Rows]:
    """Build a change of every text for which ``where`` holds."""

    def change(rows: Rows) -> Rows:
        return [
            {
                name: text(value) if isinstance(value, str) and where(value) else value
                for name, value in row.items()
            }
            for row in rows
        ]

    return change


def is_date(text: str) -> bool:
    """Tell whether a text is a date as registers write them."""
    return any(form.fullmatch(text.strip()) for form in _DATES)


def is_free_text(text: str) -> bool:
    """Tell whether a text is words rather than a number, a code or a date."""
    words = text.split()
    return len(words) > 1 and all(word[:1].isalpha() for word in words)
