"""Whether a failed read is tried again, and when.

In: the error and how often it was tried. Out: a pause in seconds, or None. Retries are paid from
a budget that successes fill (10 % of them by default): a source in trouble is not asked three
times as much. Pauses are drawn between nothing and a doubling bound, so that many callers do not
come back together; the source's own ``Retry-After`` is kept, or the retry is dropped.
"""

from __future__ import annotations

from collections.abc import Callable

from adapters.errors import SourceError
from adapters.resilience.settings import GuardSettings

__all__ = ["RetryBudget"]


class RetryBudget:
    """Decides about retries of one source."""

    def __init__(self, settings: GuardSettings, random: Callable[[], float]) -> None:
        self._settings = settings
        self._random = random
        self._saved = self._reserve = settings.retry_reserve
        self.retries = 0  # granted since the start

    @property
    def saved(self) -> float:
        """How many retries are paid for."""
        return self._saved

    def earn(self) -> None:
        """Note a success."""
        if self._saved < self._reserve:
            self._saved = min(self._saved + self._settings.retry_budget, self._reserve)

    def pause(self, error: SourceError, tried: int, seconds_left: float) -> float | None:
        """Give the pause before the next attempt, or None if ``error`` is final.

        ``tried`` counts the attempts made so far.
        """
        # A lost credential says nothing about the source's health: its first retry is free.
        price = 0 if error.renews and tried == 1 else 1
        if not error.retryable or tried > self._settings.retries or self._saved < price:
            return None
        pause = self._drawn(tried) if error.retry_after is None else error.retry_after
        if pause >= seconds_left:
            return None
        self._saved -= price
        self.retries += 1
        return pause

    def _drawn(self, tried: int) -> float:
        bound = self._settings.retry_base_seconds * 2.0 ** (tried - 1)
        return self._random() * min(bound, self._settings.retry_cap_seconds)
