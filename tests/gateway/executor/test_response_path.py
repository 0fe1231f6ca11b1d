"""Flatten paths: which objects they lead to, and where those stand."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.contract import Path
from gateway.executor.response_path import find_positions, nearest_list, path_of
from gateway.plan.nodes import FetchPath, TypeCondition

DATA: dict[str, Any] = {
    "one": {"n": 1, "inner": {"n": 2}},
    "none": None,
    "many": [{"n": 3}, None, {"n": 4, "inner": None}],
    "grid": [[{"n": 5}, None], None, [], [{"n": 6}]],
    "things": [{"__typename": "A", "n": 7}, {"__typename": "B", "n": 8}, {"n": 9}],
    "text": "x",
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), [()]),
        (("one",), [("one",)]),
        (("one", "inner"), [("one", "inner")]),
        (("none",), []),
        (("none", "inner"), []),
        (("absent", "@"), []),
        (("many", "@"), [("many", 0), ("many", 2)]),
        (("many",), [("many", 0), ("many", 2)]),
        (("many", "@", "inner"), []),
        (("grid", "@", "@"), [("grid", 0, 0), ("grid", 3, 0)]),
        (("things", "@", TypeCondition(("A",))), [("things", 0), ("things", 2)]),
        (("things", "@", TypeCondition(("A", "B"))), [("things", i) for i in range(3)]),
        (("text", "x"), []),
        (("one", "@"), []),
    ],
    ids=str,
)
def test_positions(path: FetchPath, expected: list[Path]) -> None:
    """Objects in document order; nulls, absent names and failed conditions end a branch."""
    assert [path_of(position.link) for position in find_positions(DATA, path)] == expected


def test_positions_hold_the_objects_themselves() -> None:
    """What is merged into a position shows in the data."""
    data: dict[str, Any] = {"a": [{"n": 1}]}
    find_positions(data, ("a", "@"))[0].value["m"] = 2
    assert data == {"a": [{"n": 1, "m": 2}]}


@pytest.mark.parametrize(
    ("path", "expected"),
    [((), ()), (("a", "b"), ("a", "b")), (("a", 0, "b", 1, "c"), ("a",)), (("a", 3), ("a",))],
)
def test_nearest_list(path: Path, expected: Path) -> None:
    """The path ends before its first index."""
    assert nearest_list(path) == expected
