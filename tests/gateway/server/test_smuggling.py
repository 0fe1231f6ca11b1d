"""Requests that two readers could understand differently, over a real socket: all are refused.

Each row is one connection. The first answer has the status given, nothing is answered after a
refusal, and the request hidden in the bytes never reaches the application.
"""

import pytest

from tests.testkit.raw_http import RawClient, ask, parse_answers

pytestmark = pytest.mark.anyio

HOST = b"Host: simpul.example\r\n"
HIDDEN = (
    b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    b'Content-Length: 20\r\n\r\n{"query":"{hidden}"}'
)
JSON = b"Content-Type: application/json\r\n"
BODY = b'{"query":"{ a }"}'  # 17 bytes


def head(*lines: bytes, line: bytes = b"POST /graphql HTTP/1.1", host: bytes = HOST) -> bytes:
    """Build the head of a POST with these further header lines."""
    return line + b"\r\n" + host + JSON + b"".join(entry + b"\r\n" for entry in lines) + b"\r\n"


def chunked(*parts: bytes) -> bytes:
    """Build a POST with this body on the wire."""
    return head(b"Transfer-Encoding: chunked") + b"".join(parts)


GET = b"GET /health/live HTTP/1.1"
LENGTH = b"Content-Length: 17"
LAST = b"0\r\n\r\n"

REFUSED = {
    # Two statements of the length
    "length-and-chunks": (400, head(LENGTH, b"Transfer-Encoding: chunked") + LAST + HIDDEN),
    "chunks-and-length": (400, head(b"Transfer-Encoding: chunked", LENGTH) + LAST + HIDDEN),
    "length-and-identity": (400, head(LENGTH, b"Transfer-Encoding: identity") + BODY),
    "two-lengths": (400, head(LENGTH, b"Content-Length: 0") + BODY + HIDDEN),
    "two-equal-lengths": (400, head(LENGTH, LENGTH) + BODY),
    "length-list": (400, head(b"Content-Length: 17, 17") + BODY),
    "length-list-differs": (400, head(b"Content-Length: 17, 0") + BODY),
    # A length that is not digits
    "length-plus": (400, head(b"Content-Length: +17") + BODY),
    "length-minus": (400, head(b"Content-Length: -17") + BODY),
    "length-hex": (400, head(b"Content-Length: 0x11") + BODY),
    "length-float": (400, head(b"Content-Length: 17.0") + BODY),
    "length-exponent": (400, head(b"Content-Length: 1e1") + BODY),
    "length-underscore": (400, head(b"Content-Length: 1_7") + BODY),
    "length-inner-space": (400, head(b"Content-Length: 1 7") + BODY),
    "length-empty": (400, head(b"Content-Length:") + BODY),
    "length-word": (400, head(b"Content-Length: abc") + BODY),
    "length-quoted": (400, head(b'Content-Length: "17"') + BODY),
    "length-arabic": (400, head("Content-Length: ١٧".encode()) + BODY),
    "length-overflow": (400, head(b"Content-Length: " + b"9" * 40) + BODY),
    "length-2-to-64": (400, head(b"Content-Length: 18446744073709551633") + BODY),
    "length-semicolon": (400, head(b"Content-Length: 17; a=b") + BODY),
    # Other spellings of chunked
    "coding-xchunked": (400, head(b"Transfer-Encoding: xchunked") + LAST),
    "coding-chunked-twice": (400, head(b"Transfer-Encoding: chunked, chunked") + LAST),
    "coding-two-lines": (400, head(*[b"Transfer-Encoding: chunked"] * 2) + LAST),
    "coding-two-lines-differ": (
        400,
        head(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity") + LAST,
    ),
    "coding-not-last": (400, head(b"Transfer-Encoding: chunked, gzip") + LAST),
    "coding-gzip-chunked": (501, head(b"Transfer-Encoding: gzip, chunked") + LAST),
    "coding-identity": (400, head(b"Transfer-Encoding: identity") + BODY),
    "coding-empty": (400, head(b"Transfer-Encoding:") + LAST),
    "coding-quoted": (400, head(b'Transfer-Encoding: "chunked"') + LAST),
    "coding-parameter": (400, head(b"Transfer-Encoding: chunked; q=1") + LAST),
    "coding-vertical-tab": (400, head(b"Transfer-Encoding: \x0bchunked") + LAST),
    "coding-leading-comma": (400, head(b"Transfer-Encoding: , chunked, chunked") + LAST),
    "coding-in-http-1.0": (
        400,
        head(b"Transfer-Encoding: chunked", line=b"POST /graphql HTTP/1.0") + LAST,
    ),
    # Header lines
    "space-before-colon": (400, head(b"Content-Length : 17") + BODY),
    "tab-before-colon": (400, head(b"Transfer-Encoding\t: chunked") + LAST),
    "space-before-name": (400, head(b" Content-Length: 17") + BODY),
    "folded-line": (400, head(b"X-A: 1", b" Transfer-Encoding: chunked", LENGTH) + BODY),
    "folded-with-tab": (400, head(b"X-A: 1", b"\tb", LENGTH) + BODY),
    "no-colon": (400, head(b"X-A", LENGTH) + BODY),
    "empty-name": (400, head(b": a", LENGTH) + BODY),
    "name-with-space": (400, head(b"X A: 1", LENGTH) + BODY),
    "name-with-umlaut": (400, head("X-Ä: 1".encode(), LENGTH) + BODY),
    "name-with-parenthesis": (400, head(b"X(A): 1", LENGTH) + BODY),
    "nul-in-value": (400, head(b"X-A: a\0b", LENGTH) + BODY),
    "nul-in-name": (400, head(b"X-\0A: b", LENGTH) + BODY),
    "delete-in-value": (400, head(b"X-A: a\x7f", LENGTH) + BODY),
    "escape-in-value": (400, head(b"X-A: a\x1b[0m", LENGTH) + BODY),
    "lf-in-value": (400, head(b"X-A: 1\nTransfer-Encoding: chunked", LENGTH) + BODY),
    "cr-in-value": (400, head(b"X-A: 1\rTransfer-Encoding: chunked", LENGTH) + BODY),
    "bare-lf-lines": (400, head(LENGTH).replace(b"\r\n", b"\n") + BODY),
    "bare-cr-lines": (400, head(LENGTH).replace(b"\r\n", b"\r") + BODY),
    "lf-before-end": (400, GET + b"\r\n" + HOST + b"\n" + HIDDEN),
    "cr-cr-lf": (400, GET + b"\r\r\n" + HOST + b"\r\n"),
    # Host
    "no-host": (400, GET + b"\r\n\r\n"),
    "two-hosts": (400, GET + b"\r\n" + HOST + b"Host: other.example\r\n\r\n"),
    "two-equal-hosts": (400, GET + b"\r\n" + HOST + HOST + b"\r\n"),
    "empty-host": (400, GET + b"\r\nHost:\r\n\r\n"),
    "host-with-path": (400, GET + b"\r\nHost: a/b\r\n\r\n"),
    "host-with-user": (400, GET + b"\r\nHost: a@b\r\n\r\n"),
    "host-with-space": (400, GET + b"\r\nHost: a b\r\n\r\n"),
    "host-list": (400, GET + b"\r\nHost: a, b\r\n\r\n"),
    "host-bad-port": (400, GET + b"\r\nHost: a:http\r\n\r\n"),
    # Request lines
    "http-0.9": (400, b"GET /health/live\r\n\r\n"),
    "http-0.9-lf": (400, b"GET /health/live\n"),
    "http-1.2": (505, b"GET / HTTP/1.2\r\n" + HOST + b"\r\n"),
    "http-2.0": (505, b"GET / HTTP/2.0\r\n" + HOST + b"\r\n"),
    "http-9.9": (505, b"GET / HTTP/9.9\r\n" + HOST + b"\r\n"),
    "http-1": (400, b"GET / HTTP/1\r\n" + HOST + b"\r\n"),
    "http-1.10": (400, b"GET / HTTP/1.10\r\n" + HOST + b"\r\n"),
    "http-01.1": (400, b"GET / HTTP/01.1\r\n" + HOST + b"\r\n"),
    "http-lower-case": (400, b"GET / http/1.1\r\n" + HOST + b"\r\n"),
    "http-tail": (400, b"GET / HTTP/1.1 \r\n" + HOST + b"\r\n"),
    "http-2-preface": (505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "other-protocol": (400, b"GET / FTP/1.1\r\n" + HOST + b"\r\n"),
    "tls-hello": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
    "random-bytes": (400, bytes(range(256))),
    "two-spaces": (400, b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "tab-for-space": (400, b"GET\t/\tHTTP/1.1\r\n" + HOST + b"\r\n"),
    "leading-space": (400, b" GET / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "leading-lf": (400, b"\n" + GET + b"\r\n" + HOST + b"\r\n"),
    "two-empty-lines": (400, b"\r\n\r\n" + GET + b"\r\n" + HOST + b"\r\n"),
    "method-with-slash": (400, b"GE/T / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "method-with-nul": (400, b"G\0T / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "method-of-200-letters": (400, b"G" * 200 + b" / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "target-relative": (400, b"GET graphql HTTP/1.1\r\n" + HOST + b"\r\n"),
    "target-asterisk": (400, b"GET * HTTP/1.1\r\n" + HOST + b"\r\n"),
    "target-fragment": (400, b"GET /#a HTTP/1.1\r\n" + HOST + b"\r\n"),
    "target-space": (400, b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n"),
    "target-utf-8": (400, "GET /é HTTP/1.1\r\n".encode() + HOST + b"\r\n"),
    "target-nul": (400, b"GET /%00 HTTP/1.1\r\n" + HOST + b"\r\n"),
    "target-bad-escape": (400, b"GET /%zz HTTP/1.1\r\n" + HOST + b"\r\n"),
    "target-overlong-slash": (400, b"GET /%c0%af HTTP/1.1\r\n" + HOST + b"\r\n"),
    "target-other-scheme": (400, b"GET ftp://a/ HTTP/1.1\r\n" + HOST + b"\r\n"),
    "target-with-user": (400, b"GET http://a@b/ HTTP/1.1\r\n" + HOST + b"\r\n"),
    "target-empty-authority": (400, b"GET http:///a HTTP/1.1\r\n" + HOST + b"\r\n"),
    "connect": (400, b"CONNECT a:80 HTTP/1.1\r\n" + HOST + b"\r\n"),
    # Chunks
    "chunk-0x": (400, chunked(b"0x11\r\n", BODY, b"\r\n", LAST)),
    "chunk-plus": (400, chunked(b"+11\r\n", BODY, b"\r\n", LAST)),
    "chunk-minus": (400, chunked(b"-1\r\n", LAST)),
    "chunk-leading-space": (400, chunked(b" 11\r\n", BODY, b"\r\n", LAST)),
    "chunk-trailing-space": (400, chunked(b"11 \r\n", BODY, b"\r\n", LAST)),
    "chunk-underscore": (400, chunked(b"1_1\r\n", BODY, b"\r\n", LAST)),
    "chunk-not-hex": (400, chunked(b"g\r\n", BODY, b"\r\n", LAST)),
    "chunk-empty-size": (400, chunked(b"\r\n", BODY, b"\r\n", LAST)),
    "chunk-only-extension": (400, chunked(b";a=b\r\n", BODY, b"\r\n", LAST)),
    "chunk-huge": (400, chunked(b"fffffffffffffffff\r\n", BODY)),
    "chunk-64-bit-wrap": (400, chunked(b"10000000000000011\r\n", BODY, b"\r\n", LAST)),
    "chunk-lf": (400, chunked(b"11\n", BODY, b"\r\n", LAST)),
    "chunk-cr": (400, chunked(b"11\r", BODY, b"\r\n", LAST)),
    "chunk-too-long": (400, chunked(b"10\r\n", BODY, b"\r\n", LAST)),
    "chunk-too-short": (400, chunked(b"12\r\n", BODY, b"\r\n", LAST)),
    "chunk-end-lf": (400, chunked(b"11\r\n", BODY, b"\n", LAST)),
    "chunk-end-missing": (400, chunked(b"11\r\n", BODY, LAST)),
    "chunk-extension-lf": (400, chunked(b"11;a\nb\r\n", BODY, b"\r\n", LAST)),
    "chunk-extension-nul": (400, chunked(b"11;a=\0\r\n", BODY, b"\r\n", LAST)),
    "chunk-extension-open-quote": (400, chunked(b'11;a="b\r\n', BODY, b"\r\n", LAST)),
    "chunk-extension-long": (400, chunked(b"11;" + b"a" * 300 + b"\r\n", BODY, b"\r\n", LAST)),
    "chunk-extensions-many": (
        413,
        chunked(*[b"1;" + b"a" * 250 + b"\r\n \r\n"] * 400, LAST),
    ),
    "trailer-folded": (400, chunked(b"11\r\n", BODY, b"\r\n0\r\nX-A: 1\r\n b\r\n\r\n")),
    "trailer-no-colon": (400, chunked(b"11\r\n", BODY, b"\r\n0\r\nX\r\n\r\n")),
    "trailer-lf": (400, chunked(b"11\r\n", BODY, b"\r\n0\r\nX-A: 1\n\r\n")),
    "trailer-long": (400, chunked(b"11\r\n", BODY, b"\r\n0\r\nX: " + b"a" * 300 + b"\r\n\r\n")),
    "trailers-many": (
        413,
        chunked(b"11\r\n", BODY, b"\r\n0\r\n", *[b"X: " + b"a" * 240 + b"\r\n"] * 400, b"\r\n"),
    ),
    "last-chunk-lf": (400, chunked(b"11\r\n", BODY, b"\r\n0\n\n")),
    # Sizes
    "long-target": (414, b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
    "long-query": (414, b"GET /graphql?query=" + b"a" * 9_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
    "long-header": (431, head(b"X-A: " + b"a" * 20_000, LENGTH) + BODY),
    "long-header-name": (431, head(b"X" * 20_000 + b": a", LENGTH) + BODY),
    "many-headers": (431, head(*[b"X-%d: a" % n for n in range(200)], LENGTH) + BODY),
    "length-over-limit": (413, head(b"Content-Length: 1000001")),
    "length-far-over-limit": (413, head(b"Content-Length: 999999999999")),
    "chunk-over-limit": (413, chunked(b"fffff\r\n")),
    # Expectations
    "expect-other": (417, head(b"Expect: 200-ok", LENGTH) + BODY),
    "expect-list": (417, head(b"Expect: 100-continue, x", LENGTH) + BODY),
}

# Nothing follows these: the client never comes to the end of its request.
UNFINISHED = {
    "endless-request-line": (414, b"GET /" + b"a" * 9_000),
    "endless-header": (431, head(b"X-A: " + b"a" * 20_000)[:-4]),
    "endless-headers": (431, head(*[b"X-%d: a" % n for n in range(200)])[:-4]),
    "endless-chunk-extension": (400, chunked(b"11;" + b"a" * 200_000)),
    "cut-head": (400, GET + b"\r\nHost: a"),
    "cut-body": (400, head(LENGTH) + BODY[:-1]),
    "cut-chunk": (400, chunked(b"11\r\n", BODY[:5])),
    "cut-last-chunk": (400, chunked(b"11\r\n", BODY, b"\r\n0\r\n")),
}

TAKEN = {
    "plain": head(LENGTH) + BODY,
    "leading-empty-line": b"\r\n" + head(LENGTH) + BODY,
    "length-zeros": head(b"Content-Length: 00017") + BODY,
    "length-outer-spaces": head(b"Content-Length: \t 17 \t ") + BODY,
    "name-in-capitals": head(b"CONTENT-LENGTH:17") + BODY,
    "chunked": chunked(b"11\r\n", BODY, b"\r\n", LAST),
    "chunked-capitals": head(b"TRANSFER-ENCODING: Chunked") + b"11\r\n" + BODY + b"\r\n" + LAST,
    "chunked-pieces": chunked(*[b"1\r\n%c\r\n" % byte for byte in BODY], LAST),
    "chunked-zeros": chunked(b"0011\r\n", BODY, b"\r\n000\r\n\r\n"),
    "chunk-extension": chunked(b'11;a=b; c ; d="e; \\" f"\r\n', BODY, b"\r\n0;x\r\n\r\n"),
    "trailers": chunked(b"11\r\n", BODY, b"\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n"),
    "target-absolute": head(LENGTH, line=b"POST http://a.example/graphql HTTP/1.1") + BODY,
    "target-absolute-https": head(LENGTH, line=b"POST HTTPS://a:443/graphql HTTP/1.1") + BODY,
    "target-escaped": head(LENGTH, line=b"POST /%67raphql HTTP/1.1") + BODY,
    "host-ipv6": head(LENGTH, host=b"Host: [::1]:4000\r\n") + BODY,
    "host-port": head(LENGTH, host=b"Host: 127.0.0.1:4000\r\n") + BODY,
    "http-1.0": head(LENGTH, line=b"POST /graphql HTTP/1.0") + BODY,
    "http-1.0-no-host": head(LENGTH, line=b"POST /graphql HTTP/1.0", host=b"") + BODY,
    "latin-1-value": head(b"X-A: \xe9", LENGTH) + BODY,
    "upgrade-ignored": head(b"Connection: Upgrade", b"Upgrade: h2c", LENGTH) + BODY,
    "hundred-headers": head(*[b"X-%d: a" % n for n in range(97)], LENGTH) + BODY,
}


@pytest.mark.parametrize(
    ("status", "data"),
    [(status, data + HIDDEN) for status, data in REFUSED.values()] + [*UNFINISHED.values()],
    ids=[*REFUSED, *UNFINISHED],
)
async def test_is_refused_once_and_closed(edge, status, data):
    """One answer with the right status in our error form, then the end of the connection."""
    edge.asked.clear()
    answers = await ask(edge.address, data, end=True)
    assert [answer.status for answer in answers] == [status]
    assert answers[0].headers["connection"] == "close"
    assert len(answers[0].json["errors"][0]["message"]) < 200
    assert edge.asked == []


@pytest.mark.parametrize("data", TAKEN.values(), ids=TAKEN.keys())
async def test_proper_requests_are_taken(edge, data):
    """The strictness stops at what RFC 9112 allows; bytes after the request are the next one."""
    edge.asked.clear()
    answers = await ask(edge.address, data, end=True)
    assert [answer.status for answer in answers] == [200]
    assert [request.query for request in edge.asked] == ["{ a }"]


@pytest.mark.parametrize("data", TAKEN.values(), ids=TAKEN.keys())
async def test_proper_requests_are_taken_byte_by_byte(edge, data):
    """How the network cuts the bytes makes no difference."""
    edge.asked.clear()
    answers = await ask_in_pieces(edge.address, data)
    assert [answer.status for answer in answers] == [200]
    assert [request.query for request in edge.asked] == ["{ a }"]


async def ask_in_pieces(address, data):
    """Send one byte per segment."""
    async with RawClient(address) as client:
        for byte in data:
            await client.send(bytes((byte,)))
        client.send_end()
        return parse_answers(await client.read_to_end())
