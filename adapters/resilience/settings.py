"""The numbers of one source's guard, with the defaults that users of gateways expect.

In: what an adapter's settings give under ``guard``. Out: ``GuardSettings``, which also decides what
depends on nothing else: who goes first, and which error is held against the source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from adapters.contract import CallContext, Priority
from adapters.errors import SourceCode, SourceError

__all__ = ["GuardSettings"]

_FAILURES: Final = (SourceCode.SUMBER_TIDAK_TERSEDIA, SourceCode.BATAS_WAKTU, SourceCode.DATA_RUSAK)


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """How one source is treated; every default is on."""

    timeout_seconds: float = 30.0  # for one call with its retries, whatever the caller's deadline
    parallel: int = 100  # attempts at the same time
    queue: int = 1_000  # calls that may wait for a place; more are refused at once
    priority_by_purpose: Mapping[str, str] = field(default_factory=dict)  # at best: ``Priority``

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
    failure_codes: tuple[str, ...] = _FAILURES  # ``SourceCode``: what the breaker counts

    quota_per_day: int | None = None  # units; None: not counted
    quota_reserve: int = 0  # of these, the last ones are for callers at the counter
    quota_by_purpose: Mapping[str, int] = field(default_factory=dict)  # within the whole
    quota_key: str | None = None  # whose units they are; None: this source's alone

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

    def priority_of(self, call: CallContext) -> Priority:
        """Give the class of a call: its caller's, and at best that of its purpose."""
        if not self.priority_by_purpose:
            return call.priority
        best = self.priority_by_purpose.get(call.purpose or "")
        return call.priority if best is None else max(call.priority, Priority[best])

    def is_failure(self, error: SourceError) -> bool:
        """Tell whether an error is held against the source.

        A refusal before the wire is none, whatever its code; a code beyond the defaults is one
        wherever it comes from.
        """
        return error.code in self.failure_codes and (error.counts or error.code not in _FAILURES)

    def tell(self) -> dict[str, Any]:
        """Give every setting that is set, by its name: numbers, texts, and lists of texts."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in told.items()
            if value not in (None, (), {})
        }
