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
from adapters.http_client import (
    HttpAttempt,
    HttpClient,
    HttpResponse,
    Pool,
    render_head,
    render_request,
    split_url,
    status_error,
)
from adapters.sources.http_auth import Auth, Headers, StaticAuth, TokenRejected

__all__ = ["FindError", "HttpSource"]

FindError = Callable[[Any], SourceError | None]
"""Finds an error told in a well-formed answer; None if there is none."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_JSON = ("content-type", "application/json")


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
        self._origin, target = split_url(base_url)
        self._prefix = target.rstrip("/")
        self._client = client
        self._guard = guard
        self.auth = auth or StaticAuth()
        self._headers = (("accept", "application/json"), *headers)
        self._tls = tls
        self._pool: Pool | None = None
        self._find_error = find_error

    async def get_json(
        self,
        path: str,
        call: CallContext,
        *,
        query: Iterable[tuple[str, str]] = (),
        units: int = 1,
        absent_is_null: bool = False,
    ) -> Guarded[Any]:
        """GET ``base/path?query`` and decode the answer.

        ``absent_is_null``: a 404 tells that there is no such record, and is None.
        """
        text = urlencode(list(query))
        target = f"{_quoted(path)}?{text}" if text else _quoted(path)
        question = _Question(self, "GET", target, None, absent_is_null=absent_is_null)
        key = ("GET", target, absent_is_null)
        return await self._guard.ask(question, call, key=key, read=True, units=units)

    async def post_json(
        self, path: str, body: Any, call: CallContext, *, read: bool = True, units: int = 1
    ) -> Guarded[Any]:
        """POST ``body`` as JSON to ``base/path`` and decode the answer.

        ``read=False`` for what changes something: it is neither shared nor tried again.
        """
        encoded, target = msgspec.json.encode(body), _quoted(path)
        question = _Question(self, "POST", target, encoded)
        key = ("POST", target, encoded) if read else None
        return await self._guard.ask(question, call, key=key, read=read, units=units)

    async def aclose(self) -> None:
        """End a token's flight; idempotent."""
        await self.auth.aclose()

    def pool(self) -> Pool:
        """Give the connections to ask over; raises ``HttpError``."""
        if self._pool is None:
            self._pool = self._client.pool(self._origin, self._tls)
        return self._pool

    def head(self, method: str, target: str, headers: Headers) -> bytes:
        """Write a request's head; raises ``HttpError``."""
        authority = self.pool().origin.authority
        return render_head(method, self._prefix + target, authority, (*self._headers, *headers))

    def read(self, response: HttpResponse) -> Any:
        """Decode the answer; raises ``SourceError`` for what it or its status tells."""
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


class _Question(HttpAttempt[Any]):
    """One request, as a question to the source."""

    __slots__ = ("_absent_is_null", "_body", "_credentials", "_method", "_source", "_target")

    # What is sent twice is paid for twice: the guard repeats, and counts.
    may_repeat = False

    def __init__(
        self,
        source: HttpSource,
        method: str,
        target: str,
        body: bytes | None,
        *,
        absent_is_null: bool = False,
    ) -> None:
        self._source = source
        self._absent_is_null = absent_is_null
        self._method = method
        self._target = target
        self._body = body
        self._credentials: Headers | None = None  # sent last, or to be sent next

    async def prepare(self, seconds: float) -> None:
        """Wait for the credentials; raises ``SourceError``."""
        self._credentials = await self._source.auth.headers(seconds)

    def render(self) -> tuple[Pool, bytes] | None:
        """Write the request, if the credentials are at hand."""
        credentials = self._credentials or self._source.auth.current()
        if credentials is None:
            return None
        self._credentials = credentials
        headers = credentials if self._body is None else (*credentials, _JSON)
        head = self._source.head(self._method, self._target, headers)
        return self._source.pool(), render_request(head, self._body)

    def read(self, answer: HttpResponse) -> Any:
        """Decode the answer; raises ``SourceError``."""
        credentials = self._credentials
        if (
            answer.status == 401
            and credentials is not None
            and self._source.auth.rejected(credentials)
        ):
            text = f'source "{self._source.name}" rejected our token'
            raise TokenRejected(text, retry_after=0)
        if self._absent_is_null and answer.status == 404:
            return None
        return self._source.read(answer)


def _quoted(path: str) -> str:
    """Percent-encode what a path may not hold; what is encoded already stays."""
    return quote("/" + path.lstrip("/"), safe="/%:@!$&'()*+,;=~-._")
