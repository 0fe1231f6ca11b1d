"""Whether a client takes its answers fast enough.

In: bytes written, and how many of them are still unsent. Out: yes or no. Kept apart from the
connection because it is arithmetic: a client that takes nothing, or some bytes now and then, would
hold an answer's memory for ever.
"""

from __future__ import annotations

import math

from gateway.server.settings import EdgeSettings

__all__ = ["Pace"]


class Pace:
    """Of one connection. In each ``write_seconds`` the client must take ``write_bytes``, or all."""

    __slots__ = ("_settings", "_since", "_taken", "written")

    def __init__(self, settings: EdgeSettings) -> None:
        self._settings = settings
        self.written = 0  # bytes of all answers so far; the connection counts them
        self._taken = 0  # bytes that the client had taken ...
        self._since = math.inf  # ... at this time; none while nothing is unsent

    def is_too_slow(self, now: float, unsent: int) -> bool:
        """Say so, at a sweep."""
        taken = self.written - unsent
        if unsent == 0:
            self._since = math.inf
        elif self._since == math.inf or taken - self._taken >= self._settings.write_bytes:
            self._taken, self._since = taken, now
        return now - self._since > self._settings.write_seconds
