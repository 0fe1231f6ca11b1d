"""One request and its answer, under applications that behave and that do not."""

import asyncio

import pytest

from gateway.server.exchange import Exchange
from gateway.server.head import parse_head
from tests.testkit.raw_http import QUICK, RawClient, ask, get, serve

pytestmark = pytest.mark.anyio

START = {"type": "http.response.start", "status": 200, "headers": []}


async def stream(scope, receive, send):
    """Send a body of unknown length in parts."""
    await send(START)
    for part in (b"a", b"", b"bc"):
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def say_nothing(scope, receive, send):
    """Return without an answer."""


async def stop_half_way(scope, receive, send):
    """Promise more than is sent."""
    headers = [(b"content-length", b"9")]
    await send({**START, "headers": headers})
    await send({"type": "http.response.body", "body": b"a", "more_body": True})


async def send_too_much(scope, receive, send):
    """Send more than was promised."""
    await send({**START, "headers": [(b"content-length", b"1")]})
    await send({"type": "http.response.body", "body": b"abc"})


async def split_the_answer(scope, receive, send):
    """Put a line end into a header."""
    await send({**START, "headers": [(b"x-a", b"1\r\nset-cookie: a")]})
    await send({"type": "http.response.body", "body": b""})


async def fail(scope, receive, send):
    """Raise, with a text that nobody may see."""
    raise ValueError("3171990101900001")


async def ask_app(app, data):
    """Serve one application for one connection."""
    async with serve(app, QUICK) as (address, _), RawClient(address) as client:
        await client.send(data)
        return await client.read_to_end()


async def test_a_body_of_unknown_length_is_chunked():
    """HTTP/1.1 gets chunks, HTTP/1.0 the end of the connection."""
    async with serve(stream) as (address, _):
        (answer,) = await ask(address, get("/"))
        assert (answer.headers["transfer-encoding"], answer.body) == ("chunked", b"abc")
        async with RawClient(address) as client:
            await client.send(b"GET / HTTP/1.0\r\n\r\n")
            received = await client.read_to_end()
        head, _, body = received.partition(b"\r\n\r\n")
        assert body == b"abc"
        assert b"connection: close" in head


@pytest.mark.parametrize("app", [say_nothing, split_the_answer, fail, send_too_much])
async def test_a_faulty_application_is_answered_for(app, caplog):
    """What is not on the wire yet becomes one 500 in our form, and says nothing of the fault."""
    async with serve(app) as (address, _):
        (answer,) = await ask(address, get("/"))
    assert (answer.status, answer.code) == (500, "INTERNAL_SERVER_ERROR")
    assert b"3171990101900001" not in answer.body
    assert "3171990101900001" not in caplog.text


async def test_half_an_answer_is_cut_off():
    """An answer begun and not ended cannot be repaired: the connection closes."""
    received = await ask_app(stop_half_way, get("/", close=False))
    assert received.endswith(b"\r\n\r\na")


async def test_an_application_hears_of_a_client_that_left():
    """After the body, the next event is the client's leaving."""
    heard = []

    async def wait(scope, receive, send):
        heard.append(await receive())
        heard.append(await receive())

    async with serve(wait) as (address, _server):
        async with RawClient(address) as client:
            await client.send(get("/", close=False))
            while not heard:
                await ask(address, b"X\r\n\r\n")
        while len(heard) < 2:
            await ask(address, b"X\r\n\r\n")
    assert heard[0] == {"type": "http.request", "body": b"", "more_body": False}
    assert heard[1] == {"type": "http.disconnect"}


LARGE = bytes(range(256)) * 8_192  # 2 MB


async def answer_at_large(scope, receive, send):
    """Send a large body at once."""
    await send(START)
    await send({"type": "http.response.body", "body": LARGE})


async def promise_wrongly(scope, receive, send):
    """Promise less than a large body holds."""
    await send({**START, "headers": [(b"content-length", b"1000000")]})
    await send({"type": "http.response.body", "body": LARGE})


async def test_a_large_body_arrives_whole():
    """It is written bit by bit, with its length, and the connection serves the next request."""
    async with serve(answer_at_large) as (address, _):
        first, second = await ask(address, get("/", close=False) + get("/"))
    assert first.headers["content-length"] == str(len(LARGE))
    assert first.body == second.body == LARGE


async def test_a_large_body_waits_for_its_reader():
    """While the client takes nothing, little of its answer lies in the transport."""
    exchange, outlet = _exchange_at_a_standstill()
    running = asyncio.ensure_future(exchange.run(answer_at_large))
    await outlet.paused.wait()
    assert 0 < outlet.written < len(LARGE) // 4
    outlet.go_on.set()
    await running
    assert outlet.written > len(LARGE)


async def test_a_reader_that_leaves_ends_a_large_body():
    """What it has not taken is not written."""
    exchange, outlet = _exchange_at_a_standstill()
    running = asyncio.ensure_future(exchange.run(answer_at_large))
    await outlet.paused.wait()
    exchange.leave()
    outlet.go_on.set()
    await running
    assert outlet.written < len(LARGE) // 4


async def test_a_wrong_promise_of_a_large_body_breaks_off():
    """A client never takes a cut body for a whole one."""
    received = await ask_app(promise_wrongly, get("/"))
    assert len(received.partition(b"\r\n\r\n")[2]) < 1_000_000


class _Standstill:
    """An outlet whose client takes nothing until it may go on."""

    def __init__(self):
        self.written = 0
        self.paused = asyncio.Event()
        self.go_on = asyncio.Event()

    def write(self, data):
        self.written += len(data)

    async def drain(self):
        self.paused.set()
        await self.go_on.wait()

    def finish(self, *, keep_alive):
        """Nothing follows."""

    def common_headers(self):
        return b""


def _exchange_at_a_standstill():
    outlet = _Standstill()
    head = parse_head(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n", QUICK)
    return Exchange(outlet, {"type": "http"}, head, b"", keep_alive=True), outlet
