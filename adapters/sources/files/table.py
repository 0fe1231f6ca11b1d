"""A register in memory: all rows of one version, and what they are found by.

In: rows and named functions from a row to its key. Out: rows by key. Immutable once built: a
newer version is another table.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

__all__ = ["KeyOf", "Row", "Table"]

Row = dict[str, Any]
"""One row by column name; shared by all who read the table, so read-only."""

KeyOf = Callable[[Row], Hashable | None]
"""Gives the key of a row in one index; None: the row is not found by this index.

Rows are as dirty as the file: it must not raise for any of them."""


@dataclass(frozen=True, slots=True)
class Table:
    """One version of a register."""

    rows: Sequence[Row]
    as_of: datetime  # when the file was last written
    version: str  # the file's name; changes with the file
    skipped: int = 0  # rows that could not be read and are not here
    _indexes: Mapping[str, Mapping[Hashable, list[Row]]] = field(default_factory=dict, repr=False)

    @classmethod
    def build(
        cls,
        rows: Sequence[Row],
        indexes: Mapping[str, KeyOf],
        *,
        as_of: datetime,
        version: str,
        skipped: int = 0,
    ) -> Table:
        """Build a table with its indexes."""
        built = {name: _index(rows, key_of) for name, key_of in indexes.items()}
        return cls(rows, as_of, version, skipped, built)

    def find(self, index: str, key: Hashable) -> Sequence[Row]:
        """Give the rows that ``index`` finds by ``key``, in the file's order."""
        return self._indexes[index].get(key, ())


def _index(rows: Sequence[Row], key_of: KeyOf) -> Mapping[Hashable, list[Row]]:
    index: dict[Hashable, list[Row]] = {}
    for row in rows:
        key = key_of(row)
        if key is not None:
            index.setdefault(key, []).append(row)
    return index
