"""One connection fed by hand: whatever bytes come, however they are cut."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http_client.connection import Connection
from adapters.http_client.errors import HttpError
from adapters.http_client.known_heads import KnownHeads
from adapters.http_client.message import HttpLimits, HttpResponse

LIMITS = HttpLimits(response_bytes=500, header_bytes=300, header_count=10)


class Owner:
    """Notes what becomes of the connection."""

    def __init__(self, heads: KnownHeads | None = None) -> None:
        self.heads = heads or KnownHeads()
        self.freed = self.closed = 0

    def on_free(self, connection: Connection) -> None:
        self.freed += 1

    def on_closed(self, connection: Connection) -> None:
        self.closed += 1


class Transport(asyncio.Transport):
    """Takes what is written, and may be aborted."""

    def __init__(self) -> None:
        super().__init__()
        self.aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.aborted

    def is_closing(self) -> bool:
        return self.aborted

    def abort(self) -> None:
        self.aborted = True


Outcome = tuple[int, bytes] | str


def converse(parts: Sequence[bytes], heads: KnownHeads | None = None) -> Outcome:
    """Send one request, feed ``parts``, end the stream; give the answer or the error's name."""

    async def scenario() -> Outcome:
        owner, transport = Owner(heads), Transport()
        connection = Connection(owner, "x:1", LIMITS)
        connection.connection_made(transport)
        answer = connection.exchange(b"GET / HTTP/1.1\r\n\r\n", 1e9)
        for part in parts:
            if not transport.aborted:
                connection.data_received(part)
        connection.eof_received()
        connection.connection_lost(None)
        assert answer.done()
        assert owner.closed == 1
        try:
            response: HttpResponse = answer.result()
        except HttpError as error:
            assert owner.freed == 0
            return type(error).__name__
        return response.status, response.body

    return asyncio.run(scenario())


def cut(raw: bytes, places: list[int]) -> list[bytes]:
    """Cut ``raw`` at the places."""
    ends = sorted({place % (len(raw) + 1) for place in places} | {0, len(raw)})
    return [raw[a:b] for a, b in pairwise(ends)]


HEADS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 204 No\r\n",
        b"HTTP/1.0 500 X\r\n",
        b"HTTP/1.1 20",
        b"ICY 200 OK\r\n",
    ]
)
HEADERS = st.lists(
    st.sampled_from(
        [
            b"content-length: 3\r\n",
            b"content-length: 30\r\n",
            b"transfer-encoding: chunked\r\n",
            b"content-encoding: gzip\r\n",
            b"connection: close\r\n",
            b"x: y\r\n",
            b"x" * 200 + b": y\r\n",
            b" folded\r\n",
            b"no colon\r\n",
        ]
    ),
    max_size=4,
).map(b"".join)
BODIES = st.sampled_from(
    [b"", b"abc", b"3\r\nabc\r\n0\r\n\r\n", b"3\r\nab", b"z\r\n", b"a" * 501, b"abc" + b"x" * 9]
)
ANSWERS = st.one_of(
    st.binary(max_size=60),
    st.tuples(HEADS, HEADERS, st.sampled_from([b"\r\n", b"\n", b""]), BODIES).map(b"".join),
)


@pytest.mark.property
@given(ANSWERS, st.lists(st.integers(0, 10_000), max_size=6))
def test_any_bytes_in_any_pieces_end_in_an_answer_or_an_error(
    raw: bytes, places: list[int]
) -> None:
    """Nothing a server sends hangs or breaks the client, and an answer does not depend on cuts."""
    whole, pieces = converse([raw]), converse(cut(raw, places))
    if isinstance(whole, tuple) and isinstance(pieces, tuple):
        assert whole == pieces
    assert isinstance(whole, tuple | str)


@pytest.mark.property
@given(st.binary(max_size=400), st.lists(st.integers(0, 10_000), max_size=8))
def test_a_good_answer_is_read_whatever_the_cuts(body: bytes, places: list[int]) -> None:
    """A body with a length is the same in any pieces."""
    raw = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
    assert converse(cut(raw, places)) == (200, body)


SEEN = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nx-a: 1\r\n\r\nabc"


@pytest.mark.parametrize(
    "parts",
    [
        [SEEN],
        [SEEN[:-3] + b"xyz"],
        [SEEN[:-1]],
        [SEEN[:-3], b"abc"],
        [SEEN[:20], SEEN[20:]],
        [SEEN + b"more"],
        [SEEN + SEEN],
        [b"\r\n" + SEEN],
        [b"HTTP/1.1 100 Continue\r\n\r\n" + SEEN],
        [SEEN.replace(b"length: 3", b"length: 2")],
        [SEEN.replace(b"HTTP/1.1", b"HTTP/1.0")],
        [SEEN.replace(b"x-a: 1", b"connection: close")],
        [SEEN.replace(b"x-a: 1", b"transfer-encoding: chunked")],
        [SEEN.replace(b"x-a: 1", b"content-encoding: gzip")],
        [b"HTTP/1.1 204 No Content\r\ncontent-length: 3\r\nx-a: 1\r\n\r\nabc"],
    ],
)
def test_a_known_head_changes_no_answer(parts: list[bytes]) -> None:
    """Whether the parser reads a head or it is known: the same answer, or the same refusal."""
    heads = KnownHeads()
    assert converse([SEEN], heads) == (200, b"abc")
    assert heads.read(SEEN) is not None
    first, again = converse(parts, heads), converse(parts, heads)
    assert first == again == converse(parts)


def test_only_so_many_heads_are_kept() -> None:
    """A server whose every head is new does not fill the memory."""
    heads = KnownHeads()
    for number in range(1_000):
        heads.note(SEEN.replace(b"x-a: 1", b"x-a: %04d" % number), 200, b"", 3)
    newest = SEEN.replace(b"x-a: 1", b"x-a: 0999")
    assert heads.read(newest) is not None
    assert heads.read(SEEN.replace(b"x-a: 1", b"x-a: 0000")) is None
