"""One request and its answer, under applications that behave and that do not."""

import pytest

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
