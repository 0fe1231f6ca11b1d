"""Calls one subgraph for one fetch, and turns whatever happens into a response.

In: a ``SubgraphRequest`` and the executors. Out: a ``SubgraphResponse``, also where the deadline
passed, the subgraph has no executor, or the executor broke: a bug in one executor costs its own
fetch and nothing else. Cancellation passes through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

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

__all__ = ["FetchAnswer", "call_subgraph", "refuse_fetch"]


class FetchAnswer(NamedTuple):
    """A response and how it came."""

    response: SubgraphResponse
    span: Span | None
    was_sent: bool


async def call_subgraph(
    request: SubgraphRequest,
    executors: Mapping[str, SubgraphExecutor],
    options: ExecutionOptions,
) -> FetchAnswer:
    """Execute ``request`` within its deadline. Raises only on cancellation."""
    clock = asyncio.get_running_loop().time
    started = clock()
    deadline = request.call.deadline
    if deadline is not None and deadline <= started:
        return _failed(SourceCode.BATAS_WAKTU)

    async def ask(_: float | None = None) -> SubgraphResponse:
        return await executors[request.subgraph].execute(request)

    try:
        if deadline is None:
            response = await ask()
        else:
            response = await options.deadlines.limit(ask, deadline - started)
    except SourceTimeout:
        return _failed(SourceCode.BATAS_WAKTU, (started, clock()), was_sent=True)
    except Exception as bug:
        options.on_bug(request.subgraph, options.error_id, bug)
        return _failed(INTERNAL_CODE, (started, clock()), was_sent=True)
    return FetchAnswer(response, (started, clock()), was_sent=True)


def refuse_fetch() -> FetchAnswer:
    """Answer for a fetch that is over the limit of the operation."""
    return _failed(LIMIT_CODE)


def _failed(code: str, span: Span | None = None, *, was_sent: bool = False) -> FetchAnswer:
    """Make a response without data; its error gets the fixed text of its code."""
    response = SubgraphResponse(data=None, errors=(SubgraphError("", code),))
    return FetchAnswer(response, span, was_sent)
