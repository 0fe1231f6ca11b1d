"""Changes of what an element says about itself: its description and its deprecation.

In: two forms of one element. Out: safe changes; they are listed because people read them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from schema.changes.change import SchemaChange, safe

__all__ = ["compare_notes"]


class _Described(Protocol):
    """Whatever may be described; some of it may be deprecated too."""

    description: str | None


def compare_notes(where: str, old: _Described, new: _Described) -> Iterator[SchemaChange]:
    """Compare description and deprecation."""
    if old.description != new.description:
        yield safe("DESCRIPTION_CHANGED", where, "is described in other words")
    before: str | None = getattr(old, "deprecation_reason", None)
    after: str | None = getattr(new, "deprecation_reason", None)
    if before == after:
        return
    if after is None:
        yield safe("DEPRECATION_REMOVED", where, "is deprecated no more")
    elif before is None:
        yield safe("DEPRECATED", where, f"is deprecated: {after}")
    else:
        yield safe("DEPRECATION_CHANGED", where, f"is deprecated for another reason: {after}")
