"""The head of one HTTP/1.1 request: request line and header lines, read strictly.

In: bytes up to and with the empty line. Out: a ``RequestHead``, or a ``Refused`` that says which
line is wrong. Pure. RFC 9110 and 9112; whatever two readers might understand differently (two
lengths, a length and chunks, folded lines, bare line feeds, two hosts) is refused, not repaired:
request smuggling lives in such repairs. The grammar is an allow-list in one regular expression.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from gateway.server.refusal import Refused
from gateway.server.settings import EdgeSettings

__all__ = ["HEAD_END", "RequestHead", "check_partial_head", "parse_head"]

HEAD_END = b"\r\n\r\n"

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_REQUEST_LINE = re.compile(rb"(" + _TOKEN + rb"{1,32}) ([\x21-\x7e]+) HTTP/([0-9])\.([0-9])\r\n")
_HEADER_LINES = re.compile(rb"(?:" + _TOKEN + rb"++:[\t\x20-\x7e\x80-\xff]*+\r\n)*+")
# What may stand nowhere in a head: controls, a line feed alone, a carriage return alone.
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|(?<!\r)\n|\r(?!\n|\Z)")
_ABSOLUTE = re.compile(rb"(?i:https?)://([^/?#]+)([^#]*)")
_HOST = re.compile(
    rb"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9\-._~!$&'()*+;=]|%[0-9A-Fa-f]{2})+)(?::[0-9]{0,5})?"
)
_LENGTH = re.compile(rb"[0-9]{1,18}")
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_FRAMING = frozenset((b"host", b"content-length", b"transfer-encoding", b"connection", b"expect"))
_LONGEST_REQUEST_LINE = 64  # bytes beside the target: the longest method, version, spaces


@dataclass(slots=True)
class RequestHead:
    """One request before its body. Built per request: not frozen."""

    method: str
    raw_path: bytes
    path: str  # percent-decoded
    query_string: bytes
    version: str  # "1.1" or "1.0"
    headers: list[tuple[bytes, bytes]]  # names in lower case, in the order received
    content_length: int  # 0 where there is no body
    is_chunked: bool
    keep_alive: bool
    expects_continue: bool


def parse_head(head: bytes, settings: EdgeSettings) -> RequestHead:
    """Read a whole head; raises ``Refused``."""
    line = _REQUEST_LINE.match(head)
    if line is None:
        raise _explain_request_line(head, settings)
    method, target, major, minor = line.groups()
    if len(target) > settings.target_bytes:
        raise _too_long_target(settings)
    if major != b"1" or minor not in b"01":
        raise Refused(505, "this server speaks HTTP/1.1 and HTTP/1.0")
    block = head[line.end() : -2]
    if len(block) > settings.headers_bytes:
        raise _too_large_head(settings)
    if _HEADER_LINES.fullmatch(block) is None:
        raise _explain_header_lines(block)
    headers, framing = _split_headers(block)
    if len(headers) > settings.headers_count:
        raise _too_many_headers(settings)
    return _build_head(method, target, minor == b"1", headers, framing)


def check_partial_head(received: bytes, settings: EdgeSettings) -> None:
    """Refuse what can no longer become a head, before its end has come."""
    if _FORBIDDEN.search(received) is not None:
        raise _explain_forbidden(received)
    end = received.find(b"\r\n")
    if end < 0:
        if len(received) > settings.target_bytes + _LONGEST_REQUEST_LINE:
            raise _too_long_target(settings)
        return
    if _REQUEST_LINE.match(received) is None:
        raise _explain_request_line(received, settings)
    if len(received) - end > settings.headers_bytes:
        raise _too_large_head(settings)
    if received.count(b"\r\n") > settings.headers_count + 1:
        raise _too_many_headers(settings)


def _split_headers(
    block: bytes,
) -> tuple[list[tuple[bytes, bytes]], dict[bytes, list[bytes]]]:
    """Give all headers, and those that decide where this request ends."""
    headers = []
    framing: dict[bytes, list[bytes]] = {}
    for line in block.split(b"\r\n")[:-1]:
        name, _, value = line.partition(b":")
        name = name.lower()
        value = value.strip(b" \t")
        headers.append((name, value))
        if name in _FRAMING:
            framing.setdefault(name, []).append(value)
    return headers, framing


def _build_head(
    method: bytes,
    target: bytes,
    is_current: bool,
    headers: list[tuple[bytes, bytes]],
    fields: dict[bytes, list[bytes]],
) -> RequestHead:
    _check_host(fields.get(b"host", []), is_current)
    raw_path, query_string, authority = _split_target(method, target)
    if authority is not None:
        # RFC 9112 section 3.2.2: the host of an absolute target counts, the header does not.
        headers = [pair for pair in headers if pair[0] != b"host"]
        headers.append((b"host", authority))
    is_chunked = _read_transfer_encoding(fields, is_current)
    return RequestHead(
        method.decode("ascii"),
        raw_path,
        _decode_path(raw_path),
        query_string,
        "1.1" if is_current else "1.0",
        headers,
        _read_content_length(fields),
        is_chunked,
        is_current and not _asks_for_close(fields),
        _read_expect(fields, is_current),
    )


def _check_host(hosts: list[bytes], is_current: bool) -> None:
    if not hosts:
        if is_current:
            raise Refused(400, 'the header "Host" is missing; HTTP/1.1 requires it')
        return
    if len(hosts) > 1:
        raise Refused(400, 'the header "Host" is sent more than once; send it once')
    if not _is_host(hosts[0]):
        raise Refused(400, 'the header "Host" is not a host with an optional port')


@lru_cache(maxsize=256)
def _is_host(value: bytes) -> bool:
    return _HOST.fullmatch(value) is not None


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


def _read_transfer_encoding(fields: dict[bytes, list[bytes]], is_current: bool) -> bool:
    codings = fields.get(b"transfer-encoding")
    if codings is None:
        return False
    if not is_current:
        raise Refused(400, '"Transfer-Encoding" does not exist in HTTP/1.0')
    if b"content-length" in fields:
        raise Refused(400, '"Content-Length" and "Transfer-Encoding" exclude each other')
    if len(codings) > 1:
        raise Refused(400, 'the header "Transfer-Encoding" is sent more than once; send it once')
    if codings[0].lower() == b"chunked":
        return True
    first, _, last = codings[0].lower().rpartition(b",")
    if last.strip(b" \t") == b"chunked" and b"chunked" not in first:
        raise Refused(501, 'the only "Transfer-Encoding" known here is "chunked"')
    raise Refused(400, '"Transfer-Encoding" must be "chunked"')


def _read_content_length(fields: dict[bytes, list[bytes]]) -> int:
    lengths = fields.get(b"content-length")
    if lengths is None:
        return 0
    if len(lengths) > 1:
        raise Refused(400, 'the header "Content-Length" is sent more than once; send it once')
    if _LENGTH.fullmatch(lengths[0]) is None:
        raise Refused(400, 'the header "Content-Length" is not a decimal number')
    return int(lengths[0])


def _read_expect(fields: dict[bytes, list[bytes]], is_current: bool) -> bool:
    expectations = fields.get(b"expect")
    if expectations is None or not is_current:
        return False
    if any(value.lower() != b"100-continue" for value in expectations):
        raise Refused(417, 'the only "Expect" known here is "100-continue"')
    return True


def _asks_for_close(fields: dict[bytes, list[bytes]]) -> bool:
    values = fields.get(b"connection")
    if values is None:
        return False
    return any(part.strip(b" \t").lower() == b"close" for part in b",".join(values).split(b","))


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


def _explain_header_lines(block: bytes) -> Refused:
    good = _HEADER_LINES.match(block)
    count = 0 if good is None else good[0].count(b"\r\n")
    return Refused(400, f'header line {count + 1} must read "Name: value", on one line')


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
