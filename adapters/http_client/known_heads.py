"""Heads of answers that came before, so that an equal one is not parsed again.

In: what a connection received, once the parser has found it regular. Out: the answer, if the same
head came again with its whole body behind it and nothing more. A server sends few different heads
within a second; whatever is not known byte by byte goes to the parser, which alone decides what is
regular.
"""

from __future__ import annotations

from adapters.http_client.message import HttpResponse

__all__ = ["KnownHeads"]

_END = b"\r\n\r\n"
_KEPT = 64  # heads; a server's clock makes new ones each second, so more would not be met again
_KEPT_BYTES = 1_024  # of one head


class KnownHeads:
    """The regular heads of one origin: with a length, without a coding, of a kept connection."""

    __slots__ = ("_heads",)

    def __init__(self) -> None:
        # By all bytes of the head: status, header lines, and the whole answer's bytes.
        self._heads: dict[bytes, tuple[int, bytes, int]] = {}

    def read(self, received: bytes) -> HttpResponse | None:
        """Give the answer that ``received`` is; None: ask the parser."""
        end = received.find(_END, 0, _KEPT_BYTES) + 4
        known = self._heads.get(received[:end])
        if known is None or known[2] != len(received):
            return None
        return HttpResponse(known[0], known[1], received[end:])

    def note(self, received: bytes, status: int, lines: bytes, body_bytes: int) -> None:
        """Keep the head of an answer that came in one piece, as the parser read it."""
        end = received.find(_END, 0, _KEPT_BYTES) + 4
        if len(received) != end + body_bytes or not received.startswith(b"HTTP/1.1 "):
            return
        if len(self._heads) >= _KEPT:
            self._heads.clear()
        self._heads[received[:end]] = status, lines, len(received)
