"""Values of a kind that was not expected: how often they came, what they become.

In: the deviations of one operation. Out: the types that its next program is made wider for. Two
kinds are a habit of a subgraph, which then would never be answered the fast way: whole numbers
where the schema says ID or Float, and a custom scalar that is neither text nor whole number, sent
on as an input. The numbers are kept as they came until the answer is finished, because that is how
they are sent to other subgraphs; such scalars are told apart by their JSON.

No habit, and left to the reference: a null that the schema does not allow, an entity that is not
there, a type name that nobody declared. Their answers hold errors, or could.
"""

from __future__ import annotations

from typing import Any

__all__ = ["NUMBERS", "Widening", "as_float", "as_id"]

NUMBERS = ("ID", "Float")
"""The types that may come as whole numbers."""

# A single defective record must not change how an operation is compiled; at three it is a habit.
# Doubled, three more requests are answered by the reference.
_HABIT = 3


class Widening:
    """What one operation has learnt of its subgraphs."""

    def __init__(self) -> None:
        self.types: frozenset[str] = frozenset()
        self._seen: dict[str, int] = {}

    def note(self, type_name: str) -> bool:
        """Count a value that ``type_name`` had no room for; tell if programs are made again."""
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
