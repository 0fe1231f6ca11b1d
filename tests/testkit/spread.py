"""A pytest plugin: spreads the run over its workers so that they end together.

In: the collected tests. Out: their order, and which of them go to the same worker. Files that
start processes take long for their few tests: they come first, since one at the end would keep a
worker alone. Files over the same running fleet go to one worker, which then starts it once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from tests.testkit.imports import ROOT

__all__ = ["find_fleets", "sort_items"]

_FLEETS = {
    "legacy_fleet: Fleet": "the fleet",
    "joined_graph: JoinedGraph": "the fleet",
    "loket: Loket": "the fleet",
    "faults: FaultGraph": "the failing fleet",
}
"""The fixtures of tests/e2e that run a fleet for the session, as tests take them, and which."""

_LONG = ("e2e", "slow", "needs_mariadb", "needs_postgres")
"""The marks of tests that take long, or wait for what takes long to start."""


class _TogetherScheduling(LoadFileScheduling):
    """Gives a file to one worker, and with it all others over the same fleet."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return find_fleets().get(file, file)


@pytest.hookimpl(optionalhook=True)  # of a plugin that may be switched off
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Schedule as ``--dist loadfile`` does, but for the files over one fleet."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # by number of tests: the long ones would come last
    return _TogetherScheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put long files first where the tests are spread; alone, they keep their order."""
    if hasattr(config, "workerinput"):
        sort_items(items)


def sort_items(items: list[pytest.Item]) -> None:
    """Sort by file: those over fleets, those with long tests, those with many tests, the rest."""
    tests = Counter(_file(item) for item in items)
    long = {_file(item) for item in items if any(item.get_closest_marker(m) for m in _LONG)}
    fleets = find_fleets()

    def place(item: pytest.Item) -> tuple[bool, bool, int]:
        file = _file(item)
        return file not in fleets, file not in long, -tests[file]

    items.sort(key=place)


@cache
def find_fleets() -> Mapping[str, str]:
    """Tell which file of tests/e2e is over which fleet, by the fixtures that it names."""
    named = re.compile(rf"\b({'|'.join(_FLEETS)})\b")
    found = {}
    for path in sorted((ROOT / "tests" / "e2e").glob("test_*.py")):
        fixture = named.search(path.read_text("utf-8"))
        if fixture:
            found[_relative(path)] = _FLEETS[fixture[1]]
    return found


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
