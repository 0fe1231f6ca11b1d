"""The places at a source that several processes share.

In: a source, its cap, who asks. Out: a place, counted by one process for all. A guard that is
given ``Places`` takes one of them for each attempt, beside its own bulkhead, so that eight workers
together ask a source no more at a time than one would.
"""

from __future__ import annotations

from typing import Protocol

from adapters.contract import Priority

__all__ = ["Places"]


class Places(Protocol):
    """Counts the attempts at each source, of all processes together."""

    async def enter(self, source: str, priority: Priority, *, limit: int, seconds: float) -> None:
        """Take one of ``limit`` places; raises ``CallRefused`` or ``SourceTimeout``.

        Whoever entered must ``leave``.
        """
        ...

    def leave(self, source: str) -> None:
        """Give the place back."""
        ...
