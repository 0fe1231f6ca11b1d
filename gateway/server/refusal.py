"""What the edge refuses before the graph is asked: a status, a code, and a text.

In: a broken rule of HTTP. Out: a ``Refusal``, rendered as the GraphQL request error that every
client of this server can read. Texts say where, and never repeat what was sent.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

__all__ = ["CODES", "Refusal", "Refused", "render_refusal"]

CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHENTICATED",
    403: "CROSS_SITE_REQUEST",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    408: "REQUEST_TIMEOUT",
    413: "PAYLOAD_TOO_LARGE",
    414: "URI_TOO_LONG",
    415: "UNSUPPORTED_MEDIA_TYPE",
    417: "EXPECTATION_FAILED",
    422: "BAD_USER_INPUT",
    431: "HEADERS_TOO_LARGE",
    500: "INTERNAL_SERVER_ERROR",
    501: "NOT_IMPLEMENTED",
    503: "OVERLOADED",
    505: "HTTP_VERSION_NOT_SUPPORTED",
}
"""The code of each status that the edge itself gives."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not taken."""

    status: int
    message: str
    headers: tuple[tuple[bytes, bytes], ...] = ()  # Allow, Retry-After


class Refused(Exception):
    """Raised where a request is read; carries its refusal."""

    def __init__(
        self, status: int, message: str, headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> None:
        super().__init__(message)
        self.refusal = Refusal(status, message, headers)


def render_refusal(refusal: Refusal) -> bytes:
    """Give the body: one GraphQL request error."""
    error = {"message": refusal.message, "extensions": {"code": CODES[refusal.status]}}
    return msgspec.json.encode({"errors": [error]})
