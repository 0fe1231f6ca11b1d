"""One legacy server of the fleet as a process, for tests of the adapter over it.

In: the server's name. Out: what its READY line announces, and its control routes. The world is
small and lies in a folder that all tests of a run share; the same parameters find it again.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.testkit.sinks import open_sink

__all__ = ["RESIDENTS", "LegacyServer", "find_world", "open_truth", "start_legacy"]

RESIDENTS = 2000
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class LegacyServer:
    """A running server."""

    url: str
    parts: dict[str, str]  # verify, control, ca

    def counters(self) -> dict[str, Any]:
        """Ask what it has counted."""
        with urllib.request.urlopen(f"{self.parts['control']}/_fleet/counters") as answer:
            counted: dict[str, Any] = json.load(answer)
        return counted

    def post(self, route: str, **body: Any) -> None:
        """Call a control route: ``faults``, ``quota``, ``reset``."""
        request = urllib.request.Request(
            f"{self.parts['control']}/_fleet/{route}",
            json.dumps(body).encode(),
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            answer.read()


@cache
def find_world() -> Path:
    """Give the folder of the test world, building it the first time."""
    answer = subprocess.run(
        [*_command("world")], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    return Path(answer.stdout.removeprefix("READY").strip())


def open_truth() -> sqlite3.Connection:
    """Open the ground truth of the test world."""
    truth = sqlite3.connect(f"file:{find_world() / 'truth.sqlite'}?mode=ro", uri=True)
    truth.row_factory = sqlite3.Row
    return truth


@contextmanager
def start_legacy(name: str, *options: str) -> Iterator[LegacyServer]:
    """Start ``python -m demo NAME`` and stop it afterwards."""
    with (
        open_sink(f"log of the legacy server {name}") as log,
        subprocess.Popen(
            [*_command(name), *options],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            line = process.stdout.readline().split()
            assert line[:1] == ["READY"], f"the server said {line}"
            yield LegacyServer(line[1], dict(part.split("=", 1) for part in line[2:]))
        finally:
            process.terminate()
            process.wait(10)


def _command(name: str) -> list[str]:
    store = Path(tempfile.gettempdir()) / f"simpul-tests-{os.getuid()}"
    return [
        *(sys.executable, "-m", "demo", name),
        *("--residents", str(RESIDENTS), "--store", str(store)),
    ]
