"""The client: one pool per origin, one call per request.

In: ``request(method, url, …)``. Out: the whole answer, whatever its status; redirects are not
followed, because an upstream must not choose whom we ask. Raises ``HttpError``.
"""

from __future__ import annotations

import asyncio
import ssl

from adapters.http_client.connection import Connection
from adapters.http_client.errors import ConnectFailed, ConnectionLost
from adapters.http_client.message import (
    Headers,
    HttpLimits,
    HttpResponse,
    parse_origin,
    render_request,
    split_url,
)
from adapters.http_client.pool import Pool, PoolStatus
from adapters.http_client.tls import trusting_context

__all__ = ["HttpClient"]

_IDEMPOTENT = frozenset({"GET", "PUT", "DELETE", "OPTIONS"})


class HttpClient:
    """Asks any number of origins; belongs to one event loop."""

    def __init__(self, limits: HttpLimits | None = None) -> None:
        self._limits = limits or HttpLimits()
        self._pools: dict[tuple[str, ssl.SSLContext | None], tuple[str, Pool]] = {}
        self._default_tls: ssl.SSLContext | None = None
        self._closed = False

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Headers = (),
        body: bytes | None = None,
        timeout_seconds: float | None = None,
        tls: ssl.SSLContext | None = None,
        idempotent: bool | None = None,
    ) -> HttpResponse:
        """Ask once, and give the whole answer within ``timeout_seconds`` (default: the limits').

        If a kept connection turns out to have been closed before the answer's first byte, the
        request is sent once more on another, provided that it is ``idempotent`` (default: by
        method).
        """
        base, target = split_url(url)
        authority, pool = self._pool(base, tls)
        request = render_request(method, target, authority, headers, body)
        seconds = self._limits.timeout_seconds if timeout_seconds is None else timeout_seconds
        deadline = asyncio.get_running_loop().time() + seconds
        may_repeat = method in _IDEMPOTENT if idempotent is None else idempotent
        while True:
            connection = await pool.acquire(deadline)
            if not connection.is_usable:
                continue  # closed between being handed over and being used: nothing was sent
            try:
                return await _exchange(connection, request, deadline)
            except ConnectionLost as lost:
                # Each turn uses up one kept connection, and a fresh one is never "untouched".
                if not (lost.untouched and may_repeat):
                    raise

    def status(self) -> dict[str, PoolStatus]:
        """How each pool stands, by ``host:port``."""
        return {str(pool.origin): pool.status for _, pool in self._pools.values()}

    async def aclose(self) -> None:
        """Cut all connections; idempotent."""
        self._closed = True
        for _, pool in tuple(self._pools.values()):
            await pool.aclose()
        self._pools.clear()

    def _pool(self, base: str, tls: ssl.SSLContext | None) -> tuple[str, Pool]:
        entry = self._pools.get((base, tls))
        if entry is None:
            origin = parse_origin(base)
            if self._closed:
                raise ConnectFailed(f"the client was closed before {origin} was asked")
            context = self._tls(tls) if origin.scheme == "https" else None
            entry = (origin.authority, Pool(origin, self._limits, context))
            self._pools[base, tls] = entry
        return entry

    def _tls(self, tls: ssl.SSLContext | None) -> ssl.SSLContext:
        if tls is not None:
            return tls
        if self._default_tls is None:
            self._default_tls = trusting_context()
        return self._default_tls


async def _exchange(connection: Connection, request: bytes, deadline: float) -> HttpResponse:
    answer = connection.exchange(request, deadline)
    try:
        return await answer
    except asyncio.CancelledError:
        connection.abandon(answer)
        raise
