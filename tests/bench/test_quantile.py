"""How the load test reads its latencies."""

from __future__ import annotations

import math

import pytest

from bench.quantile import quantile


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3.0], 0.95, 3.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
        ([*map(float, range(1, 101))], 0.95, 95.0),
        ([*map(float, range(1, 102))], 0.95, 96.0),
    ],
)
def test_a_quantile_is_a_value_that_was_measured(
    values: list[float], share: float, expected: float
) -> None:
    """It is the least one that so large a share does not exceed."""
    assert quantile(values, share) == expected


def test_nothing_has_no_quantile() -> None:
    """A phase without operations of a kind prints no number."""
    assert math.isnan(quantile([], 0.5))
