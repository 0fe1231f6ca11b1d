"""REST and JSON over HTTP, as legacy systems speak it.

In: a path, a query or a JSON body, and who asks. Out: ``Guarded`` decoded JSON. Equal reads in
flight are one call, so what comes back is shared: treat it as read-only. An error told inside a
200 is found by the ``find_error`` of the adapter, within the guard, so that breaker and retry see
it. Paths and bodies may carry personal numbers: no error repeats them. Where the answer's head says
how to go on (a Link header), ``ask_json`` gives that beside the value.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec
from msgspec import structs

from adapters.contract import CallContext, Guard, Guarded
from adapters.errors import BadRecord, RecordNotFound, SourceError
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
from adapters.sources.http_links import find_next_link
from adapters.sources.http_signing import HmacSigning

__all__ = ["FindError", "HttpSource", "JsonAnswer"]

FindError = Callable[[Any], SourceError | None]
"""Finds an error told in a well-formed answer; None if there is none."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_JSON = ("content-type", "application/json")


class JsonAnswer(NamedTuple):
    """What came, decoded, and where it goes on."""

    value: Any
    next_link: str | None = None  # of the Link header, as the service wrote it


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
        signing: HmacSigning | None = None,
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
        self._signing = signing

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

        ``absent_is_null``: a 404 says that there is no such record, and is None, as is an error
        that a read is told as ``RecordNotFound``.
        """
        guarded = await self.ask_json(
            path, call, query=query, units=units, absent_is_null=absent_is_null
        )
        return _value_of(guarded)

    async def post_json(
        self, path: str, body: Any, call: CallContext, *, read: bool = True, units: int = 1
    ) -> Guarded[Any]:
        """POST ``body`` as JSON to ``base/path`` and decode the answer.

        ``read=False`` for what changes something: it is neither shared nor tried again.
        """
        return _value_of(await self.ask_json(path, call, body=body, read=read, units=units))

    async def ask_json(
        self,
        path: str,
        call: CallContext,
        *,
        query: Iterable[tuple[str, str]] = (),
        body: Any = None,
        read: bool = True,
        units: int = 1,
        absent_is_null: bool = False,
    ) -> Guarded[JsonAnswer]:
        """GET, or POST ``body`` if there is one, and give what came with where it goes on."""
        text = urlencode(list(query))
        target = f"{_quoted(path)}?{text}" if text else _quoted(path)
        method, encoded = ("GET", None) if body is None else ("POST", msgspec.json.encode(body))
        question = _Question(
            self, method, target, encoded, read=read, absent_is_null=absent_is_null
        )
        key = (method, target, encoded, absent_is_null) if read else None
        return await self._guard.ask(question, call, key=key, read=read, units=units)

    async def aclose(self) -> None:
        """End a token's flight; idempotent."""
        await self.auth.aclose()

    def pool(self) -> Pool:
        """Give the connections to ask over; raises ``HttpError``."""
        if self._pool is None:
            self._pool = self._client.pool(self._origin, self._tls)
        return self._pool

    def render(self, method: str, target: str, body: bytes | None, credentials: Headers) -> bytes:
        """Write one attempt, signed at this moment; raises ``HttpError``."""
        authority, target = self.pool().origin.authority, self._prefix + target
        headers = (*self._headers, *credentials, *((_JSON,) if body is not None else ()))
        if self._signing is not None:
            headers += self._signing.sign(method, target, body)
        return render_request(render_head(method, target, authority, headers), body)

    def read(self, response: HttpResponse) -> JsonAnswer:
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
        link = response.header("link")
        return JsonAnswer(answer, None if link is None else find_next_link(link))


class _Question(HttpAttempt[JsonAnswer]):
    """One request, as a question to the source."""

    __slots__ = (
        "_absent_is_null",
        "_body",
        "_credentials",
        "_method",
        "_reads",
        "_source",
        "_target",
    )

    # What is sent twice is paid for twice: the guard repeats, and counts.
    may_repeat = False

    def __init__(
        self,
        source: HttpSource,
        method: str,
        target: str,
        body: bytes | None,
        *,
        read: bool,
        absent_is_null: bool,
    ) -> None:
        self._source = source
        self._reads = read
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
        request = self._source.render(self._method, self._target, self._body, credentials)
        return self._source.pool(), request

    def read(self, answer: HttpResponse) -> JsonAnswer:
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
            return JsonAnswer(None)
        try:
            return self._source.read(answer)
        except RecordNotFound:
            if self._reads:
                return JsonAnswer(None)
            raise


def _value_of(guarded: Guarded[JsonAnswer]) -> Guarded[Any]:
    """Leave out where it goes on."""
    if guarded.value is None:
        return guarded
    return structs.replace(guarded, value=guarded.value.value)


def _quoted(path: str) -> str:
    """Percent-encode what a path may not hold; what is encoded already stays."""
    return quote("/" + path.lstrip("/"), safe="/%:@!$&'()*+,;=~-._")
