"""Remembers which places of the answer an error already explains.

In: client paths of errors, while fetches arrive. Out: "is the null at this path explained?", asked
only when a non-null position turns out null. A null is explained by an error above it (the entity's
fetch failed), at it, or below it (the subgraph itself let the null bubble up).
"""

from __future__ import annotations

from adapters.contract import Path

__all__ = ["ExplainedNulls"]


class ExplainedNulls:
    """The paths of errors, and all their prefixes. One per execution; grows with errors only."""

    __slots__ = ("_paths", "_prefixes")

    def __init__(self) -> None:
        self._paths: set[Path] = set()
        self._prefixes: set[Path] = set()

    def add(self, path: Path) -> None:
        """Note that an error explains a null at, above or below ``path``."""
        self._paths.add(path)
        for length in range(len(path), -1, -1):
            prefix = path[:length]
            if prefix in self._prefixes:
                return
            self._prefixes.add(prefix)

    def covers(self, path: Path) -> bool:
        """Tell whether a null at ``path`` needs no error of its own."""
        if path in self._prefixes:
            return True
        return any(path[:length] in self._paths for length in range(len(path)))
