"""The calls to the registry, one number each, behind their guards.

In: a method and a number. Out: rows; raises ``SourceError``. The registry has no bulk method, so
many keys are many calls, never more in parallel than the guard's cap; within one fetch no number
is asked twice by the same method.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

from adapters.dukcapil.settings import DukcapilSettings
from adapters.dukcapil.wire import Method, Row, build_body, find_error, rows_of
from adapters.errors import SourceError, SourceUnavailable
from adapters.http_client import HttpClient, trusting_context
from adapters.kit.adapter import Opening
from adapters.kit.context import Context
from adapters.resilience.guard import SourceGuard
from adapters.sources.http import HttpSource

__all__ = ["READ_SOURCE", "VERIFY_SOURCE", "Dukcapil", "open_dukcapil"]

READ_SOURCE = "dukcapil"
VERIFY_SOURCE = "dukcapil/verifikasi"

_PARALLEL = 8
"""Calls at the same time: the registry serves many institutions and is known to go silent under
load. Doubled, a family tree is answered somewhat sooner and the registry notices us."""


class Dukcapil:
    """The registry, opened."""

    def __init__(
        self,
        settings: DukcapilSettings,
        client: HttpClient,
        guards: tuple[SourceGuard, SourceGuard],
        tls: ssl.SSLContext | None,
        *,
        owns_client: bool,
    ) -> None:
        self._path = f"/dukcapil/get_json/{settings.wilayah}/{settings.instansi}"
        self._credentials = {
            "user_id": settings.user_id,
            "password": settings.password.get_secret_value(),
            "ip_user": settings.ip_user,
        }
        self._client = client
        self._guards = guards
        self._owns_client = owns_client
        self._read = HttpSource(READ_SOURCE, settings.url, client, guards[0], find_error=find_error)
        self._verify = settings.verify_url and HttpSource(
            VERIFY_SOURCE, settings.verify_url, client, guards[1], tls=tls, find_error=find_error
        )

    async def rows(self, method: Method, number: str, context: Context) -> list[Row]:
        """Give the rows of one number; none if the registry has none. Raises ``SourceError``."""
        known = context.memo.get((method, number))
        if known is None:
            known = await self._ask(method, number, context)
            context.memo[method, number] = known
        if isinstance(known, SourceError):
            raise known
        rows: list[Row] = known
        return rows

    async def verify(self, number: str, claims: dict[str, Any], context: Context) -> list[Row]:
        """Give the verdict row on ``claims``; none if there is no such NIK."""
        if not self._verify:
            raise SourceUnavailable('the registry\'s verification is not configured: "verify_url"')
        body = build_body(Method.VERIFY, number, self._credentials, **claims)
        guarded = await self._verify.post_json(f"{self._path}/{Method.VERIFY}", body, context.call)
        return rows_of(context.take(VERIFY_SOURCE, guarded))

    async def aclose(self) -> None:
        """End the flights and close what is ours; idempotent."""
        for guard in self._guards:
            await guard.aclose()
        if self._owns_client:
            await self._client.aclose()

    async def _ask(self, method: Method, number: str, context: Context) -> list[Row] | SourceError:
        body = build_body(method, number, self._credentials)
        guarded = await self._read.post_json(f"{self._path}/{method}", body, context.call)
        try:
            return rows_of(context.take(READ_SOURCE, guarded))
        except SourceError as error:
            return error


async def open_dukcapil(settings: DukcapilSettings, opening: Opening) -> Dukcapil:
    """Open the registry."""
    tls = None
    if settings.verify_ca is not None:
        path = opening.base / settings.verify_ca
        tls = trusting_context(await asyncio.to_thread(path.read_text, "ascii"))
    client = opening.client or HttpClient()
    guards = (
        opening.new_guard(READ_SOURCE, settings.guard, parallel=_PARALLEL),
        opening.new_guard(VERIFY_SOURCE, settings.verify_guard, parallel=_PARALLEL),
    )
    return Dukcapil(settings, client, guards, tls, owns_client=opening.client is None)
