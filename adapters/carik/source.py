"""The newest drop of the survey, in memory; and what the configuration says about it.

In: the ``settings`` of the subgraph. Out: ``Carik``, which finds families by card and by member.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import Field

from adapters.carik.mapping import HEADER, area_of, map_family, nik_of, no_kk_of
from adapters.kit.adapter import AdapterSettings, GuardOptions, Opening
from adapters.kit.context import Context
from adapters.kit.outcome import Found, Page, PageRequest
from adapters.kit.paging import pack_cursor, unpack_cursor
from adapters.resilience.guard import SourceGuard
from adapters.sources.files import FileFormat, FilesSettings, FilesSource, Table

__all__ = ["SOURCE", "Carik", "CarikSettings", "open_carik"]

SOURCE: Final = "carik"


class CarikSettings(AdapterSettings):
    """Where the drops lie, and how they are written."""

    folder: Path
    pattern: str = "CARIK_*.csv"  # of several files the one that changed last is in service
    encoding: str = "cp1252"
    delimiter: str = ";"
    refresh_seconds: float = Field(5.0, ge=0)
    guard: GuardOptions = Field(default_factory=GuardOptions)


class Carik:
    """The drop, opened."""

    def __init__(self, source: FilesSource, guard: SourceGuard) -> None:
        self._source = source
        self._guard = guard

    async def by_card(self, cards: Sequence[str], context: Context) -> dict[str, Found]:
        """Give surveyed families by family card number. Raises ``SourceError``."""
        table = await self._table(context)
        return {card: found for card in cards if (found := _family(card, table)) is not None}

    async def by_member(self, niks: Sequence[str], context: Context) -> dict[str, Found]:
        """Give the families in which these people were met. Raises ``SourceError``."""
        table = await self._table(context)
        found: dict[str, Found] = {}
        for nik in niks:
            cards = [card for row in table.find("nik", nik) if (card := no_kk_of(row)) is not None]
            family = _family(cards[0], table) if cards else None
            if family is not None:
                found[nik] = family
        return found

    async def list_area(self, code: str, page: PageRequest, context: Context) -> Page:
        """List the families of a kelurahan. Raises ``SourceError``, ``InvalidArgument``.

        They are in the order of a hash of their card numbers: a cursor names the place and nobody,
        and stays right when another drop comes into service.
        """
        table = await self._table(context)
        after = "" if page.after is None else unpack_cursor(page.after, str)[0]
        cards = {card for row in table.find("area", code) if (card := no_kk_of(row)) is not None}
        left = sorted((mark, card) for card in cards if (mark := _mark(card)) > after)
        shown = left[: page.first]
        nodes = [map_family(card, table.find("card", card)) for _, card in shown]
        end = pack_cursor(shown[-1][0]) if shown else page.after
        return Page(nodes, len(left) > len(shown), end)

    def describe(self) -> dict[str, Any]:
        """Tell which drop is in service, and why a newer one is not."""
        status = self._source.status
        return {
            "version": status.version,
            "as_of": status.as_of.isoformat() if status.as_of else None,
            "rows": status.rows,
            "skipped": status.skipped,
            "alarm": status.alarm is not None,
            "why": status.why,
        }

    async def aclose(self) -> None:
        """Close the source; idempotent."""
        await self._guard.aclose()
        await self._source.aclose()

    async def _table(self, context: Context) -> Table:
        guarded = await self._source.table(context.call)
        as_of = None if guarded.value is None else guarded.value.as_of
        return context.take(SOURCE, guarded, as_of=as_of)


async def open_carik(settings: CarikSettings, opening: Opening) -> Carik:
    """Open the folder; nothing is read yet, so a drop that is broken keeps nobody from starting."""
    guard = opening.new_guard(SOURCE, settings.guard)
    indexes: dict[str, Callable[[dict[str, Any]], str | None]] = {
        "nik": nik_of,
        "card": no_kk_of,
        "area": area_of,
    }
    described = FilesSettings(
        opening.base / settings.folder,
        settings.pattern,
        FileFormat("csv", HEADER, encoding=settings.encoding, delimiter=settings.delimiter),
        indexes,
        settings.refresh_seconds,
    )
    carik = Carik(FilesSource(SOURCE, described, guard), guard)
    opening.observed[f"{SOURCE}/drops"] = carik.describe
    return carik


def _family(card: str, table: Table) -> Found | None:
    rows = table.find("card", card)
    return Found(map_family(card, rows), as_of=table.as_of) if rows else None


def _mark(card: str) -> str:
    return hashlib.sha256(card.encode()).hexdigest()[:16]
