"""Content-Encoding: gzip, with a bound on what comes out.

In: a body as received. Out: the body as meant. A few kilobytes may unfold into gigabytes, so
decompression stops at the limit.
"""

from __future__ import annotations

import zlib

from adapters.http_client.errors import AnswerTooLarge, MalformedAnswer

__all__ = ["decode_body"]

_GZIP = 16 + zlib.MAX_WBITS


def decode_body(body: bytes, encoding: str, limit: int, where: str) -> bytes:
    """Undo ``encoding``; raises ``MalformedAnswer`` or ``AnswerTooLarge``."""
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip":
            return _gunzip(body, limit, where)
    raise MalformedAnswer(f"{where} answered in a content encoding that was not asked for")


def _gunzip(body: bytes, limit: int, where: str) -> bytes:
    parts: list[bytes] = []
    size = 0
    while body:
        member = zlib.decompressobj(_GZIP)
        try:
            part = member.decompress(body, limit - size + 1)
        except zlib.error as error:
            raise MalformedAnswer(f"{where} answered with broken gzip") from error
        size += len(part)
        if size > limit:
            raise AnswerTooLarge(f"{where} answered more than {limit} bytes after decompression")
        if not member.eof:
            raise MalformedAnswer(f"{where} answered with gzip that ends early")
        parts.append(part)
        body = member.unused_data
    return parts[0] if len(parts) == 1 else b"".join(parts)
