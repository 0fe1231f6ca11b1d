"""Objects kept in this process: the most recently used, within a count and a weight.

In: a key, an object and its weight. Out: the object, while it is kept. Synchronous, since
nothing is awaited; not a store of answers, which is asynchronous and holds bytes.

Things leave only when something comes, so their order matters only then: of two changes, the first
reading in between moves an object to the end, and further ones find it among those just read.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

__all__ = ["LRU"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LRU(Generic[K, V]):
    """Keeps at most ``entries`` objects of together at most ``weight`` (usually bytes).

    ``evicted`` is called for each object that leaves to make room, is replaced or removed.
    """

    def __init__(
        self,
        entries: int,
        weight: int | None = None,
        evicted: Callable[[K, V], None] | None = None,
    ) -> None:
        self._entries = entries
        self._limit = weight
        self._evicted = evicted
        self._kept: dict[K, tuple[V, int]] = {}  # the least recently used comes first
        self._read: dict[K, V] = {}  # since the last change: behind all that was not
        self.weight = 0  # of all that is kept

    def __len__(self) -> int:
        """How many objects are kept."""
        return len(self._kept)

    def __contains__(self, key: K) -> bool:
        """Tell whether it is kept, without counting as use."""
        return key in self._kept

    def items(self) -> Iterator[tuple[K, V]]:
        """Give keys and objects, the least recently used first, without counting as use."""
        return ((key, entry[0]) for key, entry in self._kept.items())

    def get(self, key: K) -> V | None:
        """Give the object, now the most recently used; None if it is not kept."""
        value = self._read.get(key)
        if value is not None:
            return value
        entry = self._kept.pop(key, None)
        if entry is None:
            return None
        self._kept[key] = entry
        value = self._read[key] = entry[0]
        return value

    def put(self, key: K, value: V, weight: int = 1) -> None:
        """Keep the object, and let go of what no longer fits; too heavy a one is not kept."""
        self.remove(key)
        if self._limit is not None and weight > self._limit:
            return
        self._kept[key] = (value, weight)
        self.weight += weight
        while len(self._kept) > self._entries or (
            self._limit is not None and self.weight > self._limit
        ):
            self.remove(next(iter(self._kept)))

    def remove(self, key: K) -> None:
        """Let go of the object, if it is kept."""
        self._read.clear()
        entry = self._kept.pop(key, None)
        if entry is None:
            return
        self.weight -= entry[1]
        if self._evicted is not None:
            self._evicted(key, entry[0])

    def clear(self) -> None:
        """Let go of everything."""
        for key in tuple(self._kept):
            self.remove(key)
