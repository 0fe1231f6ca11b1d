"""Seeded chance: every decision of a world and of an operation comes from one of these.

In: a seed. Out: decisions. ``number_of`` is the other kind of chance: a pure function of a text,
the same in every process, from which all data is made.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["Chance", "number_of"]

T = TypeVar("T")


def number_of(text: str) -> int:
    """Give a number that looks random and depends on the text only."""
    return zlib.crc32(text.encode())


class Chance:
    """Decisions that repeat for an equal seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def yes(self, share: float) -> bool:
        """Say yes in that share of cases."""
        return self._random.random() < share

    def between(self, least: int, most: int) -> int:
        """Give a number within bounds, both included."""
        return self._random.randint(least, most)

    def one(self, items: Sequence[T]) -> T:
        """Choose one item."""
        return items[self._random.randrange(len(items))]

    def some(self, items: Sequence[T], least: int, most: int) -> list[T]:
        """Choose that many items at least and at most, in the order they came."""
        count = min(len(items), self.between(least, max(least, most)))
        chosen = set(self._random.sample(range(len(items)), count))
        return [item for number, item in enumerate(items) if number in chosen]
