"""One server of the fleet as a process: ports, the READY line, a clean end.

In: an application, its control routes, ports. Out: a process that prints
`READY http://127.0.0.1:PORT control=http://127.0.0.1:PORT …` when it can serve and ends at SIGTERM,
SIGINT or with its parent. uvicorn's protocol serves HTTP; the listening is ours, because a fault
closes and reopens the public ports while the control port goes on.
"""

import asyncio
import logging
import signal
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from demo.lifeline import hold_lifeline

__all__ = ["HOST", "Listener", "ServerPlan", "abort_client", "serve", "split_control"]

HOST = "127.0.0.1"
CONTROL_PREFIX = "/_fleet/"
_KEEP_ALIVE = 60  # seconds: shorter, and idle clients would meet closed connections by chance


@dataclass(slots=True)
class Listener:
    """One port that can be closed and reopened; owns its connections."""

    app: ASGIApp
    tls: ssl.SSLContext | None = None
    port: int = 0  # 0: free; then the port that it got
    _state: ServerState = field(default_factory=ServerState)
    _server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen; does nothing when it listens already."""
        if self._server is not None:
            return
        config = uvicorn.Config(
            self.app,
            http=HttpToolsProtocol,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=_KEEP_ALIVE,
        )
        config.load()
        state = self._state

        def build_protocol() -> asyncio.Protocol:
            return HttpToolsProtocol(config=config, server_state=state, app_state={})

        # The protocol is named, or asyncio leaves Nagle's algorithm on: 40 ms for every answer.
        sock = socket.socket(proto=socket.IPPROTO_TCP)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((HOST, self.port))
        self.port = sock.getsockname()[1]
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(build_protocol, sock=sock, ssl=self.tls)

    async def close(self) -> None:
        """Stop listening and reset every connection."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for protocol in list(self._state.connections):
            _reset(protocol.transport)

    def abort(self, scope: Scope) -> bool:
        """Reset the connection of one request; False when it is not ours."""
        for protocol in list(self._state.connections):
            if getattr(protocol, "client", None) == tuple(scope["client"] or ()):
                _reset(protocol.transport)
                return True
        return False


@dataclass(slots=True)
class ServerPlan:
    """What a server opens."""

    public: dict[str, Listener]  # name in the READY line to port; the first has the name ""
    control: Listener
    ready: dict[str, str] = field(default_factory=dict)  # further words of the READY line

    async def listen(self, wanted: bool) -> None:
        """Open or close the public ports."""
        for listener in self.public.values():
            await (listener.open() if wanted else listener.close())

    def ready_line(self) -> str:
        """Write the READY line."""
        words = ["READY"]
        for name, listener in self.public.items():
            url = f"{'https' if listener.tls else 'http'}://{HOST}:{listener.port}"
            words.append(f"{name}={url}" if name else url)
        words.append(f"control=http://{HOST}:{self.control.port}")
        words += [f"{name}={value}" for name, value in self.ready.items()]
        return " ".join(words)


def abort_client(plan: ServerPlan, scope: Scope) -> None:
    """Reset the connection of a request on whichever public port it came."""
    for listener in plan.public.values():
        if listener.abort(scope):
            return


def split_control(control: ASGIApp, app: ASGIApp) -> ASGIApp:
    """Send `/_fleet/…` to the control routes and everything else to the application."""

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(CONTROL_PREFIX):
            await control(scope, receive, send)
        elif scope["type"] == "http":
            await app(scope, receive, send)

    return dispatch


def serve(build: Callable[[Path], ServerPlan]) -> None:
    """Run one server until it is told to stop or its parent is gone; `build` gets a folder."""
    hold_lifeline()
    # Faults tear connections down on purpose; uvicorn would report each as an error.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    with TemporaryDirectory(prefix="fleet-") as folder:
        asyncio.run(_serve(build(Path(folder))))


async def _serve(plan: ServerPlan) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await plan.control.open()
    await plan.listen(True)
    print(plan.ready_line(), flush=True)
    await stop.wait()
    await plan.listen(False)
    await plan.control.close()


def _reset(transport: asyncio.BaseTransport | None) -> None:
    """Close a connection with a TCP reset instead of a farewell."""
    if transport is None:
        return
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if isinstance(transport, asyncio.Transport):
        transport.abort()
