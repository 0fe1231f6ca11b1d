"""An inbox over a database, for tests of the source and of what it survives."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from adapters.resilience import GuardSettings, SourceGuard
from adapters.sources.inbox import (
    Credential,
    InboxSettings,
    InboxSource,
    MessageRefused,
    Reading,
    ReadMessage,
    SecretCredential,
)

__all__ = ["NOW", "SECRET_HEADERS", "encode", "open_inbox", "read_note"]

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
SECRET_HEADERS: Mapping[str, str] = {
    "content-type": "application/json",
    "x-secret": "rahasia-rekaan",
}


def read_note(body: bytes) -> Reading:
    """Read ``{"id", "about": […], …}``: found by what it is about."""
    try:
        note = json.loads(body)
        return Reading(note, tuple(("about", each) for each in note["about"]), note.get("id"))
    except (ValueError, KeyError, TypeError):
        raise MessageRefused("the body is no note") from None


def encode(**note: Any) -> bytes:
    """Write a note."""
    return json.dumps(note).encode()


@asynccontextmanager
async def open_inbox(
    url: str,
    *,
    read: ReadMessage = read_note,
    keys_version: str = "1",
    body_bytes: int = 1_000,
    credential: Credential | None = None,
) -> AsyncIterator[InboxSource]:
    """Open an inbox named ``notes``."""
    guard = SourceGuard("notes", GuardSettings(retries=0))
    secret = credential or SecretCredential("x-secret", SECRET_HEADERS["x-secret"])
    settings = InboxSettings(url, keys_version, body_bytes=body_bytes)
    inbox = InboxSource("notes", settings, secret, read, guard, clock=lambda: NOW)
    await inbox.open()
    try:
        yield inbox
    finally:
        await inbox.aclose()
        await guard.aclose()
