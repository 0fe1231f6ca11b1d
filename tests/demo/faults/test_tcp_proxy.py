"""The TCP proxy passes bytes on, or fails as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from demo.faults.tcp_proxy import ProxyMode, TcpProxy

pytestmark = pytest.mark.anyio
HOST = "127.0.0.1"
PATIENCE = 30.0  # seconds: of a failure only; a healthy wait ends long before


@asynccontextmanager
async def _proxied_echo() -> AsyncIterator[TcpProxy]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while block := await reader.read(1_000):
                writer.write(block)
        writer.close()

    server = await asyncio.start_server(echo, HOST, 0)
    proxy = TcpProxy(HOST, server.sockets[0].getsockname()[1], drip_ms=1)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.close()
        server.close()


async def _say(proxy: TcpProxy, text: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(HOST, proxy.port)
    try:
        writer.write(text)
        async with asyncio.timeout(PATIENCE):
            return await reader.readexactly(len(text))
    finally:
        writer.close()


async def test_it_passes_bytes_both_ways() -> None:
    """A healthy proxy is not noticed."""
    async with _proxied_echo() as proxy:
        assert await _say(proxy, b"x" * 100_000) == b"x" * 100_000
        assert proxy.connections == 1


async def test_refused_then_back_on_the_same_port() -> None:
    """Nobody listens while it refuses; afterwards the same port answers again."""
    async with _proxied_echo() as proxy:
        port = proxy.port
        await proxy.switch(ProxyMode.REFUSE)
        with pytest.raises(ConnectionRefusedError):
            await _say(proxy, b"hello")
        await proxy.switch(ProxyMode.PASS)
        assert await _say(proxy, b"hello") == b"hello"
        assert proxy.port == port


@pytest.mark.parametrize("mode", [ProxyMode.RESET, ProxyMode.REFUSE])
async def test_open_connections_are_reset(mode: ProxyMode) -> None:
    """Somebody in the middle of a talk is cut off."""
    async with _proxied_echo() as proxy:
        reader, writer = await asyncio.open_connection(HOST, proxy.port)
        writer.write(b"hello")
        assert await reader.readexactly(5) == b"hello"
        await proxy.switch(mode)
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
        writer.close()


async def test_new_connections_are_reset() -> None:
    """A connection made while it resets ends without a byte."""
    async with _proxied_echo() as proxy:
        await proxy.switch(ProxyMode.RESET)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await _say(proxy, b"hello")


async def test_a_black_hole_swallows_until_it_is_switched() -> None:
    """No byte passes; when it passes again, what was held arrives."""
    async with _proxied_echo() as proxy:
        await proxy.switch(ProxyMode.BLACK_HOLE)
        reader, writer = await asyncio.open_connection(HOST, proxy.port)
        writer.write(b"hello")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await reader.read(1)
        await proxy.switch(ProxyMode.PASS)
        async with asyncio.timeout(PATIENCE):
            assert await reader.readexactly(5) == b"hello"
        writer.close()


async def test_a_slow_drip_gives_byte_by_byte() -> None:
    """The server's answer arrives in pieces of one byte."""
    async with _proxied_echo() as proxy:
        proxy.drip_ms = 20
        await proxy.switch(ProxyMode.SLOW_DRIP)
        reader, writer = await asyncio.open_connection(HOST, proxy.port)
        writer.write(b"hello")
        pieces = [await reader.read(100) for _ in range(3)]
        assert pieces == [b"h", b"e", b"l"]
        await proxy.switch(ProxyMode.PASS)
        assert await reader.readexactly(2) == b"lo"
        writer.close()


async def test_a_dead_server_behind_it_is_a_reset() -> None:
    """When nobody listens behind, the caller's connection is reset."""
    proxy = TcpProxy(HOST, 1)
    await proxy.start()
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await _say(proxy, b"hello")
    await proxy.close()
