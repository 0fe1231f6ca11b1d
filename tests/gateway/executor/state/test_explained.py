"""Which nulls an error explains: those above, at, and below its path."""

from __future__ import annotations

import pytest

from adapters.contract import Path
from gateway.executor.state.explained import Cause, ExplainedNulls


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("a", 0, "b"), True),
        (("a", 0), True),
        (("a",), True),
        (("a", 0, "b", "deep", 3), True),
        (("a", 1), False),
        (("a", 0, "c"), False),
        (("b",), False),
    ],
    ids=str,
)
def test_one_error(path: Path, expected: bool) -> None:
    """An error at ``a.0.b`` explains its own line of the tree and nothing beside it."""
    explained = ExplainedNulls()
    explained.add(("a", 0, "b"), Cause("X"))
    assert explained.covers(path) is expected


def test_nothing_is_explained_without_errors() -> None:
    """The root is no exception."""
    assert not ExplainedNulls().covers(())


def test_prefixes_of_later_errors_are_added_too() -> None:
    """Two errors that share a beginning each explain their own part."""
    explained = ExplainedNulls()
    explained.add(("a", 0, "b"), Cause("X"))
    explained.add(("a", 1, "c"), Cause("Y"))
    assert explained.covers(("a", 1))
    assert not explained.covers(("a", 2))
    assert explained.cause(("a", 1, "c", "deep")) == Cause("Y")
    assert explained.cause(("a",)) == Cause("X")
