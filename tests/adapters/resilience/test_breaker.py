"""The breaker's states, on a clock that moves only when told."""

from __future__ import annotations

import pytest

from adapters.resilience.breaker import Breaker, BreakerState
from adapters.resilience.refusal import CallRefused
from adapters.resilience.settings import GuardSettings


class Clock:
    """Seconds, by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def breaker() -> tuple[Breaker, Clock]:
    """Make a breaker with the defaults."""
    clock = Clock()
    return Breaker("x", GuardSettings(), clock), clock


def feed(made: Breaker, *outcomes: bool | None) -> None:
    """Let attempts through, one after another."""
    for outcome in outcomes:
        with made.admit() as ticket:
            if outcome is True:
                ticket.succeed()
            elif outcome is False:
                ticket.fail()


@pytest.mark.parametrize(
    ("failures", "successes", "state"),
    [
        pytest.param(19, 0, BreakerState.CLOSED, id="too-few"),
        pytest.param(20, 0, BreakerState.OPEN, id="all-fail"),
        pytest.param(10, 10, BreakerState.OPEN, id="half"),
        pytest.param(9, 11, BreakerState.CLOSED, id="less-than-half"),
    ],
)
def test_opens_at_half_of_twenty(failures: int, successes: int, state: BreakerState) -> None:
    """Twenty attempts, of which half failed, open it; less does not."""
    made, _ = breaker()
    feed(made, *[True] * successes, *[False] * failures)
    assert made.state is state


def test_old_failures_leave_the_window() -> None:
    """Failures older than the window say nothing."""
    made, clock = breaker()
    feed(made, *[False] * 19)
    clock.now = 61
    feed(made, False)
    assert made.state is BreakerState.CLOSED
    feed(made, *[False] * 19)
    assert made.state is BreakerState.OPEN


def test_failures_spread_over_the_window_count_together() -> None:
    """Two failures in each bucket open it, as twenty in one do."""
    made, clock = breaker()
    for bucket in range(10):
        clock.now = bucket * 6 + 1
        feed(made, False, False)
    assert made.state is BreakerState.OPEN


def opened() -> tuple[Breaker, Clock]:
    """Make a breaker that is half open."""
    made, clock = breaker()
    feed(made, *[False] * 20)
    clock.now += 30
    return made, clock


def test_lets_nothing_through_while_open() -> None:
    """For thirty seconds every attempt is refused."""
    made, clock = breaker()
    feed(made, *[False] * 20)
    clock.now += 29.9
    with pytest.raises(CallRefused, match="left alone"):
        made.admit()


def test_lets_five_probes_through() -> None:
    """Half open, five attempts may be under way and the sixth is refused."""
    made, _ = opened()
    tickets = [made.admit() for _ in range(5)]
    with pytest.raises(CallRefused, match="probed"):
        made.admit()
    with tickets[0]:
        pass  # its caller left: the place is free again
    assert made.admit()


def test_three_successes_close_it() -> None:
    """Three of the five probes suffice, and the old failures are forgotten."""
    made, _ = opened()
    feed(made, False, True, False, True, True)
    assert made.state is BreakerState.CLOSED
    feed(made, *[False] * 19)
    assert made.state is BreakerState.CLOSED


def test_three_failures_open_it_again() -> None:
    """When three successes are out of reach it opens for another thirty seconds."""
    made, clock = opened()
    feed(made, True, False, False, False)
    assert made.state is BreakerState.OPEN
    clock.now += 30
    assert made.state is BreakerState.HALF_OPEN


def test_outcomes_from_before_are_dropped() -> None:
    """An attempt let through while closed does not decide a probe."""
    made, clock = breaker()
    old = [made.admit() for _ in range(5)]
    feed(made, *[False] * 20)
    clock.now += 30
    made.admit()
    for ticket in old:
        with ticket:
            ticket.succeed()
    assert made.state is BreakerState.HALF_OPEN


def test_undecided_attempts_do_not_count() -> None:
    """Callers who leave neither open nor close it."""
    made, _ = breaker()
    feed(made, *[None] * 100, *[False] * 19)
    assert made.state is BreakerState.CLOSED
