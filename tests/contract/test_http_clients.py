"""What an HTTP client owes a gateway: ours, held beside a plain one over a general library.

The plain client shows that the suite asks for what HTTP says, not for what ours happens to do.
Another client joins by a line in ``CLIENTS``.
"""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import httpx2
import pytest
import trustme

from adapters.http_client import (
    AnswerTooLarge,
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    HttpClient,
    HttpError,
    HttpLimits,
    MalformedAnswer,
    present_certificate,
    trusting_context,
)
from tests.testkit.hostile_server import (
    BROKEN,
    drip,
    flood_body,
    flood_headers,
    reset,
    saying,
    smuggle,
)
from tests.testkit.http_server import Received, http_server, raw_server, reply

pytestmark = pytest.mark.anyio

LIMIT = 1_000_000  # bytes of an answer's body
SECONDS = 30.0


class Response(Protocol):
    """What both clients answer."""

    status: int
    body: bytes

    def header(self, name: str) -> str | None: ...


class Client(Protocol):
    """What both clients do; raises ``HttpError`` and nothing else."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        body: bytes | None = None,
        timeout_seconds: float | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> Response: ...


@dataclass(frozen=True, slots=True)
class _PlainResponse:
    status: int
    body: bytes
    raw: httpx2.Headers

    def header(self, name: str) -> str | None:
        value = self.raw.get(name)
        return None if value is None else str(value)


class PlainClient:
    """A general library, wrapped as plainly as may be."""

    def __init__(self) -> None:
        self._clients: dict[object, httpx2.AsyncClient] = {}

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        body: bytes | None = None,
        timeout_seconds: float | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> _PlainResponse:
        socket = None
        if url.startswith("unix:"):
            socket, _, target = url.removeprefix("unix:").partition(":")
            url = f"http://localhost{target}"
        try:
            async with asyncio.timeout(SECONDS if timeout_seconds is None else timeout_seconds):
                return await self._ask(self._client(tls, socket), method, url, headers, body)
        except TimeoutError as error:
            raise DeadlineExceeded(str(error)) from error
        except httpx2.ConnectError as error:
            raise ConnectFailed(str(error)) from error
        except (httpx2.ProtocolError, httpx2.DecodingError) as error:
            raise MalformedAnswer(str(error)) from error
        except httpx2.TransportError as error:
            raise ConnectionLost(str(error)) from error

    async def aclose(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    async def _ask(
        self,
        client: httpx2.AsyncClient,
        method: str,
        url: str,
        headers: tuple[tuple[str, str], ...],
        body: bytes | None,
    ) -> _PlainResponse:
        async with client.stream(method, url, headers=list(headers), content=body) as response:
            parts = bytearray()
            async for part in response.aiter_bytes():
                parts += part
                if len(parts) > LIMIT:
                    raise AnswerTooLarge(url)
            return _PlainResponse(response.status_code, bytes(parts), response.headers)

    def _client(self, tls: ssl.SSLContext | None, socket: str | None) -> httpx2.AsyncClient:
        client = self._clients.get((tls, socket))
        if client is None:
            transport = httpx2.AsyncHTTPTransport(verify=True if tls is None else tls, uds=socket)
            client = httpx2.AsyncClient(transport=transport, trust_env=False)
            self._clients[tls, socket] = client
        return client


@asynccontextmanager
async def _ours() -> AsyncIterator[Client]:
    client = HttpClient(HttpLimits(timeout_seconds=SECONDS, response_bytes=LIMIT))
    try:
        yield client
    finally:
        await client.aclose()


@asynccontextmanager
async def _plain() -> AsyncIterator[Client]:
    client = PlainClient()
    try:
        yield client
    finally:
        await client.aclose()


CLIENTS: dict[str, Callable[[], AbstractAsyncContextManager[Client]]] = {
    "ours": _ours,
    "plain": _plain,
}


@pytest.fixture(params=CLIENTS)
async def client(request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    """Each client in turn."""
    async with CLIENTS[request.param]() as made:
        yield made


def _expect_plain_to_fail(client: Client, request: pytest.FixtureRequest, why: str) -> None:
    if isinstance(client, PlainClient):
        request.applymarker(pytest.mark.xfail(reason=why, strict=True))


def echo(received: Received) -> bytes:
    """Answer with what was asked."""
    return reply(f"{received.method} {received.target} ".encode() + received.body)


async def test_what_is_sent_arrives(client: Client) -> None:
    """Method, target, headers and body arrive as given, over one kept connection."""
    async with http_server(echo) as server:
        target = f"/a/{quote('é ')}?b={quote('&')}"
        for method, body in (("GET", None), ("POST", b"\x00\xff"), ("PUT", b""), ("DELETE", None)):
            response = await client.request(
                method, server.url + target, headers=(("x-one", "1"),), body=body
            )
            expected = f"{method} {target} ".encode() + (body or b"")
            assert (response.status, response.body) == (200, expected)
        assert {request.headers["x-one"] for request in server.requests} == {"1"}
        assert server.connections == 1


@pytest.mark.parametrize("status", [200, 204, 294, 304, 400, 404, 500, 503])
async def test_a_status_is_an_answer(client: Client, status: int) -> None:
    """No status is an error; some have no body, and the connection serves again."""
    body = "" if status in (204, 304) else "text"
    async with http_server(lambda _: reply(body, status)) as server:
        for _ in range(2):
            response = await client.request("GET", server.url)
            assert (response.status, response.body.decode()) == (status, body)
        assert server.connections == 1


async def test_redirects_are_answers_too(client: Client) -> None:
    """An upstream does not choose whom we ask."""
    headers = (("location", "http://127.0.0.1:1/"),)
    async with http_server(lambda _: reply("", 302, headers)) as server:
        response = await client.request("GET", server.url)
        assert (response.status, response.header("Location")) == (302, "http://127.0.0.1:1/")


PACKED = gzip.compress(b"hello" * 100)
FRAMINGS = {
    "length": (b"content-length: 500\r\n\r\n", b"hello" * 100),
    "chunked": (
        b"transfer-encoding: chunked\r\n\r\n",
        b"1f4\r\n" + b"hello" * 100 + b"\r\n0\r\n\r\n",
    ),
    "chunks": (
        b"Transfer-Encoding: Chunked\r\n\r\n",
        b"5;x=y\r\nhello\r\n" * 100 + b"0\r\nx-sum: 1\r\n\r\n",
    ),
    "until-close": (b"connection: close\r\n\r\n", b"hello" * 100),
    "gzip": (
        b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(PACKED),
        PACKED,
    ),
    "gzip-chunked": (
        b"content-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n",
        b"%x\r\n%b\r\n0\r\n\r\n" % (len(PACKED), PACKED),
    ),
}


@pytest.mark.parametrize(("head", "body"), FRAMINGS.values(), ids=FRAMINGS)
async def test_every_framing_gives_the_same_body(client: Client, head: bytes, body: bytes) -> None:
    """Length, chunks, end of stream and gzip, in one piece and in many."""
    raw = b"HTTP/1.1 103 Early\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\n" + head + body
    for parts in ([raw], [raw[i : i + 7] for i in range(0, len(raw), 7)]):
        async with raw_server(saying(*parts)) as server:
            response = await client.request("GET", server.url)
            assert (response.status, response.body) == (200, b"hello" * 100)


async def test_an_answer_to_head_has_no_body(client: Client) -> None:
    """Its length speaks of what GET would give."""
    raw = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\nx-a: 1\r\n\r\n"
    async with raw_server(saying(raw)) as server:
        response = await client.request("HEAD", server.url)
        assert (response.body, response.header("X-A")) == (b"", "1")


@pytest.mark.parametrize("version", ["1.1", "1.0"])
async def test_a_server_may_end_the_connection(client: Client, version: str) -> None:
    """After "connection: close", or an answer in HTTP/1.0, the next call takes another."""
    head = f"HTTP/{version} 200 OK\r\n" + ("connection: close\r\n" if version == "1.1" else "")
    answer = head.encode() + b"content-length: 2\r\n\r\nok"
    async with http_server(lambda _: answer) as server:
        for _ in range(3):
            assert (await client.request("POST", server.url, body=b"x")).body == b"ok"
        assert server.connections == 3


@pytest.mark.parametrize("name", BROKEN)
async def test_broken_answers_are_errors(
    client: Client, name: str, request: pytest.FixtureRequest
) -> None:
    """What HTTP does not allow is no answer, and the next call is not harmed."""
    if name == "length-and-chunked":
        _expect_plain_to_fail(client, request, "h11 takes the chunks and forgives the length")
    async with raw_server(saying(BROKEN[name][0])) as broken, http_server(echo) as sound:
        for _ in range(2):
            with pytest.raises(HttpError):
                await client.request("POST", broken.url, body=b"x")
        assert (await client.request("GET", sound.url)).body == b"GET / "


async def test_a_reset_is_an_error(client: Client) -> None:
    """A connection that is reset in the middle ends the call, at once."""
    async with raw_server(reset) as server:
        with pytest.raises(ConnectionLost):
            await client.request("POST", server.url, body=b"x")


@pytest.mark.parametrize("talk", [flood_headers, flood_body], ids=["headers", "body"])
async def test_floods_are_cut(client: Client, talk: Callable[..., object]) -> None:
    """Endless headers and bodies end at the limits, long before the deadline."""
    async with raw_server(talk) as server:  # type: ignore[arg-type]  # parametrize loses the kind
        with pytest.raises((AnswerTooLarge, MalformedAnswer)):
            await client.request("GET", server.url)


@pytest.mark.parametrize(
    "talk",
    [saying(close=False), saying(b"HTTP/1.1 2", close=False), drip],
    ids=["mute", "half", "drip"],
)
async def test_the_deadline_is_for_the_whole_answer(
    client: Client, talk: Callable[..., object]
) -> None:
    """Neither silence nor a byte now and then holds a call longer than it may take."""
    async with raw_server(talk) as server:  # type: ignore[arg-type]  # parametrize loses the kind
        async with asyncio.timeout(SECONDS):
            with pytest.raises(DeadlineExceeded):
                await client.request("GET", server.url, timeout_seconds=0.1)


async def test_no_answer_belongs_to_another_request(
    client: Client, request: pytest.FixtureRequest
) -> None:
    """A second answer to one request is never taken for the answer to the next."""
    _expect_plain_to_fail(client, request, "httpx2 keeps what follows an answer for the next call")
    async with raw_server(smuggle) as server:
        for _ in range(3):
            try:
                response = await client.request("POST", server.url, body=b"x")
            except HttpError:
                continue
            assert response.body == b"mine"


async def test_many_at_once(client: Client) -> None:
    """A hundred calls at the same time each get their own answer."""

    async def answer(received: Received) -> bytes:
        await asyncio.sleep(0)
        return reply(received.target)

    async with http_server(answer) as server:
        calls = [client.request("GET", f"{server.url}/{n}") for n in range(100)]
        bodies = [response.body for response in await asyncio.gather(*calls)]
        assert bodies == [b"/%d" % n for n in range(100)]


async def test_a_cancelled_call_harms_no_other(client: Client) -> None:
    """Its connection is not used again; the answer that comes late goes to nobody."""
    gate = asyncio.Event()

    async def answer(received: Received) -> bytes:
        if received.target == "/slow":
            await gate.wait()
        return reply(received.target)

    async with http_server(answer) as server:
        slow = asyncio.ensure_future(client.request("GET", f"{server.url}/slow"))
        while not server.requests:
            await asyncio.sleep(0)
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        gate.set()
        for n in range(5):
            assert (await client.request("GET", f"{server.url}/{n}")).body == b"/%d" % n


async def test_nobody_there_is_an_error(client: Client) -> None:
    """A refused connection is told as one."""
    async with http_server(echo) as server:
        gone = server.url
    with pytest.raises(ConnectFailed):
        await client.request("GET", gone)


async def test_tls_is_checked_and_ours_is_shown(client: Client, tmp_path: Path) -> None:
    """Only the declared authority is trusted, and our certificate opens what asks for one."""
    ca = trustme.CA()
    own = tmp_path / "own.pem"
    own.write_bytes(ca.issue_cert("gateway.example").private_key_and_cert_chain_pem.bytes())
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(served)
    ca.configure_trust(served)
    served.verify_mode = ssl.CERT_REQUIRED
    trusted = trusting_context(ca.cert_pem.bytes().decode())
    known = trusting_context(ca.cert_pem.bytes().decode())
    present_certificate(known, own, None)
    async with http_server(echo, served) as server:
        assert (await client.request("GET", server.url, tls=known)).body == b"GET / "
        with pytest.raises(ConnectFailed):
            await client.request("GET", server.url)
        with pytest.raises(HttpError):
            await client.request("GET", server.url, tls=trusted)


async def test_unix_sockets(client: Client, tmp_path: Path) -> None:
    """A server on this machine is asked over its socket."""
    path = str(tmp_path / "s")
    async with http_server(echo, socket=path):
        for _ in range(2):
            assert (await client.request("GET", f"unix:{path}:/a")).body == b"GET /a "
