"""Where bodies end, however the bytes are cut."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.server.framing import ChunkedBody, SizedBody
from gateway.server.refusal import Refused
from gateway.server.settings import EdgeSettings

SETTINGS = EdgeSettings(body_bytes=1_000)
WIRE = b"3;a=b\r\nabc\r\n00A\r\n0123456789\r\n0\r\nX-A: 1\r\n\r\n"


def feed_all(reader, pieces):
    """Feed piece after piece; give the body and what follows it."""
    for number, piece in enumerate(pieces):
        following = reader.feed(piece)
        if following is not None:
            return reader.take(), following + b"".join(pieces[number + 1 :])
    return None


@given(cuts=st.sets(st.integers(min_value=1, max_value=len(WIRE) + 3)))
def test_chunks_are_read_however_they_are_cut(cuts):
    """The body and what follows it do not depend on the network's pieces."""
    data = WIRE + b"GET "
    places = [0, *sorted(cuts), len(data)]
    pieces = [data[a:b] for a, b in itertools.pairwise(places)]
    assert feed_all(ChunkedBody(SETTINGS), pieces) == (b"abc0123456789", b"GET ")


@given(cuts=st.sets(st.integers(min_value=1, max_value=7)))
def test_sized_bodies_are_read_however_they_are_cut(cuts):
    """A body of five bytes ends after five bytes."""
    places = [0, *sorted(cuts), 8]
    pieces = [b"abcdefgh"[a:b] for a, b in itertools.pairwise(places)]
    assert feed_all(SizedBody(5), pieces) == (b"abcde", b"fgh")


def test_an_empty_body_ends_at_once():
    """No length is no body: all bytes belong to the next request."""
    reader = SizedBody(0)
    assert (reader.feed(b"GET"), reader.take()) == (b"GET", b"")


def test_the_limit_counts_all_chunks_together():
    """The chunk that would go over the limit is refused before it is read."""
    reader = ChunkedBody(SETTINGS)
    assert reader.feed(b"3e8\r\n" + b"a" * 1_000 + b"\r\n") is None
    with pytest.raises(Refused) as caught:
        reader.feed(b"1\r\n")
    assert caught.value.refusal.status == 413
