"""The client: one pool per origin, one call per request.

In: ``request(method, url, …)``. Out: the whole answer, whatever its status; redirects are not
followed, because an upstream must not choose whom we ask. Raises ``HttpError``.
"""

from __future__ import annotations

import asyncio
import ssl

from adapters.http_client.errors import ConnectFailed
from adapters.http_client.message import (
    Headers,
    HttpLimits,
    HttpResponse,
    parse_origin,
    render_head,
    render_request,
    split_url,
)
from adapters.http_client.pool import Pool, PoolStatus
from adapters.http_client.tls import trusting_context

__all__ = ["HttpClient"]

_IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})


class HttpClient:
    """Asks any number of origins; belongs to one event loop."""

    def __init__(self, limits: HttpLimits | None = None) -> None:
        self._limits = limits or HttpLimits()
        self._pools: dict[tuple[str, ssl.SSLContext | None], Pool] = {}
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
        pool = self.pool(base, tls)
        head = render_head(method, target, pool.origin.authority, headers)
        seconds = self._limits.timeout_seconds if timeout_seconds is None else timeout_seconds
        return await pool.send(
            render_request(head, body),
            asyncio.get_running_loop().time() + seconds,
            may_repeat=method in _IDEMPOTENT if idempotent is None else idempotent,
            bodiless=method == "HEAD",
        )

    def pool(self, base: str, tls: ssl.SSLContext | None = None) -> Pool:
        """Give the pool of ``base``, made at its first use.

        Raises ``InvalidRequest`` for what is no URL, ``ConnectFailed`` once the client is closed.
        """
        pool = self._pools.get((base, tls))
        if pool is None:
            origin = parse_origin(base)
            if self._closed:
                raise ConnectFailed(f"the client was closed before {origin} was asked")
            context = self._tls(tls) if origin.scheme == "https" else None
            pool = self._pools[base, tls] = Pool(origin, self._limits, context)
        return pool

    def status(self) -> dict[str, PoolStatus]:
        """How each pool stands, by ``host:port``."""
        return {str(pool.origin): pool.status for pool in self._pools.values()}

    async def drop(self, tls: ssl.SSLContext) -> None:
        """Cut the connections made under ``tls``, which is not used any more."""
        for key in [key for key in self._pools if key[1] is tls]:
            await self._pools.pop(key).aclose()

    async def aclose(self) -> None:
        """Cut all connections; idempotent."""
        self._closed = True
        for pool in tuple(self._pools.values()):
            await pool.aclose()
        self._pools.clear()

    def _tls(self, tls: ssl.SSLContext | None) -> ssl.SSLContext:
        if tls is not None:
            return tls
        if self._default_tls is None:
            self._default_tls = trusting_context()
        return self._default_tls
