"""Schema coordinates as text and back."""

from __future__ import annotations

import pytest

from schema.coordinates import parse_coordinate

TEXTS = ["Type", "Type.field", "Type.field(arg:)", "@directive", "@directive(arg:)"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_coordinate_survives_reading_and_printing(text: str) -> None:
    """Every form prints as it was written."""
    assert str(parse_coordinate(text)) == text


@pytest.mark.parametrize("text", ["", "Type.", "Type(arg:)", "@directive.field"])
def test_anything_else_is_refused(text: str) -> None:
    """What is no coordinate raises."""
    with pytest.raises(ValueError):
        parse_coordinate(text)
