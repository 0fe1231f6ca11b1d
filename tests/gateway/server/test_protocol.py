"""One connection and many, over real sockets: order, time-outs, limits, abuse, and the stop."""

import asyncio
import socket

import pytest

from tests.testkit.raw_http import PATIENCE, RawClient, ask, get, parse_answers, post

pytestmark = pytest.mark.anyio

GOOD = {"query": "{ a }"}
LIVE = get("/health/live", close=False)
HEAD = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


async def closes(client) -> bytes:
    """Give what came before the server closed."""
    return await client.read_to_end()


async def test_requests_of_one_connection_are_answered_in_order(edge):
    """A kept-alive connection serves many requests."""
    async with RawClient(edge.address) as client:
        for name in "abc":
            await client.send(post({"query": f"{{ {name} }}"}, close=False))
            answer = await client.read_answer()
            assert answer.json["data"]["query"] == f"{{ {name} }}"
            assert "connection" not in answer.headers


async def test_pipelined_requests_are_answered_in_order(edge):
    """Requests sent ahead wait for their turn, whatever they are."""
    names = [f"{{ a{n} }}" for n in range(50)]
    data = b"".join(post({"query": name}, close=False) for name in names)
    answers = await ask(edge.address, data + LIVE, end=True)
    assert [answer.json["data"]["query"] for answer in answers[:-1]] == names
    assert answers[-1].json == {"status": "live"}


async def test_after_connection_close_nothing_is_read(edge):
    """What follows a request with Connection: close is no request."""
    edge.asked.clear()
    answers = await ask(edge.address, post(GOOD) + post(GOOD))
    assert len(answers) == len(edge.asked) == 1
    assert answers[0].headers["connection"] == "close"


async def test_http_1_0_is_answered_and_closed(edge):
    """An old client gets its answer with its length, and the end of the connection."""
    (answer,) = await ask(edge.address, b"GET /health/live HTTP/1.0\r\n\r\n")
    assert (answer.status, answer.headers["connection"]) == (200, "close")


async def test_a_client_that_only_stopped_sending_gets_its_answer(edge):
    """A half-closed connection is still answered, also after a while."""
    edge.hanging.clear()
    edge.door.clear()
    async with RawClient(edge.address) as client:
        await client.send(post({"query": "{ hang }"}, close=False))
        client.send_end()
        await edge.hanging.wait()
        edge.door.set()
        (answer,) = parse_answers(await closes(client))
        assert answer.status == 200


async def test_a_silent_connection_is_closed(edge):
    """Who says nothing is let go, without a word."""
    async with RawClient(edge.address) as client:
        assert await closes(client) == b""


async def test_an_idle_connection_is_closed(edge):
    """Between two requests the idle time runs."""
    async with RawClient(edge.address) as client:
        await client.send(LIVE)
        await client.read_answer()
        assert await closes(client) == b""


async def drip(client, data, pause):
    """Send byte after byte until the server has closed."""
    for byte in data:
        if client.is_closed:
            return
        await client.send(bytes((byte,)))
        next_beat = asyncio.Event()
        asyncio.get_running_loop().call_later(pause, next_beat.set)
        await next_beat.wait()


@pytest.mark.parametrize(
    "data",
    [b"GET", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ", b"\r"],
    ids=["method", "line", "header", "cr"],
)
async def test_half_a_head_times_out(edge, data):
    """A head that does not end is 408, for the first request and for a later one."""
    (answer,) = await ask(edge.address, data)
    assert (answer.status, answer.code) == (408, "REQUEST_TIMEOUT")
    first, second = await ask(edge.address, LIVE + data)
    assert (first.status, second.status) == (200, 408)


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"Content-Length: 20\r\n\r\n",
        HEAD + b"Content-Length: 20\r\n\r\n{",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
    ],
    ids=["no-body", "half-body", "no-chunk", "half-chunk", "no-end"],
)
async def test_half_a_body_times_out(edge, data):
    """A body that stops is 408, and the pipeline is never asked."""
    edge.asked.clear()
    (answer,) = await ask(edge.address, data)
    assert (answer.status, edge.asked) == (408, [])


@pytest.mark.parametrize(
    "start",
    [b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ", HEAD + b"Content-Length: 9000\r\n\r\n"],
    ids=["head", "body"],
)
async def test_a_slow_drip_does_not_extend_its_time(edge, start):
    """A byte now and then keeps no request alive beyond its whole time."""
    async with RawClient(edge.address) as client:
        await client.send(start)
        dripping = asyncio.ensure_future(drip(client, b"a" * 1_000, 0.05))  # beyond PATIENCE
        received = await closes(client)
        dripping.cancel()
    assert [answer.status for answer in parse_answers(received)] == [408]


async def test_expect_100_continue_is_answered_once_the_head_is_good(edge):
    """The client is told to send its body, and then gets its answer."""
    async with RawClient(edge.address) as client:
        await client.send(HEAD + b"Content-Length: 17\r\nExpect: 100-continue\r\n\r\n")
        assert (await client.read_answer()).status == 100
        await client.send(b'{"query":"{ a }"}')
        assert (await client.read_answer()).status == 200


async def test_expect_100_continue_is_not_answered_for_a_body_too_large(edge):
    """A body that will be refused is not asked for."""
    data = HEAD + b"Content-Length: 5000000\r\nExpect: 100-continue\r\n\r\n"
    async with RawClient(edge.address) as client:
        await client.send(data)
        assert (await client.read_answer()).status == 413


async def test_a_body_of_5_mb_is_refused_readably(edge):
    """The client can send all of it, and then read why it was refused."""
    async with RawClient(edge.address) as client:
        await client.send(post(b"a" * 5_000_000))
        assert (await client.read_answer()).status == 413


async def test_endless_chunks_are_refused(edge):
    """A chunked body is counted while it comes."""
    chunk = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    async with RawClient(edge.address) as client:
        await client.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 40)
        assert (await client.read_answer()).status == 413


async def test_a_body_of_the_largest_size_is_taken(edge):
    """The limit itself is allowed."""
    body = b'{"query":"{ a }","x":"' + b"a" * (1_000_000 - 24) + b'"}'
    assert len(body) == 1_000_000
    (answer,) = await ask(edge.address, post(body))
    assert answer.status == 200
    (answer,) = await ask(edge.address, post(body + b" "))
    assert answer.status == 413


async def test_who_goes_on_sending_after_a_refusal_is_cut(edge_factory):
    """What is dropped after a refusal is limited too."""
    limits = {"linger_bytes": 1_000_000, "linger_seconds": 60.0}
    async with edge_factory(**limits) as edge, RawClient(edge.address) as client:
        await client.send(HEAD + b"Content-Length: 5000000\r\n\r\n")
        for _ in range(40):
            await client.send(b"a" * 1_000_000)
            if client.is_closed:
                break
        assert client.is_closed


async def test_an_answer_that_nobody_reads_is_cut(edge_factory):
    """A client that takes nothing of its answer loses the connection, and its memory is freed."""
    async with edge_factory() as edge:
        with socket.create_connection(edge.address) as stuck:
            stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            stuck.sendall(post({"query": "{ large }"}, close=False) * 20)
            async with asyncio.timeout(PATIENCE):
                while edge.server.server_state.connections or not edge.asked:
                    await asyncio.wait_for(edge_is_alive(edge), PATIENCE)
            assert len(edge.asked) < 20


async def edge_is_alive(edge):
    """Ask a healthy question beside whatever goes on."""
    (answer,) = await ask(edge.address, get("/health/live"))
    assert answer.status == 200


async def test_unread_answers_hold_up_the_next_request(edge_factory):
    """Pipelined requests are not run ahead of a client that does not read."""
    async with edge_factory(write_seconds=60.0) as edge:
        with socket.create_connection(edge.address) as stuck:
            stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            stuck.sendall(post({"query": "{ large }"}, close=False) * 20)
            async with asyncio.timeout(PATIENCE):
                while not edge.asked:
                    await edge_is_alive(edge)
            for _ in range(20):
                await edge_is_alive(edge)
            assert len(edge.asked) < 10


async def test_an_answer_taken_by_drips_is_cut(edge_factory):
    """Some bytes now and then are not enough: an answer must be taken at a least pace."""
    async with edge_factory(write_bytes=1_000_000) as edge:
        with socket.create_connection(edge.address) as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            slow.setblocking(False)
            slow.send(post({"query": "{ large }"}) * 20)
            async with asyncio.timeout(PATIENCE):
                while edge.server.server_state.connections or not edge.asked:
                    await edge_is_alive(edge)
                    try:
                        slow.recv(64)
                    except BlockingIOError:
                        continue
                    except ConnectionError:
                        break


async def test_a_slow_reader_gets_its_whole_answer(edge):
    """An answer under way is not cut by the end of the connection's other times."""
    async with RawClient(edge.address) as client:
        await client.send(post({"query": "{ large }"}))
        answer = await client.read_answer()
        assert len(answer.body) > 2_000_000
        assert answer.headers["connection"] == "close"


async def test_connections_over_the_cap_are_told_so(edge_factory):
    """With a request on every connection, the one too many gets 503 with Retry-After."""
    async with (
        edge_factory(connections=2) as edge,
        RawClient(edge.address) as first,
        RawClient(edge.address) as second,
    ):
        for client in (first, second):
            edge.hanging.clear()
            await client.send(post({"query": "{ hang }"}, close=False))
            await edge.hanging.wait()
        (answer,) = await ask(edge.address, b"")
        assert (answer.status, answer.code) == (503, "OVERLOADED")
        assert answer.headers["retry-after"] == "1"
        edge.door.set()
        assert (await first.read_answer()).status == 200
        assert (await second.read_answer()).status == 200


@pytest.mark.parametrize("data", [b"", b"GET / HT", LIVE], ids=["silent", "slow", "idle"])
async def test_who_waits_gives_way_to_who_asks(edge_factory, data):
    """Connections without a request, however many, keep no other out: the oldest are closed."""
    limits = {"connections": 5, "idle_seconds": 60.0, "head_seconds": 60.0}
    async with edge_factory(**limits) as edge, RawClient(edge.address) as oldest:
        await oldest.send(data)
        others = [socket.create_connection(edge.address) for _ in range(20)]
        for other in others:
            if data:
                other.send(data)
            await edge_is_alive(edge)
        await oldest.read_to_end()
        for other in others:
            other.close()


async def test_unfinished_requests_share_one_budget(edge_factory):
    """Many half bodies cannot hold more memory together than allowed; whole ones still pass."""
    async with edge_factory(
        held_bytes=1_500_000, body_stall_seconds=30.0, body_seconds=30.0
    ) as edge:
        half = HEAD + b"Content-Length: 1000000\r\n\r\n" + b"a" * 600_000
        async with RawClient(edge.address) as first, RawClient(edge.address) as second:
            await first.send(half)
            await second.send(half)
            await edge_is_alive(edge)
            (answer,) = await ask(edge.address, half)
            assert (answer.status, answer.headers["retry-after"]) == (503, "1")
            await edge_is_alive(edge)


async def test_a_healthy_client_is_served_beside_abusers(edge_factory):
    """Hundreds of slow, silent and flooding connections do not keep others from an answer."""
    async with edge_factory(head_seconds=30.0, body_seconds=30.0) as edge:
        abuse = (b"", b"GET / HT", HEAD + b"Content-Length: 900\r\n\r\n{", LIVE * 2_000)
        sockets = [socket.create_connection(edge.address) for _ in range(200)]
        for number, abuser in enumerate(sockets):
            abuser.setblocking(False)
            data = abuse[number % len(abuse)]
            if data:
                abuser.send(data)
        for _ in range(20):
            await edge_is_alive(edge)
            (answer,) = await ask(edge.address, post(GOOD))  # waits no longer than PATIENCE
            assert answer.status == 200
        for abuser in sockets:
            abuser.close()


async def test_a_pipelined_flood_holds_one_read_of_each_connection(edge_factory):
    """What is sent ahead stays in the sockets: our part is bounded by one read per connection."""
    async with edge_factory() as edge:
        edge.hanging.clear()
        (connections_class,) = {edge.server.config.http_protocol_class}
        with socket.create_connection(edge.address) as flood:
            flood.setblocking(False)
            flood.send(post({"query": "{ hang }"}, close=False))
            await edge.hanging.wait()
            sent = 0
            async with asyncio.timeout(PATIENCE):
                for _ in range(200):
                    try:
                        sent += flood.send(LIVE * 5_000)
                    except BlockingIOError:
                        await edge_is_alive(edge)
            assert sent > connections_class.connections.held
            assert 0 < connections_class.connections.held <= 65_536
            edge.door.set()
        async with asyncio.timeout(PATIENCE):
            while connections_class.connections.held:
                await edge_is_alive(edge)


async def test_nothing_is_kept_of_closed_connections(edge_factory):
    """After abuse of every kind the server holds no connection and no byte."""
    async with edge_factory() as edge:
        kinds = (b"", b"GET", b"X\0", HEAD + b"Content-Length: 9\r\n\r\n{", LIVE, post(GOOD))
        for data in kinds * 3:
            async with RawClient(edge.address) as client:
                await client.send(data)
        connections = edge.server.config.http_protocol_class.connections
        async with asyncio.timeout(PATIENCE):
            while len(connections) or connections.held or edge.server.server_state.tasks:
                await one_turn()
        assert not edge.server.server_state.connections


async def one_turn():
    """Let the loop look at its sockets once."""
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.send(b"a")
        reader.setblocking(False)
        await asyncio.get_running_loop().sock_recv(reader, 1)


async def test_a_stop_finishes_what_is_in_flight_and_closes_what_is_idle(edge_factory):
    """Idle connections end at once; a request under way is answered with connection: close."""
    async with (
        edge_factory(idle_seconds=30.0, graceful_seconds=5.0) as edge,
        RawClient(edge.address) as idle,
        RawClient(edge.address) as busy,
    ):
        await idle.send(LIVE)
        await idle.read_answer()
        await busy.send(post({"query": "{ hang }"}, close=False))
        await edge.hanging.wait()
        stopping = asyncio.ensure_future(edge.server.shutdown())
        assert await closes(idle) == b""
        edge.door.set()
        (answer,) = parse_answers(await closes(busy))
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        await stopping


async def test_a_stop_does_not_wait_for_ever(edge_factory):
    """What is not done after the grace is cut off with 503."""
    async with edge_factory(graceful_seconds=1.0) as edge, RawClient(edge.address) as busy:
        await busy.send(post({"query": "{ hang }"}, close=False))
        await edge.hanging.wait()
        stopping = asyncio.ensure_future(edge.server.shutdown())
        (answer,) = parse_answers(await closes(busy))
        assert (answer.status, answer.code) == (503, "OVERLOADED")
        await stopping
