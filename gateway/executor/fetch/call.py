"""Calls one subgraph for one fetch, and turns whatever happens into a response.

In: a ``SubgraphRequest`` and the executors. Out: a ``SubgraphResponse``, also where the deadline
passed, the subgraph has no executor, or the executor broke: a bug in one executor costs its own
fetch and nothing else. Cancellation passes through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from adapters.contract import (
    Span,
    SubgraphError,
    SubgraphExecutor,
    SubgraphRequest,
    SubgraphResponse,
)
from adapters.errors import SourceCode, SourceTimeout
from gateway.executor.state.answer_error import INTERNAL_CODE, LIMIT_CODE
from gateway.executor.state.options import ExecutionOptions

__all__ = ["FetchAnswer", "call_subgraph", "call_together", "let_others_run", "refuse_fetch"]


_Execute: TypeAlias = Callable[[SubgraphRequest], Awaitable[SubgraphResponse]]


class FetchAnswer(msgspec.Struct, frozen=True, gc=False):
    """A response and how it came. Made per fetch, so a struct."""

    response: SubgraphResponse
    span: Span | None
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
