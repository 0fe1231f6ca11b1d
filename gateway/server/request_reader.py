"""What one connection has sent, cut into requests: head after body after head.

In: bytes as they arrive. Out: one whole request at a time, or None while it goes on; a ``Refused``
for what is no proper HTTP. Pure: no clock, no socket. What is held of unfinished requests is
counted here, in the sum that all connections share: a byte counted twice, or never given back,
would shut the server's doors for good.
"""

from __future__ import annotations

from gateway.server.connections import Connections
from gateway.server.framing import BodyReader, build_body_reader, too_large
from gateway.server.head import HEAD_END, RequestHead, check_partial_head

__all__ = ["RequestReader"]


class RequestReader:
    """The requests of one connection."""

    __slots__ = ("_body", "_connections", "_head", "_settings", "buffer", "counted")

    def __init__(self, connections: Connections) -> None:
        self.buffer = b""  # received, not yet part of a request
        self._connections = connections
        self._settings = connections.settings
        self.counted = 0  # bytes of this connection in ``connections.held``
        self._head: RequestHead | None = None  # of the request whose body comes
        self._body: BodyReader | None = None

    @property
    def is_in_body(self) -> bool:
        """Whether a head is read and its body goes on."""
        return self._body is not None

    @property
    def is_idle(self) -> bool:
        """Whether nothing of a request has come."""
        return self._body is None and not self.buffer

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for a word before it sends the body."""
        return self._head is not None and self._head.expects_continue and not self.buffer

    @property
    def holds(self) -> bool:
        """Whether anything is held, or was counted when last looked at."""
        return self.buffer != b"" or self._body is not None or self.counted > 0

    def read(self) -> tuple[RequestHead, bytes] | None:
        """Give the next request, if all of it has come; raises ``Refused``."""
        if self._body is None:
            if self.buffer.startswith(b"\r\n"):  # RFC 9112 section 2.2: one empty line may pass
                self.buffer = self.buffer[2:]
            end = self.buffer.find(HEAD_END)
            if end < 0:
                if self.buffer:
                    check_partial_head(self.buffer, self._settings)
                return None
            end += len(HEAD_END)
            head = self._connections.heads.read(self.buffer[:end])
            stop = end + head.content_length
            if stop <= len(self.buffer) and not head.is_chunked:  # it came in one piece: most do
                if head.content_length > self._settings.body_bytes:
                    raise too_large(self._settings)
                body, self.buffer = self.buffer[end:stop], self.buffer[stop:]
                return head, body
            self._body = build_body_reader(head, self._settings)
            self._head, self.buffer = head, self.buffer[end:]
        return self._read_body()

    def clear(self) -> None:
        """Let go of everything that is held."""
        self.buffer = b""
        self._head = self._body = None
        self.count()

    def count(self) -> bool:
        """Count what is held now; true: all connections together hold too much."""
        held = len(self.buffer) + (0 if self._body is None else self._body.size)
        self._connections.held += held - self.counted
        self.counted = held
        return self._connections.is_out_of_memory

    def _read_body(self) -> tuple[RequestHead, bytes] | None:
        assert self._head is not None
        assert self._body is not None
        following = self._body.feed(self.buffer) if self.buffer else None
        if following is None:
            self.buffer = b""
            return None
        request = self._head, self._body.take()
        self._head = self._body = None
        self.buffer = following
        return request
