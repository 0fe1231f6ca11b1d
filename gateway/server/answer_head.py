"""The heads of answers, as bytes.

In: a status, headers, a body's length. Out: status line and header lines. The heads of our own
answers are few: each is rendered once and kept.
"""

from __future__ import annotations

import http
from functools import lru_cache

from gateway.server.refusal import Refusal, render_refusal
from gateway.server.reply import SECURITY_HEADERS, Headers, Reply, join_headers

__all__ = [
    "SLICE_BYTES",
    "render_answer_head",
    "render_known_head",
    "render_reply",
    "render_reply_head",
    "render_whole_answer",
]

# The most that a client who reads slowly holds beside its answer; larger bodies are written bit by
# bit. Answers of ordinary queries are smaller and leave in one write with their head.
SLICE_BYTES = 262_144

_PHRASES = {status.value: status.phrase.encode() for status in http.HTTPStatus}
_PHRASES[294] = b"Partial Success"
_STATUS_LINES = {
    status: b"HTTP/1.1 %d %s\r\n" % (status, _PHRASES.get(status, b""))
    for status in range(200, 600)
}
_LENGTH_NAME = b"\r\ncontent-length: "
_CLOSE_LINE = b"\r\nconnection: close\r\n"


def render_answer_head(
    status: int, headers: Headers | list[tuple[bytes, bytes]]
) -> tuple[bytes, int | None, bool]:
    """Render status line and headers; give also the length promised and whether to close.

    Names are in lower case, as ASGI has them.
    """
    lines = b"".join((_STATUS_LINES[status], b"\r\n".join(map(b": ".join, headers)), b"\r\n"))
    # A line end inside a value would let the value write headers of its own.
    if not lines.count(b"\r") == lines.count(b"\n") == len(headers) + 1:
        if headers:
            raise RuntimeError("a header of the answer holds a line end")
        lines = _STATUS_LINES[status]
    promised = None
    place = lines.find(_LENGTH_NAME)
    if place >= 0:
        place += len(_LENGTH_NAME)
        promised = int(lines[place : lines.index(b"\r", place)])
    return lines, promised, _CLOSE_LINE in lines


render_known_head = lru_cache(maxsize=256)(render_answer_head)


def render_reply_head(reply: Reply, common: bytes, *, keep_alive: bool) -> bytes:
    """Render the head of a whole answer, its length and its end with it."""
    lead = _render_lead(reply.status, reply.media_type, reply.headers, common, keep_alive)
    return b"%b%d\r\n\r\n" % (lead, len(reply.body))


def render_reply(reply: Reply, common: bytes, *, keep_alive: bool) -> bytes:
    """Render a whole answer, so that head and body are copied once."""
    lead = _render_lead(reply.status, reply.media_type, reply.headers, common, keep_alive)
    return b"%b%d\r\n\r\n%b" % (lead, len(reply.body), reply.body)


@lru_cache(maxsize=256)
def _render_lead(
    status: int, media_type: bytes, headers: Headers, common: bytes, keep_alive: bool
) -> bytes:
    """Render all of a head but the length's value; ``common`` is another each second."""
    lines = render_answer_head(status, join_headers(media_type, headers))[0]
    close = b"" if keep_alive else _CLOSE_LINE[2:]
    return b"%b%b%b%b" % (lines, close, common, _LENGTH_NAME[2:])


def render_whole_answer(refusal: Refusal, common: bytes, *, bodiless: bool = False) -> bytes:
    """Render an answer that is given below the application and closes the connection."""
    body = render_refusal(refusal)
    headers: Headers = (
        (b"content-type", b"application/graphql-response+json; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        *SECURITY_HEADERS,
        *refusal.headers,
        (b"connection", b"close"),
    )
    lines, _, _ = render_answer_head(refusal.status, headers)
    return lines + common + b"\r\n" + (b"" if bodiless else body)
