"""Calls one subgraph for one fetch, and turns whatever happens into a response.

In: a ``SubgraphRequest`` and the executors. Out: a ``SubgraphResponse``, also where the deadline
passed, the subgraph has no executor, or the executor broke: a bug in one executor costs its own
fetch and nothing else. Cancellation passes through.

``call_subgraph`` does it all in the caller's coroutine. Where an executor can send at once
(``contract.EagerExecutor``), ``begin_call`` lets several be under way in one task.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from adapters.contract import (
    Begun,
    Span,
    SubgraphError,
    SubgraphExecutor,
    SubgraphRequest,
    SubgraphResponse,
)
from adapters.errors import SourceCode, SourceTimeout
from gateway.executor.state.answer_error import INTERNAL_CODE, LIMIT_CODE
from gateway.executor.state.options import ExecutionOptions

__all__ = [
    "FetchAnswer",
    "FetchCall",
    "begin_call",
    "call_subgraph",
    "call_together",
    "let_others_run",
    "refuse_fetch",
]


_Execute: TypeAlias = Callable[[SubgraphRequest], Awaitable[SubgraphResponse]]


class FetchAnswer(msgspec.Struct, frozen=True, gc=False):
    """A response and how it came. Made per fetch, so a struct."""

    response: SubgraphResponse
    span: Span | None  # None: nothing was waited for, or the response's reports say when
    was_sent: bool


# Entities of one fetch from which on the loop serves others between the stages: finding 5,000 takes
# about five milliseconds, reading and merging them as long. Others wait for one stage, not for all.
_LARGE = 5_000
_TURNS = 3  # of the loop: in one a waiting request is read, in the next it is begun and answered


async def call_subgraph(
    request: SubgraphRequest,
    executors: Mapping[str, SubgraphExecutor],
    options: ExecutionOptions,
) -> FetchAnswer:
    """Execute ``request`` within its deadline. Raises only on cancellation.

    An executor that keeps deadlines itself is not cut: watching it costs a small fetch a tenth.
    """
    clock = options.clock
    started = clock()
    deadline = request.call.deadline
    if deadline is not None and deadline <= started:
        return _failed(SourceCode.BATAS_WAKTU)

    try:
        execute: _Execute = executors[request.subgraph].execute
        if request.representations is not None and len(request.representations) > _LARGE:
            execute = _in_stages(execute)
        if deadline is None or request.subgraph in options.punctual:
            response = await execute(request)
        else:
            response = await options.deadlines.limit(lambda _: execute(request), deadline - started)
    except SourceTimeout:
        return _failed(SourceCode.BATAS_WAKTU, (started, clock()), was_sent=True)
    except Exception as bug:
        options.on_bug(request.subgraph, options.error_id, bug)
        return _failed(INTERNAL_CODE, (started, clock()), was_sent=True)
    return FetchAnswer(response, (started, clock()), was_sent=True)


async def call_together(
    requests: Sequence[SubgraphRequest],
    executors: Mapping[str, SubgraphExecutor],
    options: ExecutionOptions,
) -> list[FetchAnswer]:
    """Execute requests at the same time. Raises only on cancellation."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(call_subgraph(each, executors, options)) for each in requests]
    return [task.result() for task in tasks]


def begin_call(
    request: SubgraphRequest,
    executors: Mapping[str, SubgraphExecutor],
    options: ExecutionOptions,
) -> FetchCall | None:
    """Send ``request`` at once; None: it was not sent, and ``call_subgraph`` is to be used."""
    begin = getattr(executors.get(request.subgraph), "begin", None)
    if begin is None or len(request.representations or ()) > _LARGE:
        return None
    if request.call.deadline is not None and request.subgraph not in options.punctual:
        return None
    begun = begin(request)
    return None if begun is None else FetchCall(request, begun, options)


class FetchCall:
    """A call under way; whoever began it waits by ``arrive``, or leaves by ``quit``.

    It is no task: who waits for several lets each be taken as soon as it comes, by ``watch``, for
    until then it holds a place at its source. Only a failure goes on in a task of its own.
    """

    __slots__ = ("_begun", "_options", "_request", "_waits_for", "answer")

    def __init__(
        self,
        request: SubgraphRequest,
        begun: Begun[SubgraphResponse],
        options: ExecutionOptions,
    ) -> None:
        self._request = request
        self._begun = begun
        self._options = options
        self._waits_for: asyncio.Future[Any] | None = begun.answer  # None: it has ended
        self.answer: FetchAnswer | None = None  # None: not there yet

    def watch(self) -> None:
        """Take the answer when it comes, whether or not anybody waits for it then."""
        if self._waits_for is not None:
            self._waits_for.add_done_callback(self._take)

    async def arrive(self) -> FetchAnswer:
        """Wait for the answer. Raises only on cancellation; ``quit`` is the caller's then."""
        while (awaited := self._waits_for) is not None:
            try:
                await awaited
            except Exception:
                self._take(awaited)  # which tells what came of it
            else:
                self._take(awaited)
        assert self.answer is not None, "it was left"
        return self.answer

    def quit(self) -> asyncio.Future[Any] | None:
        """Leave, and hold nothing; gives what still has to end, and must be awaited."""
        awaited, self._waits_for = self._waits_for, None
        if awaited is None:
            return None
        self._begun.quit()
        if awaited is self._begun.answer:
            return None
        awaited.cancel()
        return awaited

    def _take(self, done: asyncio.Future[Any]) -> None:
        """Take what ``done`` gave, once."""
        if done is not self._waits_for or done.cancelled():
            return
        response: SubgraphResponse | None
        try:
            is_first = done is self._begun.answer
            response = self._begun.finish() if is_first else done.result()
        except Exception as bug:
            self._options.on_bug(self._request.subgraph, self._options.error_id, bug)
            self.answer = _failed(INTERNAL_CODE, was_sent=True)
            self._waits_for = None
            return
        if response is not None:
            self.answer = FetchAnswer(response, None, was_sent=True)
            self._waits_for = None
        else:
            self._waits_for = asyncio.get_running_loop().create_task(self._begun.recover())
            self.watch()


def _in_stages(execute: _Execute) -> _Execute:
    """Let others run before and after a fetch of many entities."""

    async def execute_large(request: SubgraphRequest) -> SubgraphResponse:
        await let_others_run()  # behind the walk that found so many
        response = await execute(request)
        await let_others_run()  # before so many are merged
        return response

    return execute_large


async def let_others_run() -> None:
    """Give the loop its turns between two long stages."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


def refuse_fetch() -> FetchAnswer:
    """Answer for a fetch that is over the limit of the operation."""
    return _failed(LIMIT_CODE)


def _failed(code: str, span: Span | None = None, *, was_sent: bool = False) -> FetchAnswer:
    """Make a response without data; its error gets the fixed text of its code."""
    response = SubgraphResponse(data=None, errors=(SubgraphError("", code),))
    return FetchAnswer(response, span, was_sent)
