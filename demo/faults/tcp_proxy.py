"""A TCP proxy that can fail, to stand before a server that is not ours (MariaDB in tests).

In: an address and a mode, switchable while it runs. Out: bytes passed on, or what a broken network
does. Switching resets the connections that are open, except from and to `PASS`, `SLOW_DRIP` and
`BLACK_HOLE`, which act on them at once.
"""

import asyncio
import socket
import struct
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["ProxyMode", "TcpProxy"]

_HOST = "127.0.0.1"


class ProxyMode(StrEnum):
    """What the proxy does with bytes."""

    PASS = "pass"
    REFUSE = "refuse"  # nobody listens; open connections are reset
    RESET = "reset"  # connections are taken and reset
    SLOW_DRIP = "slow_drip"  # the server's bytes arrive one every `drip_ms`
    BLACK_HOLE = "black_hole"  # connections are taken, no byte passes


@dataclass(slots=True)
class TcpProxy:
    """One proxy; start it, switch it, close it."""

    target_host: str
    target_port: int
    port: int = 0  # 0: free; then the port that it got
    drip_ms: int = 200
    mode: ProxyMode = ProxyMode.PASS
    connections: int = 0  # taken since the start
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _switched: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        """Listen; does nothing when it listens already."""
        if self._server is None:
            self._server = await asyncio.start_server(self._take, _HOST, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def switch(self, mode: ProxyMode) -> None:
        """Change the mode."""
        self.mode = mode
        if mode in (ProxyMode.REFUSE, ProxyMode.RESET):
            self._reset_all()
        if mode is ProxyMode.REFUSE:
            self._stop_listening()
        else:
            await self.start()
        self._switched.set()
        self._switched = asyncio.Event()

    async def close(self) -> None:
        """Stop listening and reset what is open."""
        self._stop_listening()
        self._reset_all()

    def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _reset_all(self) -> None:
        for writer in list(self._writers):
            _reset(writer)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.mode is ProxyMode.RESET:
            _reset(writer)
            return
        try:
            upstream = await asyncio.open_connection(self.target_host, self.target_port)
        except OSError:
            _reset(writer)
            return
        self._writers |= {writer, upstream[1]}
        try:
            await asyncio.gather(
                self._pump(reader, upstream[1], drips=False),
                self._pump(upstream[0], writer, drips=True),
            )
        finally:
            self._writers -= {writer, upstream[1]}
            writer.close()
            upstream[1].close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, drips: bool
    ) -> None:
        try:
            while block := await reader.read(65_536):
                while self.mode is ProxyMode.BLACK_HOLE:
                    await self._switched.wait()
                while drips and block and self.mode is ProxyMode.SLOW_DRIP:
                    writer.write(block[:1])
                    block = block[1:]
                    await self._pause()
                writer.write(block)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            # Either side's end ends the other's: databases speak no half-closed TCP.
            writer.close()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self.drip_ms / 1000):
                await self._switched.wait()
        except TimeoutError:
            return


def _reset(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    if sock is not None and sock.fileno() >= 0:  # else it is closed already
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
