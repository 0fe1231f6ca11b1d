"""Rules of scalars, as far as the normalisers' and adapters' tests do not show them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from adapters.kit.scalar_rules import DAYS, INPUT_RULES, OUTPUT_RULES, OneOf


@pytest.mark.parametrize("name", ["NIK", "NomorKK", "NIB", "KBLI", "NIP"])
@pytest.mark.parametrize("value", ["", "1", "x" * 16, "٣" * 16, "１" * 16, " " * 16, 12, None])
def test_only_ascii_digits_of_the_right_length_are_numbers(name: str, value: Any) -> None:
    """Digits of other scripts, blanks, other lengths and other types are refused unrepeated."""
    with pytest.raises(ValueError, match=f"{name} is a text of"):
        INPUT_RULES[name](value)


def test_a_number_passes_as_it_is() -> None:
    """The text itself comes out."""
    assert OUTPUT_RULES["NIK"]("3171990101909001") == "3171990101909001"


@pytest.mark.parametrize("value", ["LAIN", [], {}, None, 7])
def test_what_is_no_value_of_an_enum_is_refused(value: Any) -> None:
    """Values that cannot even be looked up too."""
    with pytest.raises(ValueError, match="not a value of Jenis"):
        OneOf("Jenis", frozenset({"SKTM"}))(value)


def test_days_are_kept_within_bounds() -> None:
    """Every day has its text, and what is kept of them does not grow without end."""
    first = date(1500, 1, 1)
    for count in range(60_000):
        day = first + timedelta(days=count)
        assert DAYS[day] == day.isoformat()
    assert len(DAYS) <= 50_000
