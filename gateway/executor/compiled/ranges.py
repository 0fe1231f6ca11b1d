"""Decodes entities of several types in one go, where their numbers are known to come again.

In: the record class of each path's entities; per fetch, where each path's entities end among all.
Out: a ``RangeShape``, whose entities are records, or None: they are to be split as bytes first, and
decoded one by one, which reads every byte twice.

A decoder is made for the numbers of each type, such as six and five. Lists have the same lengths
again and again (pages, rows of a register), or never: one is made when numbers come a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec

from adapters.contract import RecordShape
from gateway.executor.compiled.records import MsgspecType

__all__ = ["RangeShape", "Ranges"]

# Making a decoder for a hundred entities costs 300 us, and reading bytes once more 0.5 us per
# kilobyte. Twice as many, and it takes twice as many answers until that has paid.
_MAX_ENTITIES = 100
_MAX_KEPT = 16  # numbers of one fetch; where there are more, all are forgotten


class Ranges:
    """The shapes of one fetch whose entities are of one type per path."""

    def __init__(self, kinds: Sequence[MsgspecType]) -> None:
        """``kinds`` are what the entities of each path are decoded into."""
        self._kinds = tuple(kinds)
        self._shapes: dict[tuple[int, ...], RangeShape | None] = {}  # None: come once

    def shape(self, ends: tuple[int, ...]) -> RangeShape | None:
        """Give the shape of entities of which those of each path end at ``ends``."""
        found = self._shapes.get(ends)
        if found is not None or ends[-1] > _MAX_ENTITIES:
            return found
        if ends in self._shapes:
            found = RangeShape(self._items(ends))
        elif len(self._shapes) >= _MAX_KEPT:
            self._shapes.clear()
        self._shapes[ends] = found
        return found

    def _items(self, ends: tuple[int, ...]) -> list[MsgspecType]:
        spans = zip(self._kinds, pairwise((0, *ends)), strict=True)
        return [kind for kind, (start, end) in spans for _ in range(start, end)]


class RangeShape:
    """How the entities of one fetch lie in memory if there are so many of each type."""

    filled: RecordShape | None = None

    def __init__(self, items: Sequence[MsgspecType]) -> None:
        """``items`` holds what each entity is decoded into."""
        kind: Any = tuple[tuple(items)]  # type: ignore[misc]  # at run time
        data = msgspec.defstruct("Data", [("_entities", kind)], gc=False)
        body = msgspec.defstruct("Body", [("data", data), ("errors", None, None)], gc=False)
        self._decode = msgspec.json.Decoder(body).decode

    def decode(self, body: bytes) -> object:
        """Decode a whole answer; raises ``ValueError`` for errors and for what does not fit."""
        try:
            answer: Any = self._decode(body)
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        return list(answer.data._entities)
