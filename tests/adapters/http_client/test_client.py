"""The client against servers that behave and servers that do not."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

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
    InvalidRequest,
    MalformedAnswer,
    pinned_context,
    trusting_context,
)
from tests.testkit.hostile_server import BROKEN, saying
from tests.testkit.http_server import Received, http_server, raw_server, read_request, reply

pytestmark = pytest.mark.anyio

TINY = HttpLimits(response_bytes=10_000, header_bytes=2_000, header_count=20, timeout_seconds=5)
SECRET = "3171999999999999"


@asynccontextmanager
async def client(limits: HttpLimits | None = None) -> AsyncIterator[HttpClient]:
    """Make a client and close it."""
    made = HttpClient(limits or TINY)
    try:
        yield made
    finally:
        await made.aclose()


async def test_sends_and_reads_over_one_connection() -> None:
    """Successive calls share a connection, and the request arrives as given."""

    def echo(received: Received) -> bytes:
        return reply(received.method + received.target + received.body.decode())

    async with http_server(echo) as server, client() as asked:
        first = await asked.request("GET", f"{server.url}/a?b=%20")
        second = await asked.request("POST", server.url, headers=[("x-one", "1")], body=b"hello")
        assert (first.status, first.body) == (200, b"GET/a?b=%20")
        assert second.body == b"POST/hello"
        assert server.requests[1].headers["x-one"] == "1"
        assert server.requests[1].headers["host"] == f"127.0.0.1:{server.port}"
        assert server.connections == 1
        (status,) = asked.status().values()
        assert (status.opened, status.reused, status.idle) == (1, 1, 1)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        pytest.param(
            "transfer-encoding: chunked", b"2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n", id="chunked"
        ),
        pytest.param(
            "transfer-encoding: chunked", b"3\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n", id="trailers"
        ),
        pytest.param("content-length: 3", b"abc", id="length"),
        pytest.param("x: y", b"abc", id="until-close"),
        pytest.param(
            f"content-encoding: gzip\r\ncontent-length: {len(gzip.compress(b'abc'))}",
            gzip.compress(b"abc"),
            id="gzip",
        ),
    ],
)
async def test_reads_every_framing_in_any_segmentation(head: str, body: bytes) -> None:
    """A body is the same whether it comes at once or byte by byte."""
    raw = f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body
    for parts in ([raw], [raw[i : i + 1] for i in range(len(raw))]):
        async with raw_server(saying(*parts)) as server, client() as asked:
            assert (await asked.request("GET", server.url)).body == b"abc"


async def test_skips_interim_answers() -> None:
    """100 and 103 come before the answer and are not the answer."""
    raw = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nlink: x\r\n\r\n" + reply("ok")
    async with raw_server(saying(raw)) as server, client() as asked:
        response = await asked.request("GET", server.url)
        assert (response.body, response.header("link")) == (b"ok", None)


async def test_joins_repeated_headers() -> None:
    """A header sent twice is one value, and its name is looked up in any case."""
    raw = reply(headers=(("X-A", "1"), ("x-a", "2")))
    async with raw_server(saying(raw)) as server, client() as asked:
        response = await asked.request("GET", server.url)
        assert response.header("X-a") == "1, 2"


async def test_an_answer_to_head_has_no_body() -> None:
    """Its Content-Length speaks of what GET would give; nothing is waited for."""
    raw = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\nx-a: 1\r\n\r\n"
    async with raw_server(saying(raw, close=False)) as server, client() as asked:
        response = await asked.request("HEAD", server.url)
        assert (response.status, response.body, response.header("x-a")) == (200, b"", "1")
        (status,) = asked.status().values()
        assert (status.idle, status.busy) == (0, 0)


async def test_asks_over_a_unix_socket(tmp_path: Path) -> None:
    """``unix:/path:/target`` leads to a socket; kept connections work as everywhere."""
    path = str(tmp_path / "s")
    async with http_server(lambda r: reply(r.target), socket=path) as server, client() as asked:
        for target in ("/graphql?a=b", "/"):
            response = await asked.request("GET", f"unix:{path}:{target}")
            assert response.body.decode() == target
        assert (await asked.request("GET", f"unix:{path}")).body == b"/"
        assert server.requests[0].headers["host"] == "localhost"
        assert server.connections == 1
        assert list(asked.status()) == [f"unix:{path}"]
    async with client() as asked:
        with pytest.raises(ConnectFailed, match="unix:"):
            await asked.request("GET", f"unix:{path}.gone")


OK = b"HTTP/1.1 200 OK\r\n"
HOSTILE = BROKEN | {
    "bare-line-feeds": (b"HTTP/1.1 200 OK\ncontent-length: 2\n\nab", MalformedAnswer),
    "later-version": (
        b"HTTP/2.0 200 OK\r\nx: HTTP/1.1\r\ncontent-length: 1\r\n\r\na",
        MalformedAnswer,
    ),
    "folded-line": (OK + b"x: y\r\n z\r\ncontent-length: 1\r\n\r\na", MalformedAnswer),
    "carriage-return": (OK + b"x: a\rcontent-length: 9\r\n\r\n", MalformedAnswer),
    "list-of-lengths": (OK + b"content-length: 1, 1\r\n\r\na", MalformedAnswer),
    "second-answer": (reply("a") + reply("b"), MalformedAnswer),
    "tail": (reply("a") + b"xyz", MalformedAnswer),
    "upgrade": (b"HTTP/1.1 101 X\r\nupgrade: w\r\nconnection: upgrade\r\n\r\n", MalformedAnswer),
    "big-by-length": (OK + b"content-length: 10001\r\n\r\n", AnswerTooLarge),
    "big-until-close": (OK + b"x: y\r\n\r\n" + b"a" * 10_001, AnswerTooLarge),
    "many-headers": (OK + b"x: y\r\n" * 21 + b"\r\n", AnswerTooLarge),
    "long-header": (OK + b"x: " + b"y" * 3_000, AnswerTooLarge),
    "long-trailers": (
        OK + b"transfer-encoding: chunked\r\n\r\n0\r\n" + b"x: y\r\n" * 400 + b"\r\n",
        AnswerTooLarge,
    ),
    "long-extensions": (
        OK + b"transfer-encoding: chunked\r\n\r\n" + (b"1;" + b"x" * 90 + b"\r\na\r\n") * 40,
        AnswerTooLarge,
    ),
    "endless-interim": (b"HTTP/1.1 100 Continue\r\n\r\n" * 100, AnswerTooLarge),
    "gzip-bomb": (
        reply(gzip.compress(b"a" * 1_000_000), headers=(("content-encoding", "gzip"),)),
        AnswerTooLarge,
    ),
    "short-gzip": (
        reply(gzip.compress(b"abc")[:-3], headers=(("content-encoding", "gzip"),)),
        MalformedAnswer,
    ),
    "other-encoding": (reply(b"abc", headers=(("content-encoding", "br"),)), MalformedAnswer),
}


@pytest.mark.parametrize(("raw", "expected"), HOSTILE.values(), ids=HOSTILE)
async def test_refuses_irregular_answers(raw: bytes, expected: type[HttpError]) -> None:
    """Bad framing, early ends and endless parts are errors that name host and port only."""
    async with raw_server(saying(raw)) as server, client() as asked:
        with pytest.raises(expected) as caught:
            await asked.request("GET", f"{server.url}/{SECRET}", body=SECRET.encode())
        assert f"127.0.0.1:{server.port}" in str(caught.value)
        assert SECRET not in str(caught.value)
        (status,) = asked.status().values()
        assert (status.idle, status.busy) == (0, 0)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((), id="silence"),
        pytest.param((b"HTTP/1.1 200 OK\r\n",), id="half-head"),
        pytest.param((OK + b"content-length: 9\r\n\r\n", b"a", b"b"), id="drip"),
    ],
)
async def test_deadline_ends_every_wait(parts: tuple[bytes, ...]) -> None:
    """A server that stops talking costs the caller its time-out, and the connection its life."""
    async with raw_server(saying(*parts, close=False)) as server, client() as asked:
        with pytest.raises(DeadlineExceeded):
            await asked.request("GET", server.url, timeout_seconds=0.05)
        (status,) = asked.status().values()
        assert status.busy == 0


async def test_a_shorter_deadline_is_kept_beside_a_longer_one() -> None:
    """The one timer of a pool wakes for the earliest deadline, whichever call came first."""
    async with raw_server(saying(close=False)) as server, client() as asked:
        long = asyncio.ensure_future(asked.request("GET", server.url, timeout_seconds=60))
        with pytest.raises(DeadlineExceeded):
            await asked.request("GET", server.url, timeout_seconds=0.05)
        assert not long.done()
        long.cancel()
        with pytest.raises(asyncio.CancelledError):
            await long


async def test_cap_and_line() -> None:
    """Never more connections than the cap; the others wait in line and are served in order."""
    gate = asyncio.Event()
    order: list[str] = []

    async def answer(received: Received) -> bytes:
        order.append(received.target)
        await gate.wait()
        return reply()

    limits = HttpLimits(connections=2)
    async with http_server(answer) as server, client(limits) as asked:
        calls = [asyncio.ensure_future(asked.request("GET", f"{server.url}/{n}")) for n in range(7)]
        while len(order) < 2:
            await asyncio.sleep(0)
        (status,) = asked.status().values()
        assert (status.busy, status.waiting) == (2, 5)
        gate.set()
        await asyncio.gather(*calls)
        assert server.connections == 2
        assert sorted(order) == [f"/{n}" for n in range(7)]
        assert order[2:] in ([f"/{n}" for n in range(2, 7)],)


async def test_waiting_in_line_has_a_deadline() -> None:
    """Who waits in line leaves at its deadline, and the line goes on."""
    async with (
        raw_server(saying(close=False)) as server,
        client(HttpLimits(connections=1)) as asked,
    ):
        first = asyncio.ensure_future(asked.request("GET", server.url, timeout_seconds=60))
        while not server.connections:
            await asyncio.sleep(0)
        with pytest.raises(DeadlineExceeded, match="was free in time"):
            await asked.request("GET", server.url, timeout_seconds=0.05)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first


async def test_cancellation_frees_the_place() -> None:
    """A cancelled call cuts its connection, so the next in line is served."""
    seen = 0

    async def answer(_: Received) -> bytes:
        nonlocal seen
        seen += 1
        if seen == 1:
            await asyncio.Event().wait()
        return reply("second")

    async with http_server(answer) as server, client(HttpLimits(connections=1)) as asked:
        first = asyncio.ensure_future(asked.request("GET", server.url))
        second = asyncio.ensure_future(asked.request("GET", server.url))
        while seen == 0:
            await asyncio.sleep(0)
        first.cancel()
        assert (await second).body == b"second"


async def closing_after_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request; close, unseen, at the second."""
    await read_request(reader)
    writer.write(reply("one"))
    await read_request(reader)


async def test_repeats_on_a_kept_connection_that_was_closed() -> None:
    """An idempotent request is sent again when a kept connection closes before the first byte."""
    async with raw_server(closing_after_one) as server, client() as asked:
        for _ in range(3):
            assert (await asked.request("GET", server.url)).body == b"one"
        assert server.connections == 3


async def test_does_not_repeat_what_may_have_worked() -> None:
    """A POST is not sent twice unless its caller calls it idempotent."""
    async with raw_server(closing_after_one) as server, client() as asked:
        await asked.request("POST", server.url, body=b"x")
        with pytest.raises(ConnectionLost):
            await asked.request("POST", server.url, body=b"x")
        await asked.request("POST", server.url, body=b"x")
        assert (await asked.request("POST", server.url, body=b"x", idempotent=True)).status == 200


async def test_does_not_repeat_on_a_fresh_connection() -> None:
    """A fresh connection that closes without an answer is an error, not a reason to hammer."""
    async with raw_server(saying()) as server, client() as asked:
        with pytest.raises(ConnectionLost):
            await asked.request("GET", server.url)
        assert server.connections == 1


async def test_bytes_nobody_asked_for_cut_an_idle_connection() -> None:
    """What arrives between two requests cannot become the answer to the second."""
    spoken = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(reply("mine"))
        await writer.drain()
        await spoken.wait()
        spoken.clear()
        writer.write(reply("smuggled"))
        await read_request(reader)

    async with raw_server(talk) as server, client() as asked:
        assert (await asked.request("GET", server.url)).body == b"mine"
        spoken.set()
        while asked.status()[f"127.0.0.1:{server.port}"].idle:
            await asyncio.sleep(0)
        assert (await asked.request("GET", server.url)).body == b"mine"


async def test_idle_connections_expire() -> None:
    """A connection that is not used for a while is closed by us."""
    async with (
        http_server(lambda _: reply()) as server,
        client(HttpLimits(idle_seconds=0.01)) as asked,
    ):
        await asked.request("GET", server.url)
        async with asyncio.timeout(30):
            while asked.status()[f"127.0.0.1:{server.port}"].idle:
                await asyncio.sleep(0)


async def test_refused_connection_is_an_error_for_each_who_waits() -> None:
    """Nobody waits for a server that is not there."""
    async with raw_server(saying()) as server:
        gone = server.url
    async with client(HttpLimits(connections=2)) as asked:
        calls = [asked.request("GET", f"{gone}/{SECRET}") for _ in range(5)]
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert all(isinstance(r, ConnectFailed) for r in results)
        assert not any(SECRET in str(r) for r in results)


@pytest.mark.parametrize(
    ("method", "url", "headers"),
    [
        pytest.param("GET", "ftp://x/", (), id="scheme"),
        pytest.param("GET", "http://a:b@x/", (), id="user"),
        pytest.param("GET", "http://127.0.0.1/a b", (), id="blank"),
        pytest.param("GET", "http://127.0.0.1/a\r\nx: y", (), id="line"),
        pytest.param("GET", "http://127.0.0.1/é", (), id="letters"),
        pytest.param("GET", "http://127.0.0.1/a#b", (), id="fragment"),
        pytest.param("G T", "http://127.0.0.1/", (), id="method"),
        pytest.param("GET", "http://127.0.0.1/", [("a", "b\r\nc: d")], id="value"),
        pytest.param("GET", "http://127.0.0.1/", [("a b", "c")], id="name"),
    ],
)
async def test_refuses_to_write_what_breaks_framing(
    method: str, url: str, headers: list[tuple[str, str]]
) -> None:
    """A request that could be read as two is never written."""
    async with client() as asked:
        with pytest.raises(InvalidRequest):
            await asked.request(method, url, headers=headers)


def authority() -> tuple[trustme.CA, ssl.SSLContext]:
    """Make an authority and a server that it vouches for."""
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    return ca, context


async def test_tls_is_verified_by_default_and_by_the_given_authority() -> None:
    """An unknown authority is refused; the declared one is trusted."""
    ca, context = authority()
    trusted = trusting_context(ca.cert_pem.bytes().decode())
    async with http_server(lambda _: reply("ok"), context) as server, client() as asked:
        with pytest.raises(ConnectFailed, match="not trusted"):
            await asked.request("GET", server.url)
        assert (await asked.request("GET", server.url, tls=trusted)).body == b"ok"


async def test_tls_pin_trusts_one_certificate_under_any_name() -> None:
    """A pinned certificate is accepted whatever its name, and no other is."""
    ca = trustme.CA()
    certificate = ca.issue_cert("legacy.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    pinned = pinned_context(certificate.cert_chain_pems[0].bytes().decode())
    other = pinned_context(ca.issue_cert("legacy.example").cert_chain_pems[0].bytes().decode())
    async with http_server(lambda _: reply("ok"), context) as server, client() as asked:
        assert (await asked.request("GET", server.url, tls=pinned)).body == b"ok"
        with pytest.raises(ConnectFailed):
            await asked.request("GET", server.url, tls=other)


async def test_closing_refuses_who_still_waits() -> None:
    """``aclose`` ends calls under way and in line, and may be called twice."""
    async with raw_server(saying(close=False)) as server:
        asked = HttpClient(HttpLimits(connections=1))
        calls = [asyncio.ensure_future(asked.request("GET", server.url)) for _ in range(2)]
        while not server.connections:
            await asyncio.sleep(0)
        await asked.aclose()
        await asked.aclose()
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert all(isinstance(r, HttpError) for r in results)
        with pytest.raises(ConnectFailed):
            await asked.request("GET", server.url)
