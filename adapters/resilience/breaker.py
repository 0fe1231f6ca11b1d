"""Leaves a source alone that keeps failing.

In: the outcome of each attempt. Out: whether the next may be made. CLOSED until half of at least
20 attempts in the last minute failed; then OPEN for 30 s, in which nothing reaches the source;
then HALF_OPEN, in which five probes decide: three successes close it, three failures open it
again. Pure but for the clock, which is a parameter.

Outcomes of attempts that were let through in an earlier state say nothing about this one and are
dropped, and so is an attempt whose caller left: it neither succeeded nor failed.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from types import TracebackType

from adapters.resilience.refusal import CallRefused
from adapters.resilience.settings import GuardSettings

__all__ = ["Breaker", "BreakerState", "Ticket"]


class BreakerState(StrEnum):
    """Whether attempts are let through."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"


class Breaker:
    """The breaker of one source."""

    def __init__(self, source: str, settings: GuardSettings, clock: Callable[[], float]) -> None:
        self._source = source
        self._settings = settings
        self._clock = clock
        self._window = _Window(settings.breaker_window_seconds, settings.breaker_buckets)
        self._state = BreakerState.CLOSED
        self.is_closed = True  # attempts are let through unasked; their outcomes go to ``decide``
        self._opened_at = 0.0
        self._probing = 0  # probes let through and undecided
        self._successes = self._failures = 0  # of the probes
        self.generation = 0  # counts changes of state

    @property
    def state(self) -> BreakerState:
        """The state as of now."""
        if self._state is BreakerState.OPEN and self._seconds_open() <= 0:
            return BreakerState.HALF_OPEN
        return self._state

    def admit(self) -> Ticket:
        """Let an attempt through; raises ``CallRefused``."""
        if self._state is BreakerState.CLOSED:
            return Ticket(self)
        if self._state is BreakerState.OPEN and self._seconds_open() <= 0:
            self._enter(BreakerState.HALF_OPEN)
        if self._state is BreakerState.OPEN:
            raise CallRefused(
                f'source "{self._source}" kept failing and is left alone for another '
                f"{self._seconds_open():.0f} s"
            )
        if self._probing + self._successes + self._failures >= self._settings.breaker_probes:
            raise CallRefused(f'source "{self._source}" kept failing and is being probed')
        self._probing += 1
        return Ticket(self)

    def note_success(self, generation: int, now: float) -> None:
        """Note, as ``decide`` does, that an attempt succeeded ``now``."""
        if self.is_closed and generation == self.generation:
            window = self._window
            if now >= window.until:
                window.turn(now)
            window.current[1] += 1
        else:
            self.decide(generation, True)

    def decide(self, generation: int, succeeded: bool | None) -> None:
        """Note an attempt's outcome; None: it has none.

        ``generation`` is that of the moment at which it was let through.
        """
        if generation != self.generation or self._state is BreakerState.OPEN:
            return
        if self._state is BreakerState.HALF_OPEN:
            self._decide_probe(succeeded)
        elif succeeded is not None:
            self._window.add(self._clock(), succeeded)
            if not succeeded and self._has_failed_enough():
                self._open()

    def _decide_probe(self, succeeded: bool | None) -> None:
        self._probing -= 1
        if succeeded is None:
            return
        self._successes += succeeded
        self._failures += not succeeded
        settings = self._settings
        if self._successes >= settings.breaker_successes:
            self._window.clear()
            self._enter(BreakerState.CLOSED)
        elif self._failures > settings.breaker_probes - settings.breaker_successes:
            self._open()

    def _has_failed_enough(self) -> bool:
        total, failed = self._window.totals(self._clock())
        settings = self._settings
        return total >= settings.breaker_requests and failed >= total * settings.breaker_failures

    def _open(self) -> None:
        self._opened_at = self._clock()
        self._enter(BreakerState.OPEN)

    def _enter(self, state: BreakerState) -> None:
        self._state = state
        self.is_closed = state is BreakerState.CLOSED
        self.generation += 1
        self._probing = self._successes = self._failures = 0

    def _seconds_open(self) -> float:
        return self._opened_at + self._settings.breaker_open_seconds - self._clock()


class Ticket:
    """One attempt that was let through; used as a context, so that it is always given back."""

    __slots__ = ("_breaker", "_generation", "_succeeded")

    def __init__(self, breaker: Breaker, generation: int | None = None) -> None:
        self._breaker = breaker
        # None: let through in the present state.
        self._generation = breaker.generation if generation is None else generation
        self._succeeded: bool | None = None

    def succeed(self) -> None:
        """The source answered."""
        self._succeeded = True

    def fail(self) -> None:
        """The source failed."""
        self._succeeded = False

    def __enter__(self) -> Ticket:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Tell the breaker."""
        self._breaker.decide(self._generation, self._succeeded)


class _Window:
    """Counts of attempts and failures in the last so many seconds, in buckets."""

    def __init__(self, seconds: float, buckets: int) -> None:
        self._width = seconds / buckets
        self._buckets: list[list[int]] = [[0, 0, 0] for _ in range(buckets)]  # number, all, failed
        self.current = self._buckets[0]
        self.until = 0.0  # when the current bucket ends

    def add(self, now: float, succeeded: bool) -> None:
        if now >= self.until:
            self.turn(now)
        self.current[1] += 1
        if not succeeded:
            self.current[2] += 1

    def turn(self, now: float) -> None:
        """Begin the bucket of ``now``."""
        number = int(now / self._width)
        self.until = (number + 1) * self._width
        self.current = self._buckets[number % len(self._buckets)]
        if self.current[0] != number:
            self.current[:] = (number, 0, 0)

    def totals(self, now: float) -> tuple[int, int]:
        oldest = int(now / self._width) - len(self._buckets) + 1
        live = [bucket for bucket in self._buckets if bucket[0] >= oldest]
        return sum(bucket[1] for bucket in live), sum(bucket[2] for bucket in live)

    def clear(self) -> None:
        for bucket in self._buckets:
            bucket[:] = (0, 0, 0)
