"""Cutting what a connection sent into requests, and counting what is held of unfinished ones."""

from dataclasses import replace

import pytest

from gateway.server.connections import Connections
from gateway.server.refusal import Refused
from gateway.server.request_reader import RequestReader
from tests.testkit.raw_http import QUICK

SIZED = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX-A: 1\r\nx-a: 2\r\n\r\nabc"
CHUNKED = b"POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxyz\r\n0\r\n\r\n"


def _feed(reader, data):
    reader.buffer += data
    return reader.read()


@pytest.mark.parametrize("size", [1, 2, 7, 1_000])
def test_requests_come_out_whole_however_they_are_cut(size):
    """A request is the same in one piece and in many, and nothing is counted when all is read."""
    connections = Connections(QUICK)
    reader = RequestReader(connections)
    data = SIZED + CHUNKED + SIZED
    found = []
    for begin in range(0, len(data), size):
        request = _feed(reader, data[begin : begin + size])
        reader.count()
        while request is not None:
            found.append((request[0].target.path, request[1]))
            request = reader.read()
    reader.count()
    assert found == [("/a", b"abc"), ("/b", b"xyz"), ("/a", b"abc")]
    assert reader.is_idle
    assert connections.held == 0


def test_repeated_headers_are_joined_and_kept_apart():
    """Whoever wants one value gets all of them; whoever must refuse two sees them."""
    request = _feed(RequestReader(Connections(QUICK)), SIZED)
    assert request is not None
    assert request[0].fields["x-a"] == "1, 2"
    assert request[0].repeated == {"x-a": ["1", "2"]}
    assert request[0].render_pairs()[-2:] == [(b"x-a", b"1"), (b"x-a", b"2")]


def test_what_is_held_is_told_and_given_back():
    """An unfinished body counts in the sum of all connections until it is dropped."""
    connections = Connections(replace(QUICK, held_bytes=2))
    reader = RequestReader(connections)
    assert _feed(reader, SIZED[:-1]) is None
    assert reader.is_in_body
    assert not reader.count()
    assert connections.held == 2
    reader.buffer = b"much more"
    assert reader.count()
    reader.clear()
    assert connections.held == 0


def test_a_body_that_is_too_long_is_refused_in_one_piece_too():
    """The limit holds whether the body has come already or not."""
    reader = RequestReader(Connections(replace(QUICK, body_bytes=2)))
    with pytest.raises(Refused) as raised:
        _feed(reader, SIZED)
    assert raised.value.refusal.status == 413
