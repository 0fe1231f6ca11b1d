"""The rates at which dirt is planted, and the meter that keeps to them.

In: people, one after another. Out: "plant here" or not, so that the share of planted cases equals
the rate over the whole world although only some people are eligible.
"""

from dataclasses import dataclass
from random import Random

__all__ = ["RATES", "Rate"]

RATES = {
    "dead_but_active": 0.0075,
    "frozen": 0.017,
    "second_nik": 0.02,
    "moved": 0.03,
    "nik_changed": 0.005,
    "recorded_dead": 0.03,
    "title": 0.03,
    "spelling": 0.04,
    "order": 0.01,
    "birth_swapped": 0.005,
    "birth_wrong": 0.005,
    "rt_rw_missing": 0.02,
    "rt_rw_malformed": 0.05,
}
"""Shares of residents, for the last seven of register rows."""


@dataclass(slots=True)
class Rate:
    """Plants a share of cases: what ineligible cases leave owed, eligible ones pay off."""

    share: float  # of all cases seen
    owed: float = 0.0  # cases that should have been planted and are not

    def hit(self, rng: Random, *, eligible: bool = True, weight: int = 1) -> bool:
        """Count a case of `weight` people, and tell whether to plant here."""
        self.owed += self.share * weight
        if not eligible or self.owed <= 0 or rng.random() * 4 * weight > self.owed:
            return False
        self.owed -= weight
        return True
