"""Written cases of federation: worlds kept as text, and what is asked of them.

In: a file with ``# subgraph: NAME`` parts, then ``# case: CLAIM | FETCHES | VARIABLES`` parts, each
with one operation. Out: the cases of a file; the composed world. Answers are kept beside the file
as JSON, written anew by ``UPDATE_GOLDENS=1``.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.testkit.graph_world import GraphWorld

__all__ = ["FederationCase", "kept_answers", "read_cases", "write_answers"]

_SUBGRAPH = "# subgraph: "
_CASE = "# case: "


@dataclass(frozen=True, slots=True)
class FederationCase:
    """One operation and how many requests it may take."""

    topic: Path
    name: str
    operation: str
    fetches: int
    variables: Mapping[str, Any] = field(default_factory=dict)

    def world(self) -> GraphWorld:
        """Compose the file's subgraphs, once."""
        return _world(self.topic)

    def __str__(self) -> str:
        """Name it in the list of tests."""
        return f"{self.topic.stem}: {self.name}"


def read_cases(folder: Path) -> list[FederationCase]:
    """Read all files of a folder."""
    return [case for path in sorted(folder.glob("*.graphql")) for case in _cases_of(path)]


def kept_answers(topic: Path) -> dict[str, Any]:
    """Read the answers kept beside a file."""
    path = topic.with_suffix(".json")
    kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return kept


def write_answers(topic: Path, answers: Mapping[str, Any]) -> None:
    """Keep the answers of a file, one case a line."""
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in answers.items())
    topic.with_suffix(".json").write_text("{\n" + lines + "\n}\n")


def _cases_of(path: Path) -> list[FederationCase]:
    parts = path.read_text().split(_CASE)[1:]
    cases = []
    for part in parts:
        head, operation = part.split("\n", 1)
        name, fetches, *rest = head.split(" | ")
        variables = json.loads(rest[0]) if rest else {}
        cases.append(FederationCase(path, name, operation.strip(), int(fetches), variables))
    assert len({case.name for case in cases}) == len(cases), f"{path}: two cases of one name"
    return cases


@functools.cache
def _world(path: Path) -> GraphWorld:
    text = path.read_text().split(_CASE, 1)[0]
    parts = [part.split("\n", 1) for part in text.split(_SUBGRAPH) if part.strip()]
    return GraphWorld(**{name.strip(): sdl for name, sdl in parts})
