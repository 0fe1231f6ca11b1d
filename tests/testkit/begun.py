"""A fetch that is under way without a task: ``contract.Begun`` as a test wants it.

In: how to answer, and whether that fails first. Out: a ``Begun`` whose answer comes when the test
says so, or so many turns of the loop later. ``held`` tells whether it still holds a place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from adapters.contract import SubgraphResponse

__all__ = ["FakeBegun"]

Answering = Callable[[], Coroutine[Any, Any, SubgraphResponse]]


class FakeBegun:
    """One fetch under way; ``answering`` must not wait where ``finish`` is to give its answer."""

    def __init__(self, answering: Answering, *, fails: bool = False) -> None:
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.fails = fails
        self.held = True
        self._answering = answering

    def come(self, turns: int = 0) -> None:
        """Let the answer come, ``turns`` turns of the loop later."""
        if turns:
            asyncio.get_running_loop().call_soon(self.come, turns - 1)
        elif not self.answer.done() and self.fails:
            self.answer.set_exception(ConnectionError("reset"))
        elif not self.answer.done():
            self.answer.set_result(None)

    def finish(self) -> SubgraphResponse | None:
        """Give the answer, unless it failed."""
        assert self.answer.done()
        if self.answer.exception() is not None:
            return None
        self.held = False
        try:
            self._answering().send(None)
        except StopIteration as end:
            response: SubgraphResponse = end.value
            return response
        raise AssertionError("it waits")

    async def recover(self) -> SubgraphResponse:
        """Answer at the second attempt."""
        assert self.answer.exception() is not None
        try:
            return await self._answering()
        finally:
            self.held = False

    def quit(self) -> None:
        """Leave."""
        self.held = False
        if self.answer.done() and not self.answer.cancelled():
            self.answer.exception()
