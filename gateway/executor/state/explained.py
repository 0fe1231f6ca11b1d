"""Remembers which places of the answer an error already explains, and by which failure.

In: client paths of errors with their cause, while fetches arrive. Out: "what explains the null at
this path?", asked when a non-null position turns out null and when a fetch lacks a key. A null is
explained by an error above it (the entity's fetch failed), at it, or below it (the subgraph itself
let the null bubble up).
"""

from __future__ import annotations

from typing import NamedTuple

from adapters.contract import Path

__all__ = ["Cause", "ExplainedNulls"]


class Cause(NamedTuple):
    """Who failed, and how."""

    code: str
    subgraph: str | None = None
    source: str | None = None


class ExplainedNulls:
    """The paths of errors, and all their prefixes. One per execution; grows with errors only."""

    __slots__ = ("_paths", "_prefixes")

    def __init__(self) -> None:
        self._paths: dict[Path, Cause] = {}
        self._prefixes: dict[Path, Cause] = {}

    def add(self, path: Path, cause: Cause) -> None:
        """Note that an error explains a null at, above or below ``path``; the first one stays."""
        self._paths.setdefault(path, cause)
        for length in range(len(path), -1, -1):
            prefix = path[:length]
            if prefix in self._prefixes:
                return
            self._prefixes[prefix] = cause

    def cause(self, path: Path) -> Cause | None:
        """Give what explains a null at ``path``; None: nothing does."""
        found = self._prefixes.get(path)
        if found is not None:
            return found
        above = (self._paths.get(path[:length]) for length in range(len(path) - 1, -1, -1))
        return next((cause for cause in above if cause is not None), None)

    def cause_within(self, path: Path) -> Cause | None:
        """Give the error at or below ``path``, leaving out those above that speak of more."""
        return self._prefixes.get(path)

    def __bool__(self) -> bool:
        """Tell whether anything failed so far."""
        return bool(self._prefixes)

    def covers(self, path: Path) -> bool:
        """Tell whether a null at ``path`` needs no error of its own."""
        return self.cause(path) is not None
