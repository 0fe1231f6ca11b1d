"""What means nothing, and texts without stray blanks."""

import pytest

from adapters.kit.normalize.null import Unreadable, clean_text, is_null, readable
from adapters.kit.outcome import UNREADABLE


@pytest.mark.parametrize("raw", [None, "", " ", "-", " - ", "0", 0, 0.0, "null", "NULL", "N/A"])
def test_nothing(raw: object) -> None:
    """Every spelling of nothing is None."""
    assert is_null(raw)
    assert clean_text(raw) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("  A  B ", "A B"), ("JL. X\u00a0NO 1", "JL. X NO 1"), (12.0, "12"), (7, "7"), ("00", "00")],
)
def test_text(raw: object, expected: str) -> None:
    """Blanks become single, numbers become their digits."""
    assert clean_text(raw) == expected


def test_readable_marks_what_a_rule_refuses() -> None:
    """A value that its rule cannot read is a mark and not an exception."""

    def rule(value: object) -> str:
        if value == "x":
            raise Unreadable("no")
        return "y"

    assert readable(rule, "x") is UNREADABLE
    assert readable(rule, "z") == "y"
