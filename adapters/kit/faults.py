"""What went wrong while one fetch was answered: errors and defects, each said once.

In: places and reasons, as the answer meets them. Out: the ``errors`` and ``defects`` of the
response, under the rules of the truth table (docs/architecture.md, partial answers): an ungranted
field is one error per coordinate at its nearest list, an unreadable one a defect per coordinate
with its first place, a source's failure an error per place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from adapters.contract import Defect, Path, SubgraphError
from adapters.errors import AccessDenied, SourceCode, SourceError
from adapters.kit.context import Context

__all__ = ["Faults", "PathLink", "path_of"]

PathLink: TypeAlias = "tuple[Any, str | int] | None"
"""A place as a chain (parent place, own step): built without copying, spelled out only on error."""


def path_of(link: PathLink) -> Path:
    """Spell a place out, outermost step first."""
    steps: list[str | int] = []
    while link is not None:
        link, step = link
        steps.append(step)
    return tuple(reversed(steps))


@dataclass(slots=True)
class Faults:
    """Collects the faults of one fetch."""

    adapter: str
    context: Context
    errors: list[SubgraphError] = field(default_factory=list)
    defects: dict[str, Defect] = field(default_factory=dict)
    _said: set[object] = field(default_factory=set)

    def fail(self, link: PathLink, error: SourceError, source: str | None) -> None:
        """A source did not answer for the value at this place."""
        name = source or self.adapter
        self.context.mark(name, error)
        if isinstance(error, AccessDenied):
            self._say((name, error.code), _nearest_list(path_of(link)), error, name)
            return
        path = path_of(link)
        self._say((path, error.code), path, error, name)

    def deny(self, link: PathLink, coordinate: str, source: str | None) -> None:
        """The agreement does not cover this coordinate."""
        name = source or self.adapter
        error = AccessDenied(
            f'The source "{name}" does not grant "{coordinate}": '
            "ask its owner to add the field to the agreement."
        )
        self.context.mark(name, error)
        self._say((coordinate, error.code), _nearest_list(path_of(link)), error, name)

    def unreadable(self, link: PathLink, coordinate: str) -> None:
        """The value at this place came, and cannot be understood."""
        known = self.defects.get(coordinate)
        count = 1 if known is None else known.count + 1
        first = path_of(link) if known is None else known.path
        self.defects[coordinate] = Defect(coordinate, first, count)

    def invalid(self, link: PathLink, message: str, code: str) -> None:
        """The caller's argument is refused."""
        self.errors.append(SubgraphError(message, code, path_of(link)))

    def crash(self, link: PathLink, coordinate: str) -> None:
        """The adapter's own code failed: one masked error per coordinate."""
        if ("crash", coordinate) in self._said:
            return
        self._said.add(("crash", coordinate))
        message = f'The adapter "{self.adapter}" failed at "{coordinate}": see its log.'
        self.errors.append(SubgraphError(message, "INTERNAL_SERVER_ERROR", path_of(link)))

    def whole(self) -> None:
        """Turn equal failures of every entity into one failure of the fetch."""
        first = self.errors[0]
        self.errors = [
            SubgraphError(first.message, first.code, None, first.source, first.extensions)
        ]

    def _say(self, once: object, path: Path, error: SourceError, source: str) -> None:
        if once in self._said:
            return
        self._said.add(once)
        code: SourceCode = error.code
        self.errors.append(SubgraphError(str(error), code.value, path, source))


def _nearest_list(path: Path) -> Path:
    """Cut the path before its last list position; an entity's own position stays."""
    keep = 2 if path[:1] == ("_entities",) else 0
    for place in range(len(path) - 1, keep - 1, -1):
        if isinstance(path[place], int):
            return path[:place]
    return path
