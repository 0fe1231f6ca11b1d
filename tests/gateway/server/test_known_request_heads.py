"""A head that is known but for some lines is read as if it were new."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.server.head import RequestHead, parse_head
from gateway.server.known_request_heads import KnownRequestHeads
from gateway.server.refusal import Refused
from gateway.server.settings import EdgeSettings
from tests.testkit.work import count_calls

SETTINGS = EdgeSettings(headers_count=8, headers_bytes=300)
LINES = st.sampled_from(
    [
        b"Host: a",
        b"Host: b",
        b"Content-Length: 1",
        b"Content-Length: 22",
        b"content-length: 1",
        b"Transfer-Encoding: chunked",
        b"Connection: close",
        b"X-Id: 1",
        b"X-Id: 2",
        b"X-Id:3 ",
        b"x-id: 4",
        b"X-Id : 5",
        b"X-Id: a\nb",
        b"X-Id: " + b"l" * 280,
        b"X-Trace: 1",
        b"X-Trace: 2",
        b"X-Other: X-Id: 9",
        b" X-Id: folded",
    ]
)
HEADS = st.tuples(
    st.sampled_from([b"POST /graphql HTTP/1.1", b"GET /a?x=1 HTTP/1.1", b"GET http://c/ HTTP/1.1"]),
    st.lists(LINES, max_size=9),
)


def _head(lines: list[bytes], first: bytes = b"POST /graphql HTTP/1.1") -> bytes:
    return b"\r\n".join([first, *lines, b"", b""])


def _read(known: KnownRequestHeads | None, head: bytes, settings: EdgeSettings) -> object:
    try:
        return parse_head(head, settings) if known is None else known.read(head)
    except Refused as refused:
        return refused.refusal


@pytest.mark.property
@given(st.lists(HEADS, min_size=1, max_size=12))
def test_every_head_is_read_as_if_it_were_new(heads: list[tuple[bytes, list[bytes]]]) -> None:
    """Whatever came before, in whichever order: the same head, or the same refusal."""
    known = KnownRequestHeads(SETTINGS)
    usual = [_head([b"Host: a", b"X-Id: %d" % number, b"X-Trace: 0"]) for number in range(3)]
    for head in [*usual, *(_head(lines, first) for first, lines in heads), *usual]:
        assert _read(known, head, SETTINGS) == _read(None, head, SETTINGS)


def _ids(known: KnownRequestHeads, *names: bytes, count: int = 4) -> list[RequestHead]:
    return [
        known.read(_head([b"Host: a", *(b"%b: %d" % (name, number) for name in names)]))
        for number in range(count)
    ]


@pytest.mark.parametrize("names", [(), (b"X-Id",), (b"X-Id", b"traceparent")])
def test_only_the_lines_that_change_are_read(names: tuple[bytes, ...]) -> None:
    """The rest is found as it is: fewer calls than to read the whole."""
    known = KnownRequestHeads(SETTINGS)
    read = _ids(known, *names)
    assert [head.fields.get("x-id") for head in read] == (
        ["0", "1", "2", "3"] if names else [None] * 4
    )
    lines = [b"Host: a", *(b"%b: 9" % name for name in names)]
    head = _head(lines)
    whole = count_calls(lambda: parse_head(_head([*lines, b"X-New: 1"]), SETTINGS))
    assert count_calls(lambda: known.read(head)) < whole


@pytest.mark.parametrize("other", [b"X-Id: 7", b"x-id: 7"])
def test_a_header_sent_twice_is_never_taken_for_one(other: bytes) -> None:
    """Also where one of the two is a line that is usually cut out, and the rest is known."""
    known = KnownRequestHeads(SETTINGS)
    _ids(known, b"X-Id")
    known.read(_head([b"Host: a", other]))
    head = known.read(_head([b"Host: a", b"X-Id: 6", other]))
    assert head.repeated == {"x-id": ["6", "7"]}


def test_a_length_is_read_whenever_it_changes() -> None:
    """How a message is framed comes from no other message."""
    known = KnownRequestHeads(SETTINGS)
    lengths = [1, 2, 2, 33, 1]
    heads = [known.read(_head([b"Host: a", b"Content-Length: %d" % each])) for each in lengths]
    assert [head.content_length for head in heads] == lengths


def test_what_is_kept_is_bounded() -> None:
    """By the number of heads, and by the size of each."""
    known = KnownRequestHeads(replace(SETTINGS, headers_bytes=16_384))
    for number in range(1_000):
        known.read(_head([b"Host: a%d" % number, b"X-%d: %d" % (number, number)]))
    known.read(_head([b"Host: a", b"X-Long: " + b"l" * 4_000]))
    kept = known._known
    assert len(kept) <= 256
    assert all(len(head) <= 2_048 for head in kept)
