"""A book kept in a file: all lines in memory, found by indexes.

In: a ``FilesSource``. Out: raw rows. Asking costs no call beyond the source's own look for a newer
version, so the indexes answer which register knows a NIK for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from adapters.kelurahan.books import KnownNiks, ListRequest, Place, RawRow, place_of
from adapters.kelurahan.mapping import birth_of, nik_of
from adapters.kelurahan.settings import FileBookSettings
from adapters.kit.context import Context
from adapters.kit.normalize.null import clean_text
from adapters.kit.normalize.person_name import name_key
from adapters.sources.files import FilesSource, KeyOf, Table

__all__ = ["FileBook", "build_indexes", "rename"]


def rename(row: RawRow, settings: FileBookSettings) -> RawRow:
    """Give a line by our field names."""
    renamed = {field: row[column] for column, field in settings.columns.items() if field}
    if settings.year is not None:
        renamed["buku"] = settings.year
    return renamed


def build_indexes(settings: FileBookSettings) -> dict[str, KeyOf]:
    """Give the functions by which a file's lines are found; none of them raises."""

    def over(key_of: Callable[[RawRow], Hashable | None]) -> KeyOf:
        return lambda row: key_of(rename(row, settings))

    return {
        "nik": over(nik_of),
        "number": over(lambda row: clean_text(row.get("nomor"))),
        "place": over(place_of),
        "birth": over(birth_of),
        "name": over(lambda row: name_key(row.get("nama")) or None),
    }


@dataclass(slots=True)
class FileBook:
    """One file, or one sheet."""

    report: str  # the source under which it is accounted
    settings: FileBookSettings
    source: FilesSource
    _niks: tuple[Table, frozenset[str]] | None = field(default=None)

    @property
    def has_nik(self) -> bool:
        """Tell whether the book has a NIK column."""
        return "nik" in self.settings.columns.values()

    @property
    def is_introductions(self) -> bool:
        """Tell whether it lists introductions."""
        return self.settings.kind == "pengantar"

    @property
    def place(self) -> str:
        """The file, and the sheet in it."""
        sheet = self.settings.sheet
        return self.settings.file if sheet is None else f"{self.settings.file}#{sheet}"

    def describe(self) -> dict[str, Any]:
        """Tell which version is in service, and why a newer one is not."""
        return self.source.status.describe()

    async def known_niks(self, context: Context) -> KnownNiks | None:
        """Give the NIKs in the book; None if no version of the file can be read."""
        guarded = await self.source.table(context.call)
        if guarded.value is None:
            return None
        table = guarded.value
        if self._niks is None or self._niks[0] is not table:
            found = (nik_of(rename(row, self.settings)) for row in table.rows)
            self._niks = (table, frozenset(nik for nik in found if nik is not None))
        return KnownNiks(self._niks[1], table.as_of, guarded.stale)

    async def by_nik(self, niks: Sequence[str], context: Context) -> Sequence[RawRow]:
        """Find the lines of these NIKs."""
        return await self._find("nik", niks, context)

    async def by_number(self, numbers: Sequence[str], context: Context) -> Sequence[RawRow]:
        """Find the lines of these letter numbers."""
        return await self._find("number", numbers, context)

    async def by_place(self, places: Sequence[Place], context: Context) -> Sequence[RawRow]:
        """Find the lines at these places."""
        return await self._find("place", places, context)

    async def by_person(
        self, births: Sequence[date], names: Sequence[str], context: Context
    ) -> Sequence[RawRow]:
        """Find the lines with one of these birth dates or names."""
        table = await self._table(context)
        rows = {
            id(row): row
            for index, keys in (("birth", births), ("name", [name_key(name) for name in names]))
            for key in keys
            for row in table.find(index, key)
        }
        return [rename(row, self.settings) for row in rows.values()]

    async def listed(self, request: ListRequest, context: Context) -> Sequence[RawRow]:
        """List lines in book order."""
        table = await self._table(context)
        placed: list[tuple[Place, RawRow]] = []
        for row in table.rows:
            renamed = rename(row, self.settings)
            place = place_of(renamed)
            if place is None or place <= request.after:
                continue
            if not request.years[0] <= place[0] <= request.years[1]:
                continue
            if request.kind is None or clean_text(renamed.get("jenis")) == request.kind:
                placed.append((place, renamed))
        placed.sort(key=lambda item: item[0])
        return [row for _, row in placed[: request.limit]]

    async def _find(
        self, index: str, keys: Sequence[Hashable], context: Context
    ) -> Sequence[RawRow]:
        table = await self._table(context)
        return [rename(row, self.settings) for key in keys for row in table.find(index, key)]

    async def _table(self, context: Context) -> Table:
        guarded = await self.source.table(context.call)
        as_of = None if guarded.value is None else guarded.value.as_of
        return context.take(self.report, guarded, as_of=as_of)
