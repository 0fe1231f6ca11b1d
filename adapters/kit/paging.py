"""Pages over rows that are at hand, and cursors that name a place without showing a value.

In: ordered rows and a ``PageRequest``, or the parts of a cursor. Out: a ``Page``; cursors are
opaque text. A cursor goes back to the caller and may land in a log: its parts must be positions,
codes or letter numbers, never a person's number or name.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from adapters.kit.outcome import InvalidArgument, Page, PageRequest

__all__ = ["pack_cursor", "page_of", "unpack_cursor"]


def page_of(rows: Sequence[Any], page: PageRequest) -> Page:
    """Cut one page out of ``rows``; the cursor is the position after the last row."""
    start = 0
    if page.after is not None:
        (start,) = unpack_cursor(page.after, int)
    nodes = rows[start : start + page.first]
    end = start + len(nodes)
    return Page(nodes, end < len(rows), pack_cursor(end) if nodes else None)


def pack_cursor(*parts: str | int | None) -> str:
    """Write the parts as opaque text."""
    raw = json.dumps(parts, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpack_cursor(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """Read the parts back; raises ``InvalidArgument`` for what is no cursor of ours."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        parts = json.loads(raw)
    except (binascii.Error, ValueError):
        parts = None
    if (
        not isinstance(parts, list)
        or len(parts) != len(kinds)
        or not all(isinstance(p, k) for p, k in zip(parts, kinds, strict=True))
    ):
        raise InvalidArgument(
            'The argument "after" is no cursor of this list: pass an "endCursor".'
        )
    return tuple(parts)
