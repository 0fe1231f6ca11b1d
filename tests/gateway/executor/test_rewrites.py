"""Rewrites in data, in representations, and in the paths of errors."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.contract import Path
from gateway.executor.rewrites import apply_rewrites, rename_path
from gateway.plan.nodes import KeyRenamer, Rewrite, TypeCondition, TypenameSetter


@pytest.mark.parametrize(
    ("value", "rewrite", "expected"),
    [
        ({"a_1": 1}, KeyRenamer(("a_1",), "a"), {"a": 1}),
        ({"b": 1}, KeyRenamer(("a_1",), "a"), {"b": 1}),
        ({"x": {"a_1": None}}, KeyRenamer(("x", "a_1"), "a"), {"x": {"a": None}}),
        ({"x": None}, KeyRenamer(("x", "a_1"), "a"), {"x": None}),
        (
            {"x": [{"a_1": 1}, None, {"a_1": 2}]},
            KeyRenamer(("x", "@", "a_1"), "a"),
            {"x": [{"a": 1}, None, {"a": 2}]},
        ),
        ({"x": [{"a_1": 1}]}, KeyRenamer(("x", "a_1"), "a"), {"x": [{"a": 1}]}),
        ({"x": [[{"a_1": 1}]]}, KeyRenamer(("x", "@", "@", "a_1"), "a"), {"x": [[{"a": 1}]]}),
        (
            {"x": [{"__typename": "A", "a_1": 1}, {"__typename": "B", "a_1": 2}]},
            KeyRenamer(("x", "@", TypeCondition(("A",)), "a_1"), "a"),
            {"x": [{"__typename": "A", "a": 1}, {"__typename": "B", "a_1": 2}]},
        ),
        ({"a_1": 1}, KeyRenamer((TypeCondition(("A",)), "a_1"), "a"), {"a": 1}),
        ({"__typename": "A"}, TypenameSetter((), "I"), {"__typename": "I"}),
        ({"__typename": "A"}, TypenameSetter(("__typename",), "I"), {"__typename": "I"}),
        (
            {"x": {"__typename": "A"}},
            TypenameSetter(("x", TypeCondition(("B",))), "I"),
            {"x": {"__typename": "A"}},
        ),
    ],
)
def test_values(value: Any, rewrite: Rewrite, expected: Any) -> None:
    """A rewrite changes exactly what its path leads to."""
    apply_rewrites(value, (rewrite,))
    assert value == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("x", 0, "a_1"), ("x", 0, "a")),
        (("x", 0, "a_1", "deep"), ("x", 0, "a", "deep")),
        (("x",), ("x",)),
        (("y", 0, "a_1"), ("y", 0, "a_1")),
        (("a_1",), ("a_1",)),
    ],
)
def test_paths(path: Path, expected: Path) -> None:
    """An error's path is renamed as the data was."""
    rewrite = KeyRenamer(("x", "@", TypeCondition(("A",)), "a_1"), "a")
    assert rename_path(path, (rewrite,)) == expected
