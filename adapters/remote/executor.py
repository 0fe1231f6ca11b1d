"""Asks a federated subgraph over HTTP.

In: a ``SubgraphRequest``. Out: a ``SubgraphResponse``, whatever the upstream did. The answer is
read inside the guard, so that an unreadable one counts against the source; a follower of a shared
flight reads the bytes again for itself, because what an operation got it may change.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from typing import Any

from adapters.contract import (
    Begun,
    Guard,
    Guarded,
    SourceReport,
    SourceStatus,
    SubgraphError,
    SubgraphRequest,
    SubgraphResponse,
)
from adapters.errors import AccessDenied, SourceError
from adapters.http_client import (
    HttpAttempt,
    HttpClient,
    HttpResponse,
    Pool,
    render_head,
    render_request,
    split_url,
)
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
    """The executor of one remote subgraph. Client and guard are lent: their owner closes them.

    ``tls`` is the executor's own: nobody else connects under it.
    """

    def __init__(
        self,
        name: str,
        url: str,
        client: HttpClient,
        guard: Guard,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        tls: ssl.SSLContext | None = None,
        shares: bool = True,
    ) -> None:
        self._name = name
        self._url = url
        self._client = client
        self._guard = guard
        self._headers = (*_HEADERS, *headers)  # sent with every request, e.g. credentials
        self._tls = tls
        self._shares = shares  # equal reads at the same time are one
        self.prepared: tuple[Pool, bytes] | None = None  # None: not asked yet

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer one fetch. Raises only on cancellation or a bug."""
        question = _Question(self, request, encode_request(request))
        key, read = self._key(question), question.may_repeat
        guarded = await self._guard.ask(question, request.call, key=key, read=read)
        return self.respond(question, guarded)

    def begin(self, request: SubgraphRequest) -> Begun[SubgraphResponse] | None:
        """Send one fetch if nothing stands in the way; None: use ``execute``."""
        question = _Question(self, request, encode_request(request))
        key, read = self._key(question), question.may_repeat
        errand = self._guard.begin(question, request.call, key=key, read=read)
        return None if errand is None else _Begun(self, question, errand)

    def respond(self, question: _Question, guarded: Guarded[HttpResponse]) -> SubgraphResponse:
        """Give for the answer to ``question`` what the contract wants."""
        if guarded.value is None:
            return self._failed(guarded)
        own = question.answer
        if own is None:
            try:
                own = read_answer(question.request, guarded.value)
            except SourceError as error:
                return self._failed(Guarded(None, error, guarded.calls, guarded.span))
        spans = () if guarded.span is None else (guarded.span,)
        report = SourceReport(self._name, SourceStatus.ANSWERED, None, guarded.calls, spans)
        return SubgraphResponse(own.data, own.errors, guarded.value.body, reports=(report,))

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Yield one refusal: subscriptions to remote subgraphs are not spoken yet."""
        text = f'subgraph "{self._name}" is asked over HTTP, which carries no subscriptions'
        yield SubgraphResponse(None, (SubgraphError(text, "SUMBER_TIDAK_TERSEDIA"),))

    async def aclose(self) -> None:
        """Close what only this executor used: connections under its own ``tls``; idempotent."""
        if self._tls is not None:
            await self._client.drop(self._tls)

    def status(self) -> dict[str, int]:
        """How its connections stand, for metrics; those of one host are shared."""
        if self.prepared is None:
            return {}
        status = self.prepared[0].status
        return {f"connections_{name}": count for name, count in status._asdict().items()}

    def prepare(self) -> tuple[Pool, bytes]:
        """Find the pool, and render the head that all requests share; raises ``HttpError``."""
        base, target = split_url(self._url)
        pool = self._client.pool(base, self._tls)
        head = render_head("POST", target, pool.origin.authority, self._headers)
        self.prepared = (pool, head)
        return self.prepared

    def _key(self, question: _Question) -> bytes | None:
        """Give what equal reads at the same time are known by; None: it is not shared."""
        return question.body if question.may_repeat and self._shares else None

    def _failed(self, guarded: Guarded[HttpResponse]) -> SubgraphResponse:
        error = guarded.error
        assert error is not None
        denied = isinstance(error, AccessDenied)
        report = SourceReport(
            self._name,
            SourceStatus.DENIED if denied else SourceStatus.UNAVAILABLE,
            error.code,
            guarded.calls,
            () if guarded.span is None else (guarded.span,),
        )
        failure = SubgraphError(f'subgraph "{self._name}": {error}', error.code)
        return SubgraphResponse(None, (failure,), reports=(report,))


class _Question(HttpAttempt[HttpResponse]):
    """One fetch, as a question to the subgraph."""

    __slots__ = ("_executor", "answer", "body", "may_repeat", "request")

    def __init__(self, executor: RemoteExecutor, request: SubgraphRequest, body: bytes) -> None:
        self._executor = executor
        self.request = request
        self.body = body
        self.answer: Answer | None = None  # stays None in a follower, whose question is never put
        self.may_repeat = not request.is_mutation

    def render(self) -> tuple[Pool, bytes]:
        """Write the request under the head that all share."""
        pool, head = self._executor.prepared or self._executor.prepare()
        return pool, render_request(head, self.body, self.request.call.headers, _OUR_OWN)

    def read(self, answer: HttpResponse) -> HttpResponse:
        """Read the answer for the one who asked; raises ``SourceError``."""
        self.answer = read_answer(self.request, answer)
        return answer


class _Begun:
    """A fetch that is under way; satisfies ``contract.Begun``."""

    __slots__ = ("_errand", "_executor", "_question", "answer")

    def __init__(
        self, executor: RemoteExecutor, question: _Question, errand: Begun[Guarded[HttpResponse]]
    ) -> None:
        self._executor = executor
        self._question = question
        self._errand = errand
        self.answer: asyncio.Future[Any] = errand.answer

    def finish(self) -> SubgraphResponse | None:
        """Give the response; None: it failed."""
        guarded = self._errand.finish()
        return None if guarded is None else self._executor.respond(self._question, guarded)

    async def recover(self) -> SubgraphResponse:
        """Ask again, or tell what the failure means."""
        return self._executor.respond(self._question, await self._errand.recover())

    def quit(self) -> None:
        """Leave early."""
        self._errand.quit()
