"""A book kept in a table: one bound statement per question.

In: an ``SqlSource`` and the names of table and columns, which the settings have checked. Out: raw
rows. Dates are text in most old tables, in the form that the program of its day liked: a date is
asked for in all forms at once. The list of NIKs keeps how each is spelled in the table, so that a
statement can name the very texts and use the table's own index.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from adapters.contract import CallContext
from adapters.kelurahan.books import KnownNiks, ListRequest, Place, RawRow, place_of
from adapters.kelurahan.mapping import nik_of
from adapters.kelurahan.settings import SqlBookSettings
from adapters.kit.context import Context
from adapters.sources.sql import SqlSource

__all__ = ["SqlBook"]


@dataclass(slots=True)
class SqlBook:
    """One table."""

    report: str  # the source under which it is accounted
    settings: SqlBookSettings
    source: SqlSource
    index_seconds: float
    clock: Callable[[], float] = time.monotonic
    _niks: KnownNiks | None = None
    _spellings: dict[str, list[Any]] = field(default_factory=dict)
    _read_at: float = float("-inf")
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def has_nik(self) -> bool:
        """Tell whether the book has a NIK column."""
        return "nik" in self.settings.columns.values()

    @property
    def is_introductions(self) -> bool:
        """Tell whether it lists introductions."""
        return self.settings.kind == "pengantar"

    async def known_niks(self, context: Context) -> KnownNiks | None:
        """Give the NIKs in the table, read again when the list is too old.

        Nobody's budget pays for it. None if it could never be read: then the table itself must be
        asked, which tells the caller why it does not answer.
        """
        if self.clock() - self._read_at < self.index_seconds:
            return self._niks
        async with self._reading:
            if self.clock() - self._read_at >= self.index_seconds:
                self._read_at = self.clock()
                await self._read_niks()
        return self._niks

    async def by_nik(self, niks: Sequence[str], context: Context) -> Sequence[RawRow]:
        """Find the lines of these NIKs, as the table spells them."""
        spelled = [text for nik in niks for text in self._spellings.get(nik) or (nik, f" {nik}")]
        return await self._fetch(f"{self._column('nik')} IN :keys", context, keys=spelled)

    async def by_number(self, numbers: Sequence[str], context: Context) -> Sequence[RawRow]:
        """Find the lines of these letter numbers."""
        return await self._fetch(f"{self._column('nomor')} IN :keys", context, keys=numbers)

    async def by_place(self, places: Sequence[Place], context: Context) -> Sequence[RawRow]:
        """Find the lines with these running numbers, and keep those of the right year."""
        numbers = sorted({number for _, number in places})
        rows = await self._fetch(f"{self._column('urut')} IN :keys", context, keys=numbers)
        wanted = set(places)
        return [row for row in rows if place_of(row) in wanted]

    async def by_person(
        self, births: Sequence[date], names: Sequence[str], context: Context
    ) -> Sequence[RawRow]:
        """Find the lines with one of these birth dates or names."""
        keys = [
            *(text for day in births for text in _spell_day(day)),
            *(name.upper() for name in names),
        ]
        condition = (
            f"({self._column('tanggalLahir')} IN :keys OR UPPER({self._column('nama')}) IN :keys)"
        )
        return await self._fetch(condition, context, keys=keys)

    async def listed(self, request: ListRequest, context: Context) -> Sequence[RawRow]:
        """List lines in book order."""
        book, number = self._column("buku"), self._column("urut")
        condition = (
            f"({book} > :year OR ({book} = :year AND {number} > :number))"
            f" AND {book} BETWEEN :first AND :last"
        )
        parameters: dict[str, Any] = {
            "year": request.after[0],
            "number": request.after[1],
            "first": request.years[0],
            "last": request.years[1],
            "limit": request.limit,
        }
        if request.kind is not None:
            condition += f" AND {self._column('jenis')} = :kind"
            parameters["kind"] = request.kind
        tail = f" ORDER BY {book}, {number} LIMIT :limit"
        return await self._fetch(condition + tail, context, parameters=parameters)

    async def _fetch(
        self,
        condition: str,
        context: Context,
        *,
        keys: Sequence[Any] | None = None,
        parameters: dict[str, Any] | None = None,
    ) -> list[RawRow]:
        statement = f"SELECT {self._selected()} FROM {self.settings.table} WHERE {condition}"
        guarded = await self.source.fetch(statement, context.call, keys=keys, parameters=parameters)
        rows = context.take(self.report, guarded)
        year = self.settings.year
        return rows if year is None else [{**row, "buku": year} for row in rows]

    async def _read_niks(self) -> None:
        column = self._column("nik")
        statement = f"SELECT DISTINCT {column} AS nik FROM {self.settings.table}"
        guarded = await self.source.fetch(statement, CallContext(caller="simpul"))
        if guarded.value is None:
            if self._niks is not None:
                self._niks = replace(self._niks, stale=guarded.error)
            return
        spellings: dict[str, list[Any]] = {}
        for row in guarded.value:
            nik = nik_of(row)
            if nik is not None:
                spellings.setdefault(nik, []).append(row["nik"])
        self._spellings = spellings
        self._niks = KnownNiks(frozenset(spellings), datetime.now(UTC))

    def _selected(self) -> str:
        # No text of a request: the settings' names are checked to be plain names.
        return ", ".join(
            f"{column} AS {field}" for column, field in self.settings.columns.items() if field
        )

    def _column(self, field: str) -> str:
        for column, name in self.settings.columns.items():
            if name == field:
                return column
        return str(self.settings.year) if field == "buku" and self.settings.year else "NULL"


def _spell_day(day: date) -> tuple[str, ...]:
    return (day.isoformat(), day.strftime("%d-%m-%Y"), day.strftime("%d/%m/%Y"))
