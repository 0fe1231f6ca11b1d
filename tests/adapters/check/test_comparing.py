"""When an answer says no more than another."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.check.comparing import is_part, is_same, told_wrongly


@pytest.mark.parametrize(
    ("less", "whole", "expected"),
    [
        (None, {"a": 1}, True),
        ({"a": None}, {"a": 1}, True),
        ({"a": 2}, {"a": 1}, False),
        ([{"a": 2}], [{"a": 1}, {"a": 2}], True),
        ([{"a": 1}, {"a": 1}], [{"a": 1}, {"a": 2}], False),
        ({"b": 1}, {"a": 1}, False),
    ],
    ids=["nothing", "null", "other", "item", "doubled", "field"],
)
def test_part(less: Any, whole: Any, expected: bool) -> None:
    """Nulls and missing items are less; another value, or one item twice, is more."""
    assert is_part(less, whole) is expected


def test_lists_are_compared_as_bags() -> None:
    """The order of a source's rows means nothing; how often one comes does."""
    assert is_same([{"a": 1}, {"a": 2}], [{"a": 2}, {"a": 1}])
    assert not is_same([1, 1, 2], [1, 2, 2])


def test_a_wrong_entity_is_told_by_its_position_alone() -> None:
    """The finding repeats no value."""
    assert told_wrongly("s", [{"a": "x"}], [{"a": "y"}]) == [
        '"s": _entities.0 holds what is not its own'
    ]
