"""Asks a federated subgraph over HTTP.

In: a ``SubgraphRequest``. Out: a ``SubgraphResponse``, whatever the upstream did. The answer is
read inside the guard, so that an unreadable one counts against the source; a follower of a shared
flight reads the bytes again for itself, because what an operation got it may change.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator

from adapters.contract import (
    Guard,
    Guarded,
    SourceReport,
    SourceStatus,
    Span,
    SubgraphError,
    SubgraphRequest,
    SubgraphResponse,
)
from adapters.errors import AccessDenied, SourceError
from adapters.http_client import HttpClient, HttpError, HttpResponse, source_error
from adapters.remote.wire import Answer, encode_request, read_answer

__all__ = ["RemoteExecutor"]

_HEADERS = (
    ("content-type", "application/json"),
    ("accept", "application/graphql-response+json, application/json;q=0.9"),
)
# What the client of the gateway said about its own connection and body is not true of ours.
_OUR_OWN = frozenset(
    (
        "accept",
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)


class RemoteExecutor:
    """The executor of one remote subgraph. Client and guard are lent: their owner closes them."""

    def __init__(
        self,
        name: str,
        url: str,
        client: HttpClient,
        guard: Guard,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._name = name
        self._url = url
        self._client = client
        self._guard = guard
        self._headers = (*_HEADERS, *headers)  # sent with every request, e.g. credentials
        self._tls = tls

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer one fetch. Raises only on cancellation or a bug."""
        body = encode_request(request)
        own: Answer | None = None  # stays None in a follower, whose attempt is never made

        async def attempt(seconds: float | None) -> HttpResponse:
            nonlocal own
            response = await self._ask(request, body, seconds)
            own = read_answer(request, response)
            return response

        key = None if request.is_mutation else body
        guarded = await self._guard.run(
            attempt, request.call, key=key, read=not request.is_mutation
        )
        if guarded.value is None:
            return self._failed(guarded)
        if own is None:
            try:
                own = read_answer(request, guarded.value)
            except SourceError as error:
                return self._failed(Guarded(None, error, guarded.calls, guarded.span))
        report = SourceReport(self._name, calls=guarded.calls, spans=_spans(guarded))
        return SubgraphResponse(own.data, own.errors, guarded.value.body, reports=(report,))

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Yield one refusal: subscriptions to remote subgraphs are not spoken yet."""
        text = f'subgraph "{self._name}" is asked over HTTP, which carries no subscriptions'
        yield SubgraphResponse(None, (SubgraphError(text, "SUMBER_TIDAK_TERSEDIA"),))

    async def aclose(self) -> None:
        """Hold nothing open; idempotent."""

    async def _ask(
        self, request: SubgraphRequest, body: bytes, seconds: float | None
    ) -> HttpResponse:
        forwarded = request.call.headers
        headers = self._headers
        if forwarded:
            headers = (*headers, *(pair for pair in forwarded if pair[0] not in _OUR_OWN))
        try:
            return await self._client.request(
                "POST",
                self._url,
                headers=headers,
                body=body,
                timeout_seconds=seconds,
                tls=self._tls,
                idempotent=not request.is_mutation,
            )
        except HttpError as error:
            raise source_error(error) from error

    def _failed(self, guarded: Guarded[HttpResponse]) -> SubgraphResponse:
        error = guarded.error
        assert error is not None
        denied = isinstance(error, AccessDenied)
        report = SourceReport(
            self._name,
            SourceStatus.DENIED if denied else SourceStatus.UNAVAILABLE,
            error.code,
            guarded.calls,
            _spans(guarded),
        )
        failure = SubgraphError(f'subgraph "{self._name}": {error}', error.code)
        return SubgraphResponse(None, (failure,), reports=(report,))


def _spans(guarded: Guarded[HttpResponse]) -> tuple[Span, ...]:
    return () if guarded.span is None else (guarded.span,)
