"""REST and JSON over HTTP, as legacy systems speak it.

In: a path, a query or a JSON body, and who asks. Out: ``Guarded`` decoded JSON. Equal reads in
flight are one call, so what comes back is shared: treat it as read-only. An error told inside a
200 is found by the ``find_error`` of the adapter, within the guard, so that breaker and retry see
it. Paths and bodies may carry personal numbers: no error repeats them.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from adapters.contract import CallContext, Guard, Guarded
from adapters.errors import BadRecord, SourceError
from adapters.http_client import HttpClient, HttpError, HttpResponse, source_error, status_error
from adapters.sources.http_auth import Auth, Headers, StaticAuth, TokenRejected

__all__ = ["FindError", "HttpSource"]

FindError = Callable[[Any], SourceError | None]
"""Finds an error told in a well-formed answer; None if there is none."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_DEFAULT_SECONDS = 30.0


class HttpSource:
    """One REST source. Client and guard are lent: their owner closes them."""

    def __init__(
        self,
        name: str,
        base_url: str,
        client: HttpClient,
        guard: Guard,
        *,
        auth: Auth | None = None,
        headers: Headers = (),
        tls: ssl.SSLContext | None = None,
        find_error: FindError | None = None,
    ) -> None:
        self.name = name
        self._base = base_url.rstrip("/")
        self._client = client
        self._guard = guard
        self._auth = auth or StaticAuth()
        self._headers = (("accept", "application/json"), *headers)
        self._tls = tls
        self._find_error = find_error

    async def get_json(
        self,
        path: str,
        call: CallContext,
        *,
        query: Iterable[tuple[str, str]] = (),
        units: int = 1,
    ) -> Guarded[Any]:
        """GET ``base/path?query`` and decode the answer."""
        text = urlencode(list(query))
        target = f"{_quoted(path)}?{text}" if text else _quoted(path)
        return await self._run("GET", target, None, call, read=True, units=units)

    async def post_json(
        self, path: str, body: Any, call: CallContext, *, read: bool = True, units: int = 1
    ) -> Guarded[Any]:
        """POST ``body`` as JSON to ``base/path`` and decode the answer.

        ``read=False`` for what changes something: it is neither shared nor tried again.
        """
        encoded = msgspec.json.encode(body)
        return await self._run("POST", _quoted(path), encoded, call, read=read, units=units)

    async def aclose(self) -> None:
        """End a token's flight; idempotent."""
        await self._auth.aclose()

    async def _run(
        self,
        method: str,
        target: str,
        body: bytes | None,
        call: CallContext,
        *,
        read: bool,
        units: int,
    ) -> Guarded[Any]:
        async def attempt(seconds: float | None) -> Any:
            return await self._attempt(method, target, body, seconds or _DEFAULT_SECONDS)

        key = (method, target, body) if read else None
        return await self._guard.run(attempt, call, key=key, read=read, units=units)

    async def _attempt(self, method: str, target: str, body: bytes | None, seconds: float) -> Any:
        credentials = await self._auth.headers(seconds)
        headers = (*self._headers, *credentials)
        if body is not None:
            headers = (*headers, ("content-type", "application/json"))
        try:
            response = await self._client.request(
                method,
                self._base + target,
                headers=headers,
                body=body,
                timeout_seconds=seconds,
                tls=self._tls,
                # What is sent twice is paid for twice: the guard repeats, and counts.
                idempotent=False,
            )
        except HttpError as error:
            raise source_error(error) from error
        if response.status == 401 and self._auth.rejected(credentials):
            raise TokenRejected(f'source "{self.name}" rejected our token', retry_after=0)
        return self._read(response)

    def _read(self, response: HttpResponse) -> Any:
        failure = status_error(response, f'source "{self.name}"')
        if failure is not None:
            raise failure
        try:
            answer = msgspec.json.decode(response.body.removeprefix(_BYTE_ORDER_MARK))
        except (ValueError, RecursionError) as error:
            raise BadRecord(f'source "{self.name}" answered with what is no JSON') from error
        told = None if self._find_error is None else self._find_error(answer)
        if told is not None:
            raise told
        return answer


def _quoted(path: str) -> str:
    """Percent-encode what a path may not hold; what is encoded already stays."""
    return quote("/" + path.lstrip("/"), safe="/%:@!$&'()*+,;=~-._")
