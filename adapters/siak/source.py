"""The database of the civil registry: what is asked of it, statement by statement.

In: NIKs, family card numbers, what is wanted. Out: rows, and the names of codes; raises
``SourceError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pydantic import Field

from adapters.kit.adapter import AdapterSettings, GuardOptions, Opening
from adapters.kit.context import Context
from adapters.kit.definition import Wanted
from adapters.resilience.guard import SourceGuard
from adapters.siak.tables import (
    FAMILY_HEAD,
    Codes,
    codes_statement,
    families_statement,
    heads_statement,
    people_statement,
    read_codes,
    sections_of,
    spell,
)
from adapters.sources.sql import (
    Row,
    SelectRows,
    SqlSettings,
    SqlSource,
    bind_terms,
    rebase_url,
)

__all__ = ["Siak", "SiakSettings", "open_siak"]

_SOURCE: Final = "siak"


class SiakSettings(AdapterSettings):
    """The database."""

    url: str = Field(description="Such as postgresql+asyncpg://… or sqlite+aiosqlite:///…")
    encoding: str | None = None  # of texts that are not UTF-8
    statement_seconds: float = Field(10.0, gt=0)
    guard: GuardOptions = Field(default_factory=GuardOptions)


class Siak:
    """The database, opened."""

    def __init__(self, source: SqlSource, guard: SourceGuard) -> None:
        self._source = source
        self._guard = guard

    async def people(
        self, numbers: Sequence[str], column: str, wanted: Wanted, context: Context
    ) -> list[Row]:
        """Give the rows of residents with one of these numbers in ``column``."""
        return await self._rows(people_statement(wanted, column), context, numbers)

    async def heads(self, cards: Sequence[str], context: Context) -> list[Row]:
        """Give the rows of the heads on these cards."""
        return await self._rows(heads_statement(), context, cards, [FAMILY_HEAD])

    async def families(self, cards: Sequence[str], context: Context) -> list[Row]:
        """Give the rows of these cards."""
        return await self._rows(families_statement(), context, cards)

    async def codes(self, wanted: Wanted, context: Context) -> Codes:
        """Give the names of the codes that are wanted; the master is small, and read each time."""
        sections = sections_of(wanted)
        if not sections:
            return {}
        return read_codes(await self._rows(codes_statement(), context, None, sections))

    async def aclose(self) -> None:
        """Close the connections; idempotent."""
        await self._guard.aclose()
        await self._source.aclose()

    async def _rows(
        self,
        statement: SelectRows,
        context: Context,
        numbers: Sequence[str] | None,
        compared: Sequence[str] = (),
    ) -> list[Row]:
        guarded = await self._source.fetch(
            statement,
            context.call,
            parameters=bind_terms([(term, compared) for term in statement.terms]),
            keys=None if numbers is None else [way for each in numbers for way in spell(each)],
        )
        rows: list[Row] = context.take(_SOURCE, guarded)
        return rows


async def open_siak(settings: SiakSettings, opening: Opening) -> Siak:
    """Open the database."""
    guard = opening.new_guard(_SOURCE, settings.guard, parallel=5)
    options = SqlSettings(
        statement_seconds=settings.statement_seconds, text_encoding=settings.encoding
    )
    url = rebase_url(settings.url, opening.base)
    return Siak(SqlSource(_SOURCE, url, guard, options), guard)
