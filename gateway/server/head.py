"""The head of one HTTP/1.1 request: request line and header lines, read strictly.

In: bytes up to and with the empty line. Out: a ``RequestHead``, or a ``Refused`` that says which
line is wrong. Pure. RFC 9110 and 9112; whatever two readers might understand differently (two
lengths, a length and chunks, folded lines, bare line feeds, two hosts) is refused, not repaired:
request smuggling lives in such repairs. The grammar is an allow-list of regular expressions.

A client sends the same lines again and again: what was read of the latest is kept, line by line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import msgspec

from gateway.server.refusal import Refused
from gateway.server.settings import EdgeSettings

__all__ = [
    "FRAMING_NAMES",
    "HEADER_VALUE",
    "HEAD_END",
    "RequestHead",
    "Target",
    "check_partial_head",
    "parse_head",
]

HEAD_END = b"\r\n\r\n"
FRAMING_NAMES = frozenset(
    (b"host", b"content-length", b"transfer-encoding", b"connection", b"expect")
)
"""Headers that say what kind of message this is, names in lower case."""

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_REQUEST_LINE = re.compile(rb"(" + _TOKEN + rb"{1,32}) ([\x21-\x7e]+) HTTP/([0-9])\.([0-9])")
_VALUE = rb"[\t\x20-\x7e\x80-\xff]*+"
_HEADER_LINE = re.compile(rb"(" + _TOKEN + rb"++):(" + _VALUE + rb")")
HEADER_VALUE = re.compile(_VALUE)
# What may stand nowhere in a head: controls, a line feed alone, a carriage return alone.
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|(?<!\r)\n|\r(?!\n|\Z)")
_ABSOLUTE = re.compile(rb"(?i:https?)://([^/?#]+)([^#]*)")
_HOST = re.compile(
    rb"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9\-._~!$&'()*+;=]|%[0-9A-Fa-f]{2})+)(?::[0-9]{0,5})?"
)
_LENGTH = re.compile(r"[0-9]{1,18}")
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_LONGEST_REQUEST_LINE = 64  # bytes beside the target: the longest method, version, spaces
# Lines whose reading is kept. A client's head has a dozen, of which one or two are new each time;
# twice as many serve more kinds of clients, for 100 kB more.
_KEPT_LINES = 512
_KEPT_BLOCK_BYTES = 2_048  # of larger heads nothing is kept: all that is kept is 1 MB at most
_KEPT_TARGET_BYTES = 256
_DEFAULTS = EdgeSettings()
_NO_REPEATED: Mapping[str, list[str]] = {}


class Target(NamedTuple):
    """A request line, read."""

    method: str
    raw_path: bytes
    path: str  # percent-decoded
    query_string: bytes
    authority: str | None  # of an absolute target: it counts, the header "Host" does not
    is_current: bool  # HTTP/1.1


class _Framing(NamedTuple):
    """What the headers say of the request as a message."""

    content_length: int
    is_chunked: bool
    keep_alive: bool
    expects_continue: bool


class RequestHead(msgspec.Struct, gc=False):
    """One request before its body. Built per request, so a struct."""

    target: Target
    fields: dict[str, str]  # names in lower case; of a repeated header its values, joined
    repeated: Mapping[str, list[str]]  # the values of each header that was sent more than once
    content_length: int  # 0 where there is no body
    is_chunked: bool
    keep_alive: bool
    expects_continue: bool

    @property
    def method(self) -> str:
        """The method, as sent."""
        return self.target.method

    @property
    def version(self) -> str:
        """The version of HTTP, ``1.1`` or ``1.0``."""
        return "1.1" if self.target.is_current else "1.0"

    def render_pairs(self) -> list[tuple[bytes, bytes]]:
        """Give the headers as ASGI has them."""
        return [
            (name.encode("latin-1"), each.encode("latin-1"))
            for name, value in self.fields.items()
            for each in self.repeated.get(name, (value,))
        ]


def parse_head(head: bytes, settings: EdgeSettings) -> RequestHead:
    """Read a whole head, up to and with the empty line; raises ``Refused``."""
    line, _, block = head[:-4].partition(b"\r\n")
    if b"?" in line or len(line) > _KEPT_TARGET_BYTES or len(line) > settings.target_bytes:
        target = _read_target(line, settings)  # it may hold values: nothing of it is kept
    else:
        target = _read_known_target(line)
    if len(block) + 2 > settings.headers_bytes:
        raise _too_large_head(settings)
    raw = block.split(b"\r\n") if block else []
    if len(raw) > settings.headers_count:
        raise _too_many_headers(settings)
    is_kept = len(block) < _KEPT_BLOCK_BYTES
    try:
        lines = list(map(_read_known_line if is_kept else _read_line, raw))
    except ValueError:
        raise _explain_header_lines(raw) from None
    fields = dict(lines)
    repeated = _NO_REPEATED if len(fields) == len(lines) else _join_repeated(lines, fields)
    if repeated:
        _check_repeated(repeated)
    get = fields.get
    framing = (_read_known_framing if is_kept else _read_framing)(
        target.is_current,
        get("host"),
        get("content-length"),
        get("transfer-encoding"),
        get("connection"),
        get("expect"),
    )
    if target.authority is not None:  # RFC 9112 section 3.2.2
        fields["host"] = target.authority
    return RequestHead(target, fields, repeated, *framing)


def check_partial_head(received: bytes, settings: EdgeSettings) -> None:
    """Refuse what can no longer become a head, before its end has come."""
    if _FORBIDDEN.search(received) is not None:
        raise _explain_forbidden(received)
    end = received.find(b"\r\n")
    if end < 0:
        if len(received) > settings.target_bytes + _LONGEST_REQUEST_LINE:
            raise _too_long_target(settings)
        return
    if _REQUEST_LINE.fullmatch(received, 0, end) is None:
        raise _explain_request_line(received, settings)
    if len(received) - end > settings.headers_bytes:
        raise _too_large_head(settings)
    if received.count(b"\r\n") > settings.headers_count + 1:
        raise _too_many_headers(settings)


def _read_line(line: bytes) -> tuple[str, str]:
    """Give name and value; raises ``ValueError`` for what is no header line."""
    match = _HEADER_LINE.fullmatch(line)
    if match is None:
        raise ValueError
    name, value = match.groups()
    return name.lower().decode("ascii"), value.strip(b" \t").decode("latin-1")


_read_known_line = lru_cache(_KEPT_LINES)(_read_line)


def _join_repeated(lines: list[tuple[str, str]], fields: dict[str, str]) -> dict[str, list[str]]:
    """Join the values of repeated headers in ``fields``; give them apart."""
    values: dict[str, list[str]] = {}
    for name, value in lines:
        values.setdefault(name, []).append(value)
    repeated = {name: each for name, each in values.items() if len(each) > 1}
    fields.update({name: ", ".join(each) for name, each in repeated.items()})
    return repeated


def _check_repeated(repeated: Mapping[str, list[str]]) -> None:
    for name in ("host", "content-length", "transfer-encoding"):
        if name in repeated:
            raise Refused(400, f'the header "{name.title()}" is sent more than once; send it once')


def _read_framing(
    is_current: bool,
    host: str | None,
    length: str | None,
    coding: str | None,
    connection: str | None,
    expectation: str | None,
) -> _Framing:
    """Read the headers that say what kind of message this is; None: not sent."""
    _check_host(host, is_current)
    return _Framing(
        _read_content_length(length),
        coding is not None and _read_transfer_encoding(coding, length, is_current),
        is_current and not (connection is not None and _asks_for_close(connection)),
        expectation is not None and _read_expect(expectation, is_current),
    )


_read_known_framing = lru_cache(_KEPT_LINES)(_read_framing)


def _check_host(host: str | None, is_current: bool) -> None:
    if host is None:
        if is_current:
            raise Refused(400, 'the header "Host" is missing; HTTP/1.1 requires it')
    elif not _is_host(host.encode("latin-1")):
        raise Refused(400, 'the header "Host" is not a host with an optional port')


@lru_cache(maxsize=256)
def _is_host(value: bytes) -> bool:
    return _HOST.fullmatch(value) is not None


def _read_target(line: bytes, settings: EdgeSettings) -> Target:
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise _explain_request_line(line, settings)
    method, target, major, minor = match.groups()
    if len(target) > settings.target_bytes:
        raise _too_long_target(settings)
    if major != b"1" or minor not in b"01":
        raise Refused(505, "this server speaks HTTP/1.1 and HTTP/1.0")
    raw_path, query_string, authority = _split_target(method, target)
    return Target(
        method.decode("ascii"),
        raw_path,
        _decode_path(raw_path),
        query_string,
        None if authority is None else authority.decode("ascii"),
        minor == b"1",
    )


@lru_cache(maxsize=256)
def _read_known_target(line: bytes) -> Target:
    return _read_target(line, _DEFAULTS)


def _split_target(method: bytes, target: bytes) -> tuple[bytes, bytes, bytes | None]:
    """Give path, query string, and the authority of an absolute target."""
    authority = None
    if not target.startswith(b"/"):
        if method == b"OPTIONS" and target == b"*":
            return b"*", b"", None
        absolute = _ABSOLUTE.fullmatch(target)
        if absolute is None or not _is_host(absolute[1]):
            raise Refused(400, 'the request target must be a path such as "/graphql"')
        authority = absolute[1]
        target = absolute[2] if absolute[2].startswith(b"/") else b"/" + absolute[2]
    if b"#" in target:
        raise Refused(400, 'the request target has a "#"; fragments stay with the client')
    path, _, query_string = target.partition(b"?")
    return path, query_string, authority


def _decode_path(raw_path: bytes) -> str:
    if b"%" not in raw_path:
        return raw_path.decode("ascii")
    if _BAD_ESCAPE.search(raw_path) is not None:
        raise Refused(400, 'the path has a "%" without two hexadecimal digits')
    try:
        path = unquote_to_bytes(raw_path).decode()
    except UnicodeDecodeError:
        raise Refused(400, "the path is not percent-encoded UTF-8") from None
    if "\0" in path:
        raise Refused(400, "the path has a null character")
    return path


def _read_transfer_encoding(sent: str, length: str | None, is_current: bool) -> bool:
    coding = sent.lower()
    if not is_current:
        raise Refused(400, '"Transfer-Encoding" does not exist in HTTP/1.0')
    if length is not None:
        raise Refused(400, '"Content-Length" and "Transfer-Encoding" exclude each other')
    if coding == "chunked":
        return True
    first, _, last = coding.rpartition(",")
    if last.strip(" \t") == "chunked" and "chunked" not in first:
        raise Refused(501, 'the only "Transfer-Encoding" known here is "chunked"')
    raise Refused(400, '"Transfer-Encoding" must be "chunked"')


def _read_content_length(length: str | None) -> int:
    if length is None:
        return 0
    if _LENGTH.fullmatch(length) is None:
        raise Refused(400, 'the header "Content-Length" is not a decimal number')
    return int(length)


def _read_expect(expectation: str, is_current: bool) -> bool:
    if not is_current:
        return False
    if any(value.strip(" \t").lower() != "100-continue" for value in expectation.split(",")):
        raise Refused(417, 'the only "Expect" known here is "100-continue"')
    return True


def _asks_for_close(connection: str) -> bool:
    return any(part.strip(" \t").lower() == "close" for part in connection.split(","))


def _explain_request_line(head: bytes, settings: EdgeSettings) -> Refused:
    line = head.partition(b"\r\n")[0]
    words = line.split(b" ")
    if len(words) == 3 and words[2].startswith(b"HTTP/") and len(words[1]) > settings.target_bytes:
        return _too_long_target(settings)
    if len(words) == 3 and re.fullmatch(rb"HTTP/[0-9]+(\.[0-9]+)?", words[2]) is not None:
        if words[2] not in (b"HTTP/1.1", b"HTTP/1.0"):
            return Refused(400, "this server speaks HTTP/1.1 and HTTP/1.0")
        return Refused(400, "the method or the target of the request line is not valid")
    return Refused(400, 'the request line must read "METHOD TARGET HTTP/1.1"')


def _explain_header_lines(lines: list[bytes]) -> Refused:
    good = [_HEADER_LINE.fullmatch(line) is not None for line in lines]
    return Refused(400, f'header line {good.index(False) + 1} must read "Name: value", on one line')


def _explain_forbidden(received: bytes) -> Refused:
    match = _FORBIDDEN.search(received)
    place = 0 if match is None else match.start()
    line = received.count(b"\n", 0, place) + 1
    return Refused(400, f"line {line} of the head has a control character, or a line end not CR LF")


def _too_long_target(settings: EdgeSettings) -> Refused:
    return Refused(
        414, f"the request target is longer than {settings.target_bytes} bytes; use POST"
    )


def _too_large_head(settings: EdgeSettings) -> Refused:
    return Refused(
        431, f"the headers are larger than {settings.headers_bytes} bytes together; send less"
    )


def _too_many_headers(settings: EdgeSettings) -> Refused:
    return Refused(431, f"there are more than {settings.headers_count} headers; send fewer")
