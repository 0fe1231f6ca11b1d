"""The values of one exchange: the limits, the request as bytes, the response.

In: what the caller asked for. Out: bytes for the wire, with nothing in them that could end a
line early. A response keeps its header lines as received and reads them on demand, because most
callers want one or none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import msgspec

from adapters.http_client.errors import InvalidRequest

__all__ = [
    "Headers",
    "HttpLimits",
    "HttpResponse",
    "Origin",
    "find_header",
    "parse_origin",
    "render_head",
    "render_request",
    "split_url",
]

Headers = Sequence[tuple[str, str]]
"""Request headers: names and values, in the order sent."""

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_is_value = re.compile(r"[\t\x20-\x7e\x80-\xff]*").fullmatch
_TARGET = re.compile(r"/[\x21-\x22\x24-\x7e]*")  # no blanks, no control characters, no fragment
_URL = re.compile(r"(https?)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?")
_PORTS = {"http": 80, "https": 443}
_NO_LENGTH = {b"GET ": b"", b"HEAD": b""}  # methods for which no body means nothing


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
    """Where a connection leads; prints as ``host:port``, which is all that errors may name.

    For scheme ``unix`` the host is the socket's path, and the port 0.
    """

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        """Print for an error text."""
        return f"unix:{self.host}" if self.scheme == "unix" else f"{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        if self.scheme == "unix":
            return "localhost"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


class HttpResponse(msgspec.Struct, frozen=True, gc=False):  # one per call: cheap to make
    """A whole answer; ``body`` is already decompressed."""

    status: int
    header_lines: bytes  # as received, each ended by CR LF; without status line and trailers
    body: bytes

    def header(self, name: str) -> str | None:
        """Give the header's value, several joined by a comma as HTTP defines; None if absent."""
        value = find_header(self.header_lines, name.lower().encode("latin-1"))
        return None if value is None else value.decode("latin-1")


def find_header(lines: bytes, name: bytes) -> bytes | None:
    """Find a header by its lower-case name; several are joined by a comma; None if absent."""
    values = []
    for line in lines.split(b"\r\n"):
        found, _, value = line.partition(b":")
        if found.lower() == name:
            values.append(value.strip(b" \t"))
    return b", ".join(values) if values else None


def split_url(url: str) -> tuple[str, str]:
    """Split an absolute URL into what leads to the server, and the target.

    ``http(s)://host[:port]/target``, or ``unix:/path/of.sock:/target``.
    """
    if url.startswith("unix:"):
        path, _, target = url[5:].partition(":")
        return f"unix:{path}", target or "/"
    start = url.find("/", 8)
    query = url.find("?", 8)
    if 0 <= query < start or (start < 0 <= query):
        return url[:query], "/" + url[query:]
    return (url, "/") if start < 0 else (url[:start], url[start:])


def parse_origin(base: str) -> Origin:
    """Read ``scheme://host[:port]`` or ``unix:/path``; raises ``InvalidRequest``."""
    if base.startswith("unix:/"):
        return Origin("unix", base[5:], 0)
    match = _URL.fullmatch(base)
    if match is None:
        raise InvalidRequest(
            'the URL is neither "http(s)://host[:port]/…" without user and password, '
            'nor "unix:/path/of.sock:/…"'
        )
    scheme, host, port = match[1], match[2].strip("[]"), match[3]
    return Origin(scheme, host, int(port) if port else _PORTS[scheme])


def render_head(method: str, target: str, authority: str, headers: Headers) -> bytes:
    """Give a request's head but for its end; raises ``InvalidRequest``.

    What is always asked alike is rendered once; ``render_request`` adds the rest.
    """
    if not method.isalpha() or not method.isascii():
        raise InvalidRequest(f'method "{method[:20]}" cannot be sent')
    if _TARGET.fullmatch(target) is None:
        raise InvalidRequest(
            "the URL's path or query holds characters that must be percent-encoded"
        )
    first = f"{method} {target} HTTP/1.1\r\nhost: {authority}\r\naccept-encoding: gzip\r\n"
    return (first + _render_headers(headers)).encode("latin-1")


def render_request(
    head: bytes, body: bytes | None, headers: Headers = (), left_out: Set[str] = frozenset()
) -> bytes:
    """Give the bytes to send: ``head``, more ``headers``, the body; raises ``InvalidRequest``.

    Of ``headers``, those whose name is among ``left_out`` are not sent.
    """
    more = _render_headers(headers, left_out) if headers else ""
    if body is None:
        length = _NO_LENGTH.get(head[:4], b"content-length: 0\r\n")
        return head + more.encode("latin-1") + length + b"\r\n"
    return head + f"{more}content-length: {len(body)}\r\n\r\n".encode("latin-1") + body


def _render_headers(headers: Headers, left_out: Set[str] = frozenset()) -> str:
    lines = ""
    for name, value in headers:
        if name in left_out:
            continue
        if not _is_name(name) or _is_value(value) is None:
            raise InvalidRequest(
                f'header "{name[:50]!r}" holds characters that HTTP does not allow'
            )
        lines += f"{name}: {value}\r\n"
    return lines


@lru_cache(maxsize=256)
def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None
