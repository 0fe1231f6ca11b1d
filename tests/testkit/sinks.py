"""Where everything that is logged during a test run is kept, until it has been searched.

In: what a process or a logger writes. Out: files in one folder of the run, shared by all its
workers and processes through the environment. Each file begins with what it is and which test
opened it. Outside a watched run what is written goes nowhere.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import NamedTuple, TextIO

__all__ = ["FOLDER", "Sink", "current_test", "open_sink", "read_sinks"]

FOLDER = "SIMPUL_TEST_SINKS"
"""The environment variable that names the folder of the run."""


class Sink(NamedTuple):
    """A sink's file, read."""

    name: str  # "log records", "gateway", "fleet"
    test: str  # which test opened it; empty for the run
    lines: list[str]


def open_sink(name: str) -> TextIO:
    """Open a new sink; its owner closes it."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    number, _ = tempfile.mkstemp(suffix=".log", dir=folder)
    sink = os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace")
    sink.write(json.dumps({"name": name, "test": current_test()}) + "\n")
    sink.flush()  # a process that is given the file writes behind this line
    return sink


def current_test() -> str:
    """Name the running test."""
    return os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]


def read_sinks(folder: Path) -> list[Sink]:
    """Read every sink of a run, in the order in which they were opened."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_ctime_ns)
    return [_read(path) for path in files]


def _read(path: Path) -> Sink:
    header, *lines = path.read_text("utf-8", errors="backslashreplace").splitlines()
    opened = json.loads(header)
    return Sink(opened["name"], opened["test"], lines)
