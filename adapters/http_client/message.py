"""The values of one exchange: the limits, the request as bytes, the response.

In: what the caller asked for. Out: bytes for the wire, with nothing in them that could end a
line early. Responses keep their headers as received and look them up on demand, because most
callers read one or none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from adapters.http_client.errors import InvalidRequest

__all__ = [
    "Headers",
    "HttpLimits",
    "HttpResponse",
    "Origin",
    "parse_origin",
    "render_request",
    "split_url",
]

Headers = Sequence[tuple[str, str]]
"""Request headers: names and values, in the order sent."""

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_TARGET = re.compile(r"/[\x21-\x22\x24-\x7e]*")  # no blanks, no control characters, no fragment
_URL = re.compile(r"(https?)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """How much one upstream may take of us."""

    timeout_seconds: float = 30.0  # for a whole exchange, unless the call says otherwise
    connect_seconds: float = 10.0  # for TCP and TLS together
    connections: int = 100  # per origin; further calls wait in line
    response_bytes: int = 30_000_000  # of a body, before and after decompression
    header_bytes: int = 65_536  # of a whole head, interim answers included
    header_count: int = 256
    # Just below the five seconds after which common servers close a silent connection: so we
    # seldom write into one that is closing.
    idle_seconds: float = 4.0


class Origin(NamedTuple):
    """Where a connection leads; prints as ``host:port``, which is all that errors may name."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """Print for an error text."""
        return f"{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(slots=True)  # one per call: not frozen, which would cost a microsecond
class HttpResponse:
    """A whole answer; ``body`` is already decompressed."""

    status: int
    raw_headers: list[tuple[bytes, bytes]]  # as received, without trailers
    body: bytes

    def header(self, name: str) -> str | None:
        """Give the header's value, several joined by a comma as HTTP defines; None if absent."""
        wanted = name.lower().encode("latin-1")
        values = [value for key, value in self.raw_headers if key.lower() == wanted]
        return b", ".join(values).decode("latin-1") if values else None


def split_url(url: str) -> tuple[str, str]:
    """Split an absolute URL into ``scheme://authority`` and the target."""
    start = url.find("/", 8)
    query = url.find("?", 8)
    if 0 <= query < start or (start < 0 <= query):
        return url[:query], "/" + url[query:]
    return (url, "/") if start < 0 else (url[:start], url[start:])


def parse_origin(base: str) -> Origin:
    """Read ``scheme://host:port``; raises ``InvalidRequest``."""
    match = _URL.fullmatch(base)
    if match is None:
        raise InvalidRequest('the URL is not "http(s)://host[:port]/…" without user and password')
    scheme, host, port = match[1], match[2].strip("[]"), match[3]
    return Origin(scheme, host, int(port) if port else _PORTS[scheme])


def render_request(
    method: str, target: str, authority: str, headers: Headers, body: bytes | None
) -> bytes:
    """Give the bytes to send; raises ``InvalidRequest`` for what would break the framing."""
    if not method.isalpha() or not method.isascii() or method == "HEAD":
        raise InvalidRequest(f'method "{method[:20]}" cannot be sent')
    if _TARGET.fullmatch(target) is None:
        raise InvalidRequest(
            "the URL's path or query holds characters that must be percent-encoded"
        )
    lines = [f"{method} {target} HTTP/1.1\r\nhost: {authority}\r\naccept-encoding: gzip\r\n"]
    for name, value in headers:
        if _NAME.fullmatch(name) is None or _VALUE.fullmatch(value) is None:
            raise InvalidRequest(
                f'header "{name[:50]!r}" holds characters that HTTP does not allow'
            )
        lines.append(f"{name}: {value}\r\n")
    if body is None:
        lines.append("\r\n" if method == "GET" else "content-length: 0\r\n\r\n")
        return "".join(lines).encode("latin-1")
    lines.append(f"content-length: {len(body)}\r\n\r\n")
    return "".join(lines).encode("latin-1") + body
