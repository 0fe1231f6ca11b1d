"""The graph's requests without ASGI: an answer, whatever the endpoint does."""

import asyncio

import pytest

from gateway.server.direct import DirectExchange
from gateway.server.head import parse_head
from gateway.server.reply import Reply
from tests.testkit.raw_http import QUICK

pytestmark = pytest.mark.anyio

LARGE = bytes(range(256)) * 8_192  # 2 MB
POST = parse_head(b"POST /graphql HTTP/1.1\r\nhost: a\r\n\r\n", QUICK)
HEAD = parse_head(b"HEAD /graphql HTTP/1.1\r\nhost: a\r\n\r\n", QUICK)


class Outlet:
    """Keeps what is written; its client takes nothing while the door is shut."""

    def __init__(self):
        self.written = b""
        self.ends = []
        self.paused = asyncio.Event()
        self.door = asyncio.Event()
        self.door.set()

    def write(self, data):
        """Keep it."""
        self.written += data

    async def drain(self):
        """Wait for the door."""
        self.paused.set()
        await self.door.wait()

    def finish(self, *, keep_alive):
        """Note the end."""
        self.ends.append(keep_alive)

    def common_headers(self):
        """Give one header."""
        return b"date: now\r\n"


async def run(endpoint, head=POST, *, keep_alive=True):
    """Run one exchange to its end."""
    outlet = Outlet()
    await DirectExchange(outlet, keep_alive=keep_alive).run(endpoint, head, b"x")
    return outlet


async def answer(head, body):
    """Answer with the body."""
    return Reply(200, b"text/plain", body)


async def answer_at_large(head, body):
    """Answer with two megabytes."""
    return Reply(200, b"text/plain", LARGE)


async def fail(head, body):
    """Raise, with a text that nobody may see."""
    raise ValueError("3171990101900001")


async def test_head_and_body_leave_together():
    """The length, what all answers have, and the body."""
    outlet = await run(answer)
    head, _, body = outlet.written.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n")
    assert head.endswith(b"\r\ndate: now\r\ncontent-length: 1")
    assert (body, outlet.ends) == (b"x", [True])


async def test_the_last_answer_of_a_connection_says_so():
    """A client knows that it must connect anew."""
    outlet = await run(answer, keep_alive=False)
    assert b"\r\nconnection: close\r\n" in outlet.written
    assert outlet.ends == [False]


async def test_a_head_request_gets_no_body():
    """But the length that the body would have."""
    for endpoint in (answer, answer_at_large):
        outlet = await run(endpoint, HEAD)
        assert outlet.written.endswith(b"\r\n\r\n")


async def test_a_faulty_endpoint_is_answered_for(caplog):
    """The client hears of a fault, and nobody reads of what."""
    outlet = await run(fail)
    assert outlet.written.startswith(b"HTTP/1.1 500 ")
    assert b"\r\nconnection: close\r\n" in outlet.written
    assert "3171990101900001" not in caplog.text + outlet.written.decode()
    assert outlet.ends == [False]


async def test_a_stopped_request_is_told_to_come_again():
    """Who is cut off by a shutdown gets 503, and the cancellation goes on."""
    outlet = Outlet()

    async def wait(head, body):
        await asyncio.Event().wait()

    running = asyncio.ensure_future(DirectExchange(outlet, keep_alive=True).run(wait, POST, b""))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert outlet.written.startswith(b"HTTP/1.1 503 ")


@pytest.mark.parametrize("leaves", [True, False])
async def test_a_large_body_waits_for_its_reader(leaves):
    """While the client takes nothing, little is written; nothing more once it has left."""
    outlet = Outlet()
    outlet.door.clear()
    exchange = DirectExchange(outlet, keep_alive=True)
    running = asyncio.ensure_future(exchange.run(answer_at_large, POST, b""))
    await outlet.paused.wait()
    assert 0 < len(outlet.written) < len(LARGE) // 4
    if leaves:
        exchange.leave()
    outlet.door.set()
    await running
    assert (outlet.ends == []) is leaves
    assert outlet.written.endswith(LARGE) is not leaves
