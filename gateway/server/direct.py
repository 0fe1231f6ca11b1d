"""One request to the graph and its answer, without ASGI: a head and a body in, a whole reply out.

In: a request that has been read whole, and the endpoint. Out: bytes to the connection. ASGI would
cost as much as reading the request: a scope, two messages and four more coroutines say nothing that
the connection does not know.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Protocol, runtime_checkable

from gateway.server.answer_head import SLICE_BYTES, render_reply, render_reply_head
from gateway.server.exchange import Outlet
from gateway.server.head import RequestHead
from gateway.server.refusal import Refusal
from gateway.server.reply import Reply, build_refused

__all__ = ["DirectExchange", "DirectPaths", "Endpoint"]

logger = logging.getLogger("simpul.edge")

Endpoint = Callable[[RequestHead, bytes], Awaitable[Reply]]
"""Answers a whole request."""


@runtime_checkable
class DirectPaths(Protocol):
    """An application that answers some paths without ASGI."""

    @property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """What answers by path; all other paths are the application's own, by ASGI."""
        ...


class DirectExchange:
    """Built per request. ``run`` is a task of its own."""

    __slots__ = ("_client_left", "_outlet", "keep_alive")

    def __init__(self, outlet: Outlet, *, keep_alive: bool) -> None:
        self._outlet = outlet
        self._client_left = False
        self.keep_alive = keep_alive

    async def run(self, endpoint: Endpoint, head: RequestHead, body: bytes) -> None:
        """Answer; whatever the endpoint does, the client gets an answer."""
        try:
            reply = await endpoint(head, body)
        except asyncio.CancelledError:
            self._break_off(Refusal(503, "this gateway is stopping; try again"), head)
            raise
        except Exception as exc:  # the outermost border
            frame = traceback.extract_tb(exc.__traceback__)[-1]
            place = f"{Path(frame.filename).name}:{frame.lineno}"
            logger.error("the endpoint failed: %s at %s", type(exc).__name__, place)
            self._break_off(
                Refusal(500, "the gateway failed on this request; its log has more"), head
            )
            return
        if self._client_left:
            return
        if head.target.method == "HEAD":
            self._write_whole(reply, head)
        elif len(reply.body) > SLICE_BYTES:
            await self._write_slices(reply)
        else:
            common = self._outlet.common_headers()
            self._outlet.write(render_reply(reply, common, keep_alive=self.keep_alive))
        if not self._client_left:
            self._outlet.finish(keep_alive=self.keep_alive)

    def leave(self) -> None:
        """Note that the client is gone."""
        self._client_left = True

    def end_input(self) -> None:
        """Note that the client sends nothing more: it waits for its answer."""

    def _write_whole(self, reply: Reply, head: RequestHead) -> None:
        render = render_reply_head if head.target.method == "HEAD" else render_reply
        common = self._outlet.common_headers()
        self._outlet.write(render(reply, common, keep_alive=self.keep_alive))

    async def _write_slices(self, reply: Reply) -> None:
        """Write a large body as its client takes it: the transport copies what it cannot send."""
        common = self._outlet.common_headers()
        self._outlet.write(render_reply_head(reply, common, keep_alive=self.keep_alive))
        view = memoryview(reply.body)
        for begin in range(0, len(view), SLICE_BYTES):
            self._outlet.write(bytes(view[begin : begin + SLICE_BYTES]))
            await self._outlet.drain()
            if self._client_left:
                return

    def _break_off(self, refusal: Refusal, head: RequestHead) -> None:
        if self._client_left:
            return
        self.keep_alive = False
        self._write_whole(build_refused(refusal), head)
        self._outlet.finish(keep_alive=False)
