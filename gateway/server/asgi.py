"""The ASGI shapes that the edge uses, named once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

__all__ = ["ASGIApp", "Message", "Receive", "Scope", "Send"]

Scope = MutableMapping[str, Any]
"""What is known of a request before its body."""

Message = MutableMapping[str, Any]
"""One event of the ASGI protocol."""

Receive = Callable[[], Awaitable[Message]]
"""Gives the body, then the client's leaving."""

Send = Callable[[Message], Awaitable[None]]
"""Takes the answer: its start, then its body."""

ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
"""An application."""
