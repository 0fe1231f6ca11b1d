"""One whole answer, and the headers that every answer carries.

In: status, media type, body. Out: ASGI messages. All bodies of this server are complete when they
are sent, so each has its length.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from gateway.server.asgi import Send
from gateway.server.negotiation import GRAPHQL_RESPONSE, JSON
from gateway.server.refusal import Refusal, render_refusal

__all__ = [
    "SECURITY_HEADERS",
    "Headers",
    "Reply",
    "build_json",
    "build_refused",
    "join_headers",
    "send_reply",
]

Headers = tuple[tuple[bytes, bytes], ...]
"""Response headers, names in lower case."""

SECURITY_HEADERS: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
"""For answers that no browser shows as a page; the console replaces the policy by its own."""

_NEVER_KEPT: Headers = ((b"cache-control", b"no-store"), *SECURITY_HEADERS)


class Reply(msgspec.Struct, gc=False):
    """Built per request, so a struct."""

    status: int
    media_type: bytes
    body: bytes
    headers: Headers = ()  # beside those that every answer carries


def build_json(status: int, value: object) -> Reply:
    """Build an answer of the service itself, such as a health report."""
    return Reply(status, JSON, msgspec.json.encode(value))


def build_refused(refusal: Refusal, media_type: bytes = GRAPHQL_RESPONSE) -> Reply:
    """Build the answer to a request that is not taken.

    At the graph's path it is labelled as a GraphQL answer even for a client that did not ask for
    that type: in a 4xx labelled ``application/json`` a client could not tell it from a proxy's.
    """
    return Reply(refusal.status, media_type, render_refusal(refusal), refusal.headers)


async def send_reply(send: Send, reply: Reply) -> None:
    """Send a whole answer; the server adds its length."""
    headers = join_headers(reply.media_type, reply.headers)
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


@lru_cache(maxsize=256)
def join_headers(media_type: bytes, headers: Headers) -> Headers:
    """Give all headers of an answer; the same tuple for the same answer."""
    return ((b"content-type", media_type), *_NEVER_KEPT, *headers)
