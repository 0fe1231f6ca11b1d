"""Settings that could not work are refused."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.resilience import GuardSettings


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeout_seconds": 0},
        {"parallel": 0},
        {"breaker_requests": -1},
        {"breaker_successes": 6},
        {"quota_per_day": -1},
    ],
)
def test_refuses_what_could_not_work(wrong: dict[str, Any]) -> None:
    """The text names the setting."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        GuardSettings(**wrong)


def test_defaults_are_those_promised() -> None:
    """The table of defaults, as users of gateways expect them."""
    made = GuardSettings()
    assert (made.timeout_seconds, made.parallel, made.retries) == (30, 100, 2)
    assert (made.breaker_requests, made.breaker_failures, made.breaker_open_seconds) == (
        20,
        0.5,
        30,
    )
    assert (made.breaker_window_seconds, made.breaker_buckets) == (60, 10)
    assert (made.breaker_probes, made.breaker_successes) == (5, 3)
    assert (made.retry_budget, made.quota_per_day) == (0.1, None)
