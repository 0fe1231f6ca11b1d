"""Asks the reference implementations, which run in Node.js (``node/reference.mjs``).

In: subgraphs, or a supergraph with operations. Out: verdicts and fetch counts. Development only:
``npm ci`` in ``node/`` installs them, and nothing of Simpul needs them.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from schema.subgraph.model import SubgraphSource

__all__ = ["Reference", "Verdict"]

FOLDER = Path(__file__).parent / "node"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one reference says of subgraphs; its schemas are None if it refuses them."""

    codes: tuple[str, ...]
    messages: tuple[str, ...]
    hints: tuple[str, ...]
    api: str | None
    supergraph: str | None


class Reference:
    """The running Node.js process."""

    def __init__(self) -> None:
        self._process = self._start()

    def __enter__(self) -> Self:
        """Give the running process."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self.close()

    @staticmethod
    def is_installed() -> bool:
        """Tell whether the packages are there."""
        return (FOLDER / "node_modules" / "@apollo" / "composition").is_dir()

    def compose(self, subgraphs: Sequence[SubgraphSource]) -> dict[str, Verdict]:
        """Give each reference's verdict, by its name."""
        sent = [{"name": each.name, "sdl": each.sdl} for each in subgraphs]
        return {
            name: Verdict(
                tuple(said["codes"]),
                tuple(said["messages"]),
                tuple(said["hints"]),
                said["api"],
                said["supergraph"],
            )
            for name, said in self._ask({"compose": sent}).items()
        }

    def count_fetches(
        self, supergraph: str, operations: Sequence[str]
    ) -> list[tuple[int, int] | None]:
        """Count requests and fetches of the native planner's plans; None where it gives none.

        It puts several fetches into one request, as aliases of ``_entities``.
        """
        try:
            answer = self._ask({"supergraph": supergraph, "operations": list(operations)})
        except (json.JSONDecodeError, BrokenPipeError):  # the planner ended the process
            self.close()
            self._process = self._start()
            return [None for _ in operations]
        return [None if each is None else (each[0], each[1]) for each in answer["fetches"]]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):  # it ended by itself
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["node", "reference.mjs"],
            cwd=FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer
