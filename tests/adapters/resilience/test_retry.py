"""Which failed reads are tried again, and what it costs the budget."""

from __future__ import annotations

from typing import ClassVar

from adapters.errors import AccessDenied, SourceUnavailable
from adapters.resilience.retry import RetryBudget
from adapters.resilience.settings import GuardSettings


class Renewed(AccessDenied):
    """Refused for a credential that the next attempt renews."""

    retryable: ClassVar[bool] = True
    renews: ClassVar[bool] = True


def _budget(reserve: float = 2.0) -> RetryBudget:
    return RetryBudget(GuardSettings(retry_reserve=reserve), random=lambda: 0.5)


def test_a_retry_is_paid_from_the_budget() -> None:
    """Each retry of a failure takes one; without one left there is none."""
    budget = _budget()
    assert budget.pause(SourceUnavailable(), 1, 10) is not None
    assert budget.pause(SourceUnavailable(), 1, 10) is not None
    assert budget.pause(SourceUnavailable(), 1, 10) is None
    assert budget.retries == 2


def test_a_renewal_is_free_once_per_call() -> None:
    """A lost token says nothing about the source's health: its first retry costs nothing."""
    budget = _budget(reserve=1.0)
    for _ in range(50):
        assert budget.pause(Renewed(retry_after=0), 1, 10) == 0
    assert budget.saved == 1.0
    assert budget.pause(Renewed(retry_after=0), 2, 10) == 0
    assert budget.saved == 0.0
    assert budget.pause(Renewed(retry_after=0), 2, 10) is None


def test_a_retry_that_comes_too_late_is_dropped() -> None:
    """The source's own Retry-After is kept, or there is no retry."""
    budget = _budget()
    assert budget.pause(SourceUnavailable(retry_after=5), 1, 4) is None
    assert budget.pause(SourceUnavailable(retry_after=3), 1, 4) == 3
