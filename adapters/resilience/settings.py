"""The numbers of one source's guard, with the defaults that users of gateways expect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["GuardSettings"]


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """How one source is treated; every default is on."""

    timeout_seconds: float = 30.0  # for one call with its retries, whatever the caller's deadline
    parallel: int = 100  # attempts at the same time
    queue: int = 1_000  # calls that may wait for a place; more are refused at once

    retries: int = 2  # of a read, after the first attempt
    retry_base_seconds: float = 0.1  # the first pause is drawn from 0 to this, then it doubles
    retry_cap_seconds: float = 2.0  # the longest pause to draw from
    retry_budget: float = 0.1  # retries earned by each success
    retry_reserve: float = 10.0  # retries that may be saved up, and are there at the start

    breaker_requests: int = 20  # within the window, before it may open
    breaker_failures: float = 0.5  # share of failures at which it opens
    breaker_window_seconds: float = 60.0
    breaker_buckets: int = 10  # the window moves on by one of these
    breaker_open_seconds: float = 30.0
    breaker_probes: int = 5  # let through when the open time is over
    breaker_successes: int = 3  # of the probes, to close it again

    quota_per_day: int | None = None  # units; None: not counted
    quota_reserve: int = 0  # of these, the last ones are for callers at the counter
    quota_by_purpose: Mapping[str, int] = field(default_factory=dict)  # within the whole

    # Windows of Jakarta's week (``hours``); none: always open.
    opening_hours: tuple[str, ...] = ()
    maintenance: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        positive = ("timeout_seconds", "parallel", "breaker_requests", "breaker_window_seconds")
        for name in (*positive, "breaker_buckets", "breaker_probes", "breaker_successes"):
            if getattr(self, name) <= 0:
                raise ValueError(f'"{name}" must be greater than 0')
        if self.breaker_successes > self.breaker_probes:
            raise ValueError('"breaker_successes" must not exceed "breaker_probes"')
        if self.quota_per_day is not None and self.quota_per_day < 0:
            raise ValueError('"quota_per_day" must not be negative')
        if not 0 <= self.quota_reserve <= (self.quota_per_day or 0):
            raise ValueError('"quota_reserve" must lie within "quota_per_day"')
        if self.quota_by_purpose and self.quota_per_day is None:
            raise ValueError('"quota_by_purpose" divides "quota_per_day": give that too')
