"""Numbers and yes-or-no as old systems write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from adapters.kit.normalize.null import Unreadable
from adapters.kit.normalize.number import normalize_decimal, normalize_truth, normalize_whole


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("1.250.000", 1_250_000),
        ("Rp 1.250.000,00", 1_250_000),
        ("Rp1.500,-", 1_500),
        ("0", 0),
        (0, 0),
        (7.0, 7),
        (Decimal("12"), 12),
        (True, 1),
        ("-3", -3),
        ("", None),
        ("-", None),
        (None, None),
    ],
)
def test_whole(raw: Any, number: int | None) -> None:
    """Thousands are grouped by dots, and zero is a number."""
    assert normalize_whole(raw) == number


@pytest.mark.parametrize(
    ("raw", "number"), [("12,5", 12.5), ("12.5", 12.5), ("1.234,5", 1234.5), (0.25, 0.25)]
)
def test_decimal(raw: Any, number: float) -> None:
    """Decimals begin with a comma; the dot of a program is understood too."""
    assert normalize_decimal(raw) == number


@pytest.mark.parametrize(
    ("raw", "truth"),
    [("Y", True), (" ya ", True), (1, True), (False, False), ("TIDAK", False), (0, False)],
)
def test_truth(raw: Any, truth: bool) -> None:
    """Old systems have many words for yes and no."""
    assert normalize_truth(raw) is truth


def test_nothing_is_no_truth() -> None:
    """An empty cell is neither yes nor no."""
    assert normalize_truth("") is None
    assert normalize_truth(None) is None


@pytest.mark.parametrize("rule", [normalize_whole, normalize_decimal, normalize_truth])
@pytest.mark.parametrize("raw", ["dua belas", "NaN"])
def test_what_is_none_is_refused(rule: Any, raw: str) -> None:
    """The error tells the form and not the value."""
    with pytest.raises(Unreadable) as refusal:
        rule(raw)
    assert raw not in str(refusal.value)


def test_decimals_are_no_whole_number() -> None:
    """Nothing is rounded in silence."""
    with pytest.raises(Unreadable):
        normalize_whole("12,5")
