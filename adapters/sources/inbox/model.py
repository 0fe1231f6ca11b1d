"""What an adapter reads of a push, when it arrives and whenever it is found again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

__all__ = ["NUMBER", "RECEIVED_AT", "MessageRefused", "ReadMessage", "Reading"]

NUMBER: Final = "@number"
"""In a found push: its place in the order of arrival, from 1."""

RECEIVED_AT: Final = "@receivedAt"
"""In a found push: when it came, an aware ``datetime``."""


class MessageRefused(Exception):
    """A body that is no message of this inbox. The text is shown: it holds no value of the body."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to store a push and to find it again."""

    content: Mapping[str, Any]  # the message, decoded: plain JSON values
    keys: tuple[tuple[str, str], ...]  # (kind, key), such as ("nib", "9120…"): found by these
    message_id: str | None = None  # the sender's own; None: equal bodies are one message


ReadMessage: TypeAlias = Callable[[bytes], Reading]
"""Reads a body; raises ``MessageRefused``. Pure: a replay calls it again on what is stored."""
