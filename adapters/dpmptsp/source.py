"""The agency's licence collection: filters of up to 100 values, pages without a total.

In: filters. Out: records, page by page; raises ``SourceError``. The collection says only whether
there is a next page, so a whole answer is walked to its end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

from adapters.dpmptsp.settings import DpmptspSettings
from adapters.errors import BadRecord, SourceError
from adapters.http_client import HttpClient
from adapters.kit.adapter import Opening
from adapters.kit.context import Context
from adapters.kit.normalize.area_name import AreaNames, load_area_names
from adapters.resilience.guard import SourceGuard
from adapters.sources.http import HttpSource
from adapters.sources.oauth2 import OAuth2, OAuth2Credentials

__all__ = ["PAGE_SIZE", "SOURCE", "Dpmptsp", "RecordPage", "open_dpmptsp"]

SOURCE = "dpmptsp"
PAGE_SIZE = 100  # the most that the agency gives at once, and the most values of one filter

_PATH = "/api/v1/licences"
_PARALLEL = 10

Filters = Sequence[tuple[str, str]]


class RecordPage(NamedTuple):
    """One page of the collection."""

    records: list[dict[str, Any]]
    has_next: bool


class Dpmptsp:
    """The agency, opened."""

    def __init__(
        self,
        source: HttpSource,
        guard: SourceGuard,
        areas: AreaNames,
        own_client: HttpClient | None,
    ) -> None:
        self.areas = areas
        self._source = source
        self._guard = guard
        self._own_client = own_client

    async def page(
        self, filters: Filters, number: int, context: Context, sort: str = "id"
    ) -> RecordPage:
        """Give one page, counted from 1. Raises ``SourceError``."""
        query = [*filters, ("sort", sort), ("limit", str(PAGE_SIZE)), ("page", str(number))]
        guarded = await self._source.get_json(_PATH, context.call, query=query)
        answer = context.take(SOURCE, guarded)
        return RecordPage(answer["data"], answer["links"]["next"] is not None)

    async def all(self, filters: Filters, context: Context) -> list[dict[str, Any]]:
        """Walk all pages. Raises ``SourceError``."""
        records: list[dict[str, Any]] = []
        number, has_next = 1, True
        while has_next:
            page = await self.page(filters, number, context)
            records += page.records
            number, has_next = number + 1, page.has_next and bool(page.records)
        return records

    async def aclose(self) -> None:
        """End the flights and close what is ours; idempotent."""
        await self._source.aclose()
        await self._guard.aclose()
        if self._own_client is not None:
            await self._own_client.aclose()


async def open_dpmptsp(settings: DpmptspSettings, opening: Opening) -> Dpmptsp:
    """Open the agency's service."""
    client = opening.client or HttpClient()
    guard = opening.new_guard(SOURCE, settings.guard, parallel=_PARALLEL)
    credentials = OAuth2Credentials(
        f"{settings.url.rstrip('/')}/oauth/token",
        settings.username,
        settings.password.get_secret_value(),
        settings.client_id,
        settings.client_secret.get_secret_value(),
    )
    source = HttpSource(
        SOURCE,
        settings.url,
        client,
        guard,
        auth=OAuth2(credentials, client),
        find_error=_find_error,
    )
    areas = await asyncio.to_thread(load_area_names)
    return Dpmptsp(source, guard, areas, None if opening.client else client)


def _find_error(answer: Any) -> SourceError | None:
    """Find out whether a 200 is a page at all."""
    if not isinstance(answer, dict):
        return BadRecord("the licensing agency's answer is no page")
    records, links = answer.get("data"), answer.get("links")
    is_page = isinstance(records, list) and all(isinstance(r, dict) for r in records)
    if not is_page or not isinstance(links, dict) or "next" not in links:
        return BadRecord("the licensing agency's answer is no page")
    return None
