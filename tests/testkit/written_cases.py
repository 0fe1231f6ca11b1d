"""Sets of subgraphs written in one file per topic, each with the verdict that is right.

In: a file of ``=== name`` sections, each with ``--- subgraph`` parts of SDL and, after its name,
``=> CODE, CODE`` where it is refused. A subgraph marked ``raw`` is taken as it is, any other links
federation 2.9 with all its directives. Out: ``WrittenCase`` values in the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schema.subgraph.model import SubgraphSource
from tests.testkit.composing import FED2

__all__ = ["WrittenCase", "read_cases"]


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """One set; ``codes`` empty means that it composes."""

    topic: str
    name: str
    subgraphs: tuple[SubgraphSource, ...]
    codes: tuple[str, ...]

    def __str__(self) -> str:
        """Name the case in test ids."""
        return f"{self.topic}: {self.name}"


def read_cases(folder: Path) -> Iterator[WrittenCase]:
    """Read all files of a folder, by name."""
    for path in sorted(folder.glob("*.graphqls")):
        for section in path.read_text("utf-8").split("\n=== ")[0:]:
            yield _read_case(path.stem, section.removeprefix("=== "))


def _read_case(topic: str, section: str) -> WrittenCase:
    head, *parts = section.split("\n--- ")
    name, _, codes = head.partition(" => ")
    return WrittenCase(
        topic,
        name.strip(),
        tuple(map(_read_subgraph, parts)),
        tuple(code.strip() for code in codes.split(",") if code.strip()),
    )


def _read_subgraph(part: str) -> SubgraphSource:
    head, _, sdl = part.partition("\n")
    name, _, mark = head.strip().partition(" ")
    text = sdl if mark == "raw" else FED2 + sdl
    return SubgraphSource(name, f"http://{name}.example/", text)
