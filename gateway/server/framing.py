"""Where a request's body ends: by its length, or chunk by chunk.

In: bytes as they arrive. Out: the body, and the bytes that belong to the next request. Pure. RFC
9112 sections 6 and 7, without the leniencies that readers differ in: a chunk's size is hexadecimal
digits and nothing else, each line ends with CR LF, extensions and trailers are checked, limited,
and dropped.
"""

from __future__ import annotations

import re
from typing import Protocol

from gateway.server.head import RequestHead
from gateway.server.refusal import Refused
from gateway.server.settings import EdgeSettings

__all__ = ["BodyReader", "ChunkedBody", "SizedBody", "build_body_reader", "too_large"]

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_CHUNK_LINE = re.compile(
    rb"([0-9A-Fa-f]{1,8})"
    rb"(?:[ \t]*;[ \t]*" + _TOKEN + rb"++"
    rb"(?:[ \t]*=[ \t]*(?:" + _TOKEN + rb"++"
    rb'|"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])*+"))?)*'
)
_TRAILER_LINE = re.compile(_TOKEN + rb"++:[\t\x20-\x7e\x80-\xff]*+")


class BodyReader(Protocol):
    """Gathers one body. ``feed`` raises ``Refused``, and after that the reader is done for."""

    @property
    def size(self) -> int:
        """Bytes held."""

    def feed(self, data: bytes) -> bytes | None:
        """Take bytes; ``None`` while the body goes on, else what follows it."""

    def take(self) -> bytes:
        """Give the body, after ``feed`` gave bytes."""


def build_body_reader(head: RequestHead, settings: EdgeSettings) -> BodyReader:
    """Give the reader that the head asks for; raises ``Refused`` (413) for too long a body."""
    if head.is_chunked:
        return ChunkedBody(settings)
    if head.content_length > settings.body_bytes:
        raise too_large(settings)
    return SizedBody(head.content_length)


class SizedBody:
    """A body of known length."""

    __slots__ = ("_missing", "_parts", "size")

    def __init__(self, length: int) -> None:
        self._missing = length
        self._parts: list[bytes] = []
        self.size = 0

    def feed(self, data: bytes) -> bytes | None:
        """Take bytes; ``None`` while some are missing, else what follows the body."""
        part = data[: self._missing]
        if part:
            self._parts.append(part)
            self._missing -= len(part)
            self.size += len(part)
        return data[len(part) :] if self._missing == 0 else None

    def take(self) -> bytes:
        """Give the body."""
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)


class ChunkedBody:
    """A body in chunks. ``_step`` is what the next bytes must be."""

    __slots__ = ("_left", "_overhead", "_parts", "_pending", "_settings", "_step", "size")

    def __init__(self, settings: EdgeSettings) -> None:
        self._settings = settings
        self._parts = bytearray()
        self._pending = b""  # the begin of a line whose end has not come
        self._left = 0  # bytes missing of the present chunk
        self._overhead = 0  # bytes of lines so far
        self._step = self._read_size
        self.size = 0

    def feed(self, data: bytes) -> bytes | None:
        """Take bytes; ``None`` while the body goes on, else what follows it."""
        data = self._pending + data
        place = 0
        while True:
            following = self._step(data, place)
            if following is None:
                self._pending = data[place:]
                self._check_pending()
                return None
            if following < 0:
                return data[-following:]
            place = following

    def take(self) -> bytes:
        """Give the body."""
        return bytes(self._parts)

    def _read_size(self, data: bytes, place: int) -> int | None:
        end = self._find_line(data, place)
        if end is None:
            return None
        match = _CHUNK_LINE.fullmatch(data, place, end)
        if match is None:
            raise Refused(400, "a chunk's size line is not hexadecimal digits with extensions")
        self._left = int(match[1], 16)
        if self.size + self._left > self._settings.body_bytes:
            raise too_large(self._settings)
        self._step = self._read_chunk if self._left else self._read_trailer
        return end + 2

    def _read_chunk(self, data: bytes, place: int) -> int | None:
        if place >= len(data):
            return None
        part = data[place : place + self._left]
        self._parts += part
        self.size += len(part)
        self._left -= len(part)
        if self._left == 0:
            self._step = self._read_chunk_end
        return place + len(part)

    def _read_chunk_end(self, data: bytes, place: int) -> int | None:
        end = data[place : place + 2]
        if not b"\r\n".startswith(end):
            raise Refused(400, "a chunk is longer than its size line says")
        if len(end) < 2:
            return None
        self._step = self._read_size
        return place + 2

    def _read_trailer(self, data: bytes, place: int) -> int | None:
        end = self._find_line(data, place)
        if end is None:
            return None
        if end == place:
            return -(end + 2)  # negative: the body ends here
        if _TRAILER_LINE.fullmatch(data, place, end) is None:
            raise Refused(400, 'a trailer line must read "Name: value"')
        return end + 2

    def _find_line(self, data: bytes, place: int) -> int | None:
        end = data.find(b"\r\n", place)
        if end < 0:
            return None
        self._overhead += end + 4 - place  # with the line end of the chunk itself
        if self._overhead > self._settings.chunk_overhead_bytes:
            raise Refused(413, "the chunk lines of this body are larger than allowed")
        if end - place > self._settings.chunk_line_bytes:
            raise _too_long_line(self._settings)
        return end

    def _check_pending(self) -> None:
        """Refuse a line that is too long or cannot become one, before its end has come."""
        if len(self._pending) > self._settings.chunk_line_bytes + 1:
            raise _too_long_line(self._settings)
        if b"\n" in self._pending or b"\r" in self._pending[:-1]:
            raise Refused(400, "a line between the chunks does not end with CR LF")


def too_large(settings: EdgeSettings) -> Refused:
    """Refuse a body longer than is taken."""
    return Refused(413, f"the body is larger than {settings.body_bytes} bytes; send less")


def _too_long_line(settings: EdgeSettings) -> Refused:
    return Refused(
        400, f"a line between the chunks is longer than {settings.chunk_line_bytes} bytes"
    )
