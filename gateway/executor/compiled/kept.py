"""Keeps the programs of all operations of a snapshot, within a count and a weight.

In: a program and what it weighs. Out: the program, while it is kept; one that was let go is
compiled again at its next use. Generated classes are reference cycles, which only the collector
frees, and it seldom looks at old objects: it is called when many programs have gone.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import TypeAlias

from cache.lru import LRU
from gateway.executor.compiled.record_program import RecordProgram
from gateway.executor.project.shapes import ObjectShape

__all__ = ["KeptPrograms", "ProgramKey"]

ProgramKey: TypeAlias = tuple[object, int, frozenset[str]]
"""The operation, the id of the root's shape, and the types that are wide."""

# A class or decoder with its share of the generated functions: 3.2 to 4.2 kB were traced in
# operations of one to seven fetches. Twice as much, and half as many programs are kept.
_CLASS_BYTES = 5_000

# A collection takes tens of milliseconds; so many programs are a few dozen megabytes.
_COLLECT_AFTER = 256


class KeptPrograms:
    """The most recently used programs."""

    def __init__(
        self,
        count: int = 1_024,
        weight: int = 64_000_000,  # bytes
        collect: Callable[[], object] = gc.collect,
    ) -> None:
        # The shape is kept beside its program, so that its id stays its own.
        self._kept: LRU[ProgramKey, tuple[ObjectShape, RecordProgram | None]] = LRU(
            count, weight, self._note_gone
        )
        # Gives the shape and its program, which is None where nothing can be compiled. On every
        # request's way: a method of our own would be one more call.
        self.get = self._kept.get
        self._gone = 0
        self._collect = collect

    def put(self, key: ProgramKey, shape: ObjectShape, program: RecordProgram | None) -> None:
        """Keep a program."""
        weight = _CLASS_BYTES * (1 if program is None else program.class_count)
        self._kept.put(key, (shape, program), weight)

    def _note_gone(self, _: ProgramKey, __: object) -> None:
        self._gone += 1
        if self._gone % _COLLECT_AFTER == 0:
            self._collect()
