"""The server put together: uvicorn's loop, sockets and signals around our own connections.

In: an ASGI application and the edge's settings. Out: a ``Server`` that is ready to serve, tells
its address once it listens, and leaves signals alone where another server of the process has them.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import uvicorn

from gateway.server.asgi import ASGIApp
from gateway.server.connections import Connections
from gateway.server.protocol import bind_connection
from gateway.server.settings import EdgeSettings

__all__ = ["BACKLOG", "OnReady", "Server", "build_server"]

BACKLOG = 2_048  # connections that the operating system queues for us

OnReady = Callable[[str], None]
"""Takes the address, ``http://host:port``, once connections are taken."""


class Server(uvicorn.Server):
    """uvicorn's server, which tells when it is ready."""

    def __init__(
        self,
        config: uvicorn.Config,
        connections: Connections,
        *,
        on_ready: OnReady | None,
        signals: bool = True,
    ) -> None:
        super().__init__(config)
        self._connections = connections
        self._on_ready = on_ready
        self._signals = signals

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the sockets, then tell the address."""
        await super().startup(sockets)
        if self.started and self._on_ready is not None:
            self._on_ready(self.address)

    async def drain(self) -> None:
        """Stop without a failed request, for clients that honour ``connection: close``.

        Whoever shares the sockets takes the new connections; a client that keeps an idle one open
        holds this up for the graceful time.
        """
        for server in self.servers:
            server.close()
        loop = asyncio.get_running_loop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._connections.settings.graceful_seconds):
                await self._connections.drain(loop)
        self.should_exit = True

    @property
    def address(self) -> str:
        """Where it answers, with the port that the system gave."""
        scheme = "https" if self.config.is_ssl else "http"
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """End on SIGTERM and SIGINT, unless another server of the process does; exit status 0.

        uvicorn raises the signal once more after a graceful stop, so that the process would end
        as if it had been killed.
        """
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGINT, signal.SIGTERM) if self._signals else ()
        for number in numbers:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)


def build_server(
    app: ASGIApp,
    settings: EdgeSettings,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    lifespan: Literal["auto", "on", "off"] = "on",
    certificate: tuple[Path, Path] | None = None,
    on_ready: OnReady | None = None,
    signals: bool = True,
) -> Server:
    """Build the server; ``certificate`` is the files of a certificate chain and its key.

    No access log, no proxy headers, no server name in answers: logs hold paths only and are ours.
    """
    _raise_descriptor_limit()
    connections = Connections(settings)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=bind_connection(connections),
        ws="none",
        interface="asgi3",
        lifespan=lifespan,
        backlog=BACKLOG,
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=max(1, round(settings.graceful_seconds)),
        ssl_certfile=None if certificate is None else certificate[0],
        ssl_keyfile=None if certificate is None else str(certificate[1]),
    )
    return Server(config, connections, on_ready=on_ready, signals=signals)


def _raise_descriptor_limit() -> None:
    """Take as many descriptors as the system allows: each connection needs one.

    The lower soft limit is there for programs that still use ``select``.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
