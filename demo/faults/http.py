"""Faults of an HTTP server, put around its ASGI application.

In: requests and the fault that is switched on. Out: the application's answers, or what a broken
system sends. "refused" needs the listening socket and is done by `demo/server.py`; "quota_spent"
needs the application's own words and is read by it from the `Switchboard`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.counters import Counters

__all__ = ["Fault", "FaultyApp", "Switchboard"]


class Fault(StrEnum):
    """What may be switched on."""

    NONE = "none"
    DOWN = "down"  # takes the connection and the request, never answers
    REFUSED = "refused"  # nobody listens
    SLOW_DRIP = "slow_drip"  # the head at once, then one byte every `drip_ms`
    STALL = "stall"  # the head at once, then silence
    RESET = "reset"  # TCP reset when the request has arrived
    ERROR_500 = "500"  # an HTML error page
    GARBAGE = "garbage"  # 200 and bytes that are no JSON
    TRUNCATED = "truncated"  # half of the announced body, then the end
    QUOTA_SPENT = "quota_spent"  # the system's own "no more today"


@dataclass(slots=True)
class Switchboard:
    """What is switched on; changed by the control routes, read per request."""

    fault: Fault = Fault.NONE
    method: str = ""  # only calls of this method fail; empty: all
    drip_ms: int = 200  # between two bytes of a slow drip
    delay_ms: int = 0  # before every answer, also healthy ones
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def switch(self, fault: Fault, method: str = "") -> None:
        """Switch a fault on; requests held by the former fault are let go."""
        self.fault, self.method = fault, method
        self.changed.set()
        self.changed = asyncio.Event()

    def fault_for(self, method: str) -> Fault:
        """Tell the fault that a call of a method meets."""
        return self.fault if self.method in ("", method) else Fault.NONE


class FaultyApp:
    """Wraps an application; counts every call that arrives, broken or not."""

    def __init__(
        self,
        app: ASGIApp,
        switchboard: Switchboard,
        counters: Counters,
        abort: Callable[[Scope], None],
        name_method: Callable[[str], str],
    ) -> None:
        self._app = app
        self._switchboard = switchboard
        self._counters = counters
        self._abort = abort
        self._name_method = name_method

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        method = self._name_method(scope["path"])
        self._counters.enter(method)
        try:
            if self._switchboard.delay_ms:
                await asyncio.sleep(self._switchboard.delay_ms / 1000)
            await self._answer(method, scope, receive, send)
        finally:
            self._counters.leave(method)

    async def _answer(self, method: str, scope: Scope, receive: Receive, send: Send) -> None:
        match self._switchboard.fault_for(method):
            case Fault.NONE | Fault.QUOTA_SPENT | Fault.REFUSED:
                await self._app(scope, receive, send)
            case Fault.DOWN:
                await self._hold(receive)
                self._abort(scope)
            case Fault.RESET:
                self._abort(scope)
            case Fault.ERROR_500:
                page = b"<html><body><h1>Internal Server Error</h1></body></html>"
                await _send_whole(send, 500, b"text/html", page)
            case Fault.GARBAGE:
                await _send_whole(send, 200, b"application/json", b'\x00\xff{"content":[{"\x01')
            case Fault.SLOW_DRIP:
                await self._drip(scope, receive, send)
            case Fault.STALL:
                await self._cut(scope, receive, send, share=0.0, hold=True)
            case Fault.TRUNCATED:
                await self._cut(scope, receive, send, share=0.5, hold=False)

    async def _drip(self, scope: Scope, receive: Receive, send: Send) -> None:
        start, body = await self._collect(scope, receive)
        await send(start)
        pause = self._switchboard.drip_ms / 1000
        changed = self._switchboard.changed
        for at in range(len(body)):
            await send({"type": "http.response.body", "body": body[at : at + 1], "more_body": True})
            await _wait(changed, pause)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _cut(
        self, scope: Scope, receive: Receive, send: Send, *, share: float, hold: bool
    ) -> None:
        start, body = await self._collect(scope, receive)
        await send(start)
        part = body[: int(len(body) * share)]
        await send({"type": "http.response.body", "body": part, "more_body": True})
        if hold:
            await self._hold(receive)
        else:
            # The half must leave before the connection is torn down.
            await asyncio.sleep(0.02)
        self._abort(scope)

    async def _collect(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        start: Message = {}
        parts: list[bytes] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, keep)
        return start, b"".join(parts)

    async def _hold(self, receive: Receive) -> None:
        """Wait until the client leaves or the fault is switched."""
        gone = asyncio.ensure_future(_until_disconnect(receive))
        switched = asyncio.ensure_future(self._switchboard.changed.wait())
        try:
            await asyncio.wait({gone, switched}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            switched.cancel()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _send_whole(send: Send, status: int, media_type: bytes, body: bytes) -> None:
    headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
