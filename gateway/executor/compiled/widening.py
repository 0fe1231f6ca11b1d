"""Whole numbers where the schema says ID or Float: how often they came, what they become.

In: the deviations of one operation. Out: the types that its next program takes whole numbers for; a
subgraph that gives IDs as numbers does so every time, and would otherwise never be answered the
fast way. The numbers are kept as they came until the answer is finished, because that is how they
are sent to other subgraphs.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Widening", "as_float", "as_id"]

# A single defective record must not change how an operation is compiled; at three it is a habit.
# Doubled, three more requests are answered by the reference.
_HABIT = 3


class Widening:
    """What one operation has learnt of its subgraphs."""

    def __init__(self) -> None:
        self.types: frozenset[str] = frozenset()
        self._seen: dict[str, int] = {}

    def note(self, type_name: str) -> bool:
        """Count a whole number for ``type_name``; tell whether programs must be made again."""
        if type_name in self.types:
            return False
        self._seen[type_name] = self._seen.get(type_name, 0) + 1
        if self._seen[type_name] < _HABIT:
            return False
        self.types |= {type_name}
        return True


def as_id(value: Any) -> Any:
    """Make whole numbers texts, also in lists."""
    if type(value) is int:
        return str(value)
    return [as_id(each) for each in value] if type(value) is list else value


def as_float(value: Any) -> Any:
    """Make whole numbers floats, also in lists."""
    if type(value) is int:
        return float(value)
    return [as_float(each) for each in value] if type(value) is list else value
