"""What a book can be asked, whatever keeps it: a table of a database, a file, a sheet.

In: keys. Out: raw rows by our own field names, as the clerk wrote them; raises ``SourceError``.
Rows are a superset of what the keys mean (spellings vary): who asks compares the normalised
values. A row is read-only, since a file's rows are shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeAlias

from adapters.errors import SourceError
from adapters.kit.context import Context

__all__ = ["Book", "KnownNiks", "ListRequest", "Place", "RawRow", "place_of"]

RawRow: TypeAlias = "dict[str, Any]"
"""One line by our field names; values as the register holds them."""

Place: TypeAlias = "tuple[int, int]"
"""Year of the book and running number in it."""


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A part of a book, in book order."""

    after: Place  # the last line seen; (0, 0) for the beginning
    years: tuple[int, int]  # of the book, both included
    kind: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class KnownNiks:
    """The NIKs in a book, as far as they are known without asking it."""

    niks: frozenset[str]
    as_of: datetime
    stale: SourceError | None = None  # why the list is the last good one, and no newer


class Book(Protocol):
    """One book of letters, or one list of introductions."""

    @property
    def has_nik(self) -> bool:
        """Tell whether the book has a NIK column."""
        ...

    @property
    def is_introductions(self) -> bool:
        """Tell whether it lists introductions."""
        ...

    async def known_niks(self, context: Context) -> KnownNiks | None:
        """Give the NIKs in the book; None if no list can be had now."""
        ...

    async def by_nik(self, niks: Sequence[str], context: Context) -> Sequence[RawRow]:
        """Find the lines of these NIKs."""
        ...

    async def by_number(self, numbers: Sequence[str], context: Context) -> Sequence[RawRow]:
        """Find the lines of these letter numbers."""
        ...

    async def by_place(self, places: Sequence[Place], context: Context) -> Sequence[RawRow]:
        """Find the lines at these places."""
        ...

    async def by_person(
        self, births: Sequence[date], names: Sequence[str], context: Context
    ) -> Sequence[RawRow]:
        """Find the lines with one of these birth dates or names."""
        ...

    async def listed(self, request: ListRequest, context: Context) -> Sequence[RawRow]:
        """List lines in book order."""
        ...


def place_of(row: RawRow) -> Place | None:
    """Give the place of a line; None if it has none that can be read. Never raises."""
    try:
        return int(row["buku"]), int(row["urut"])
    except (KeyError, TypeError, ValueError):
        return None
