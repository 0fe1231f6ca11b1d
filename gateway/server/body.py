"""A request's body, read whole and never beyond a limit."""

from __future__ import annotations

from gateway.server.asgi import Receive
from gateway.server.refusal import Refused

__all__ = ["read_body"]


async def read_body(receive: Receive, limit: int) -> bytes | None:
    """Read the body; ``None`` if the client left before its end. Raises ``Refused`` (413)."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise Refused(413, f"the body is larger than {limit} bytes; send less")
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)
