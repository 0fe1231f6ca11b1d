"""The order of the guard's layers, and what each call costs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from adapters.contract import CallBudget, CallContext, Priority
from adapters.errors import (
    AccessDenied,
    BadRecord,
    SourceCode,
    SourceError,
    SourceTimeout,
    SourceUnavailable,
)
from adapters.resilience import GuardSettings, SourceGuard
from cache.errors import LedgerUnavailable
from cache.ledger import Lease, MemoryLedger, Refused

pytestmark = pytest.mark.anyio


@dataclass
class Clock:
    """A clock that moves only when told, or when someone sleeps."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def guarded(
    settings: GuardSettings | None = None,
    clock: Clock | None = None,
    ledger: MemoryLedger | None = None,
) -> SourceGuard:
    """Make a guard on a fake clock, whose pauses are always half of what could be drawn."""
    clock = clock or Clock()
    return SourceGuard(
        "dukcapil",
        settings or GuardSettings(),
        ledger=ledger,
        clock=clock,
        sleep=clock.sleep,
        random=lambda: 0.5,
    )


def failing(*errors: SourceError) -> Callable[[float | None], Awaitable[str]]:
    """Fail once for each error, then answer."""
    left = list(errors)

    async def attempt(_: float | None) -> str:
        if left:
            raise left.pop(0)
        return "answer"

    return attempt


async def test_gives_the_value_and_what_it_cost() -> None:
    """A plain success costs one call of the budget and one unit."""
    ledger, call = MemoryLedger(), CallContext()
    guard = guarded(GuardSettings(quota_per_day=10), ledger=ledger)
    answer = await guard.run(failing(), call, units=3)
    assert (answer.value, answer.error, answer.calls) == ("answer", None, 1)
    assert (call.budget.remaining, ledger.used("dukcapil")) == (249, 3)


async def test_retries_reads_and_pays_for_each_attempt() -> None:
    """Two failures and a success are three attempts, three units, and two doubling pauses."""
    clock, ledger, call = Clock(), MemoryLedger(), CallContext()
    guard = guarded(GuardSettings(quota_per_day=10), clock, ledger)
    answer = await guard.run(failing(SourceUnavailable(), SourceUnavailable()), call)
    assert (answer.value, answer.calls, ledger.used("dukcapil")) == ("answer", 3, 3)
    assert call.budget.remaining == 247
    assert clock.slept == [0.05, 0.1]
    assert answer.span is not None
    assert answer.span[1] - answer.span[0] == pytest.approx(0.15)
    assert guard.status()["retries"] == 2


async def test_gives_the_last_error_when_retries_are_used_up() -> None:
    """After two retries the third failure is the answer."""
    guard = guarded()
    errors = [SourceUnavailable(str(n)) for n in range(5)]
    answer = await guard.run(failing(*errors), CallContext())
    assert (str(answer.error), answer.calls) == ("2", 3)


@pytest.mark.parametrize(
    ("error", "read"),
    [
        pytest.param(SourceUnavailable(), False, id="write"),
        pytest.param(SourceTimeout(), True, id="time-out"),
        pytest.param(AccessDenied(), True, id="denied"),
        pytest.param(BadRecord(), True, id="unreadable"),
    ],
)
async def test_does_not_retry(error: SourceError, read: bool) -> None:
    """Writes, and failures that trying again cannot mend, are tried once."""
    answer = await guarded().run(failing(error), CallContext(), read=read)
    assert answer.error is error
    assert answer.calls == 1


async def test_retry_budget_is_a_share_of_successes() -> None:
    """When the reserve is spent, ten successes earn one retry."""
    settings = GuardSettings(retry_reserve=2.0, breaker_requests=1000)
    guard = guarded(settings)
    for calls in (3, 1):
        errors = [SourceUnavailable() for _ in range(calls)]
        assert (await guard.run(failing(*errors), CallContext())).calls == calls
    for _ in range(11):
        await guard.run(failing(), CallContext())
    assert (await guard.run(failing(SourceUnavailable()), CallContext())).calls == 2
    assert (await guard.run(failing(SourceUnavailable()), CallContext())).calls == 1


async def test_retry_after_is_kept_or_the_retry_dropped() -> None:
    """The source's own pause replaces ours; one beyond the time-out ends the call."""
    clock = Clock()
    guard = guarded(clock=clock)
    answer = await guard.run(failing(SourceUnavailable(retry_after=7)), CallContext())
    assert (answer.value, clock.slept) == ("answer", [7])
    late = await guard.run(failing(SourceUnavailable(retry_after=31)), CallContext())
    assert (late.calls, clock.slept) == (1, [7])


async def test_attempts_are_told_how_long_they_may_take() -> None:
    """The source's time-out and the caller's deadline meet in the attempt's seconds."""
    clock, seen = Clock(), list[float | None]()

    async def attempt(seconds: float | None) -> None:
        seen.append(seconds)

    guard = guarded(clock=clock)
    await guard.run(attempt, CallContext())
    await guard.run(attempt, CallContext(deadline=clock.now + 5))
    await guard.run(attempt, CallContext(deadline=clock.now + 500))
    assert seen == [30, 5, 30]


async def test_no_time_left_is_a_time_out_without_a_call() -> None:
    """A deadline that is past costs nothing."""
    ledger, clock = MemoryLedger(), Clock()
    call = CallContext(deadline=clock.now)
    guard = guarded(GuardSettings(quota_per_day=10), clock, ledger)
    for key in (None, "key"):
        answer = await guard.run(failing(), call, key=key)
        assert answer.error is not None
        assert answer.error.code is SourceCode.BATAS_WAKTU
    assert (answer.calls, ledger.used("dukcapil"), call.budget.remaining) == (0, 0, 250)


async def test_cuts_an_attempt_that_overruns() -> None:
    """An attempt that ignores its seconds is cancelled, and the caller is not."""
    guard = SourceGuard("slow", GuardSettings(timeout_seconds=0.02))

    async def attempt(_: float | None) -> None:
        await asyncio.Event().wait()

    answer = await guard.run(attempt, CallContext())
    assert isinstance(answer.error, SourceTimeout)
    assert answer.calls == 1
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_a_cut_that_the_attempt_translates_is_its_outcome() -> None:
    """An attempt may turn its cancellation into an error of its own; the task stays usable."""
    guard = SourceGuard("slow", GuardSettings(timeout_seconds=0.02))

    async def attempt(_: float | None) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise BadRecord("cut") from None

    answer = await guard.run(attempt, CallContext())
    assert isinstance(answer.error, BadRecord)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_the_callers_own_cancellation_passes_through() -> None:
    """Cancellation is never turned into an error."""
    started = asyncio.Event()

    async def attempt(_: float | None) -> None:
        started.set()
        await asyncio.Event().wait()

    guard = guarded()
    task = asyncio.ensure_future(guard.run(attempt, CallContext()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert guard.status()["busy"] == 0


async def test_bugs_pass_through() -> None:
    """What is not a SourceError is a bug and is raised, flight or not."""

    async def attempt(_: float | None) -> None:
        raise ZeroDivisionError

    for key in (None, "key"):
        with pytest.raises(ZeroDivisionError):
            await guarded().run(attempt, CallContext(), key=key)


async def test_breaker_opens_and_costs_nothing() -> None:
    """After 20 failures nothing reaches the source, nothing is counted, nothing is retried."""
    clock, ledger = Clock(), MemoryLedger()
    guard = guarded(GuardSettings(quota_per_day=1000, retries=0), clock, ledger)
    for _ in range(20):
        await guard.run(failing(SourceUnavailable()), CallContext())
    assert guard.status()["breaker"] == "OPEN"
    call = CallContext()
    answer = await guard.run(failing(), call)
    assert answer.error is not None
    assert answer.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
    assert (answer.calls, ledger.used("dukcapil"), call.budget.remaining) == (0, 20, 250)
    clock.now += 30
    for _ in range(3):
        assert (await guard.run(failing(), call)).value == "answer"
    assert guard.status()["breaker"] == "CLOSED"


async def test_a_retry_meets_the_open_breaker() -> None:
    """The breaker stands inside the retry: once it opens, retries stop."""
    guard = guarded(GuardSettings(breaker_requests=2))
    errors = [SourceUnavailable() for _ in range(5)]
    answer = await guard.run(failing(*errors), CallContext())
    assert answer.calls == 2
    assert "left alone" in str(answer.error)


async def test_denials_do_not_open_the_breaker() -> None:
    """A source that refuses is a source that works."""
    guard = guarded()
    for _ in range(40):
        await guard.run(failing(AccessDenied()), CallContext())
    assert guard.status()["breaker"] == "CLOSED"


async def test_hasty_time_outs_do_not_open_the_breaker() -> None:
    """A time-out after a fraction of a second is the caller's haste, not the source's fault."""
    clock = Clock()
    guard = guarded(clock=clock)
    for _ in range(40):
        await guard.run(failing(SourceTimeout()), CallContext(deadline=clock.now + 0.5))
    assert guard.status()["breaker"] == "CLOSED"
    for _ in range(40):
        await guard.run(failing(SourceTimeout()), CallContext(deadline=clock.now + 5))
    assert guard.status()["breaker"] == "OPEN"


async def test_quota_refuses_before_the_wire() -> None:
    """The unit that the cap does not cover is never sent, and gives its call back."""
    ledger, call = MemoryLedger(), CallContext()
    guard = guarded(GuardSettings(quota_per_day=2), ledger=ledger)
    answers = [await guard.run(failing(), call) for _ in range(3)]
    assert [a.calls for a in answers] == [1, 1, 0]
    assert answers[2].error is not None
    assert answers[2].error.code is SourceCode.KUOTA_HABIS
    assert (ledger.used("dukcapil"), call.budget.remaining) == (2, 248)


async def test_unreachable_ledger_refuses() -> None:
    """What cannot be counted is not asked."""

    class Broken:
        async def reserve(self, key: str, units: int = 1, *, limit: int) -> Lease | Refused:
            raise LedgerUnavailable("gone")

    guard = SourceGuard("dukcapil", GuardSettings(quota_per_day=2), ledger=Broken())
    answer = await guard.run(failing(), CallContext())
    assert answer.error is not None
    assert (answer.error.code, answer.calls) == (SourceCode.SUMBER_TIDAK_TERSEDIA, 0)


def test_a_quota_needs_a_ledger() -> None:
    """A cap that nothing counts is a mistake of configuration."""
    with pytest.raises(ValueError, match="ledger"):
        SourceGuard("dukcapil", GuardSettings(quota_per_day=2))


async def test_budget_of_the_operation_refuses() -> None:
    """An operation that has made all its calls is told so, and costs no unit."""
    ledger = MemoryLedger()
    guard = guarded(GuardSettings(quota_per_day=5), ledger=ledger)
    call = CallContext(budget=CallBudget(0))
    answer = await guard.run(failing(), call, key="k")
    assert answer.error is not None
    assert answer.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
    assert "limit of calls" in str(answer.error)
    assert (answer.calls, ledger.used("dukcapil")) == (0, 0)


async def test_followers_share_and_cost_nothing() -> None:
    """Ten equal calls at the same time are one attempt; nine of them report no call."""
    ledger, gate, attempts = MemoryLedger(), asyncio.Event(), 0

    async def attempt(_: float | None) -> str:
        nonlocal attempts
        attempts += 1
        await gate.wait()
        return "shared"

    guard = guarded(GuardSettings(quota_per_day=5), ledger=ledger)
    calls = [CallContext() for _ in range(10)]
    tasks = [asyncio.ensure_future(guard.run(attempt, call, key="k")) for call in calls]
    while not attempts:
        await asyncio.sleep(0)
    gate.set()
    answers = await asyncio.gather(*tasks)
    assert [a.value for a in answers] == ["shared"] * 10
    assert [a.calls for a in answers] == [1] + [0] * 9
    assert (attempts, ledger.used("dukcapil")) == (1, 1)
    assert sum(250 - call.budget.remaining for call in calls) == 1
    assert guard.status()["flights"] == 0


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        pytest.param(CallContext(), True, id="equal"),
        pytest.param(CallContext(caller="x", case="y", operation_id="z"), True, id="other-person"),
        pytest.param(CallContext(agency="dinkes"), False, id="agency"),
        pytest.param(CallContext(purpose="AUDIT"), False, id="purpose"),
        pytest.param(CallContext(grant_profile="less"), False, id="grants"),
        pytest.param(CallContext(headers=(("authorization", "x"),)), False, id="headers"),
        pytest.param(CallContext(personal_token=True), False, id="personal-token"),
    ],
)
async def test_who_may_share_a_flight(other: CallContext, shared: bool) -> None:
    """Only callers with equal rights share an answer."""
    gate, attempts = asyncio.Event(), 0

    async def attempt(_: float | None) -> None:
        nonlocal attempts
        attempts += 1
        await gate.wait()

    guard = guarded()
    tasks = [
        asyncio.ensure_future(guard.run(attempt, call, key="k")) for call in (CallContext(), other)
    ]
    for _ in range(10):
        await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*tasks)
    assert attempts == (1 if shared else 2)


async def test_writes_never_share() -> None:
    """Two equal writes are two writes."""
    attempts = 0

    async def attempt(_: float | None) -> None:
        nonlocal attempts
        attempts += 1
        await asyncio.sleep(0)

    guard = guarded()
    runs = [guard.run(attempt, CallContext(), key="k", read=False) for _ in range(2)]
    await asyncio.gather(*runs)
    assert attempts == 2


async def test_the_leader_may_leave_and_the_follower_is_answered() -> None:
    """The leader's deadline ends its own waiting, not the flight."""
    gate, attempts = asyncio.Event(), 0

    async def attempt(_: float | None) -> str:
        nonlocal attempts
        attempts += 1
        await gate.wait()
        return "late"

    guard = SourceGuard("slow")
    now = asyncio.get_running_loop().time()
    leader = asyncio.ensure_future(guard.run(attempt, CallContext(deadline=now + 0.02), key="k"))
    follower = asyncio.ensure_future(guard.run(attempt, CallContext(), key="k"))
    first = await leader
    assert isinstance(first.error, SourceTimeout)
    assert first.calls == 1
    gate.set()
    second = await follower
    assert (second.value, second.calls, attempts) == ("late", 0, 1)


async def test_a_followers_own_budget_counts_when_the_leader_has_none() -> None:
    """A leader without calls left does not spoil its followers' answer."""
    guard = guarded()
    poor, rich = CallContext(budget=CallBudget(0)), CallContext()
    answers = await asyncio.gather(
        guard.run(failing(), poor, key="k"), guard.run(failing(), rich, key="k")
    )
    assert answers[0].error is not None
    assert (answers[1].value, answers[1].calls) == ("answer", 1)


async def test_closing_ends_flights_with_a_code() -> None:
    """A shutdown gives waiters an error, not a cancellation."""

    async def attempt(_: float | None) -> None:
        await asyncio.Event().wait()

    guard = guarded()
    task = asyncio.ensure_future(guard.run(attempt, CallContext(), key="k"))
    while not guard.status()["busy"]:
        await asyncio.sleep(0)
    await guard.aclose()
    answer = await task
    assert answer.error is not None
    assert answer.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA


async def test_a_closed_guard_asks_nobody() -> None:
    """Who asks after a shutdown gets an error and costs no call: sources are closed by then."""
    guard = guarded()
    await guard.aclose()
    for key in (None, "k"):
        answer = await guard.run(failing(), CallContext(), key=key)
        assert (answer.value, answer.calls) == (None, 0)
        assert answer.error is not None
        assert answer.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA


async def test_never_more_in_parallel_than_the_cap_and_by_priority() -> None:
    """With one place, the counter goes before the citizen, who goes before the report."""
    order: list[str] = []
    gate = asyncio.Event()

    def attempt(name: str) -> Callable[[float | None], Awaitable[None]]:
        async def made(_: float | None) -> None:
            order.append(name)
            await gate.wait()

        return made

    guard = guarded(GuardSettings(parallel=1))
    tasks = []
    for name in ("FIRST", "REPORT", "CITIZEN", "COUNTER"):
        priority = Priority.CITIZEN if name == "FIRST" else Priority[name]
        call = CallContext(priority=priority)
        tasks.append(asyncio.ensure_future(guard.run(attempt(name), call)))
        await asyncio.sleep(0)
    status = guard.status()
    assert (order, status["busy"], status["waiting"]) == (["FIRST"], 1, 3)
    gate.set()
    await asyncio.gather(*tasks)
    assert order == ["FIRST", "COUNTER", "CITIZEN", "REPORT"]
    assert guard.status()["busy"] == 0


async def test_the_line_is_bounded_and_has_deadlines() -> None:
    """A full line refuses at once; a place that never comes free is a time-out without a call."""
    ledger = MemoryLedger()
    settings = GuardSettings(parallel=1, queue=1, quota_per_day=9)
    guard = SourceGuard("dukcapil", settings, ledger=ledger)
    started = asyncio.Event()

    async def attempt(_: float | None) -> None:
        started.set()
        await asyncio.Event().wait()

    first = asyncio.ensure_future(guard.run(attempt, CallContext()))
    await started.wait()
    now = asyncio.get_running_loop().time()
    second = asyncio.ensure_future(guard.run(attempt, CallContext(deadline=now + 0.05)))
    await asyncio.sleep(0)
    third = await guard.run(attempt, CallContext())
    assert "too many calls wait" in str(third.error)
    waited = await second
    assert isinstance(waited.error, SourceTimeout)
    assert (waited.calls, third.calls, ledger.used("dukcapil")) == (0, 0, 1)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert guard.status()["busy"] == 0


async def test_cancelled_waiters_give_their_place_on() -> None:
    """Cancelling any of many calls never loses a place."""
    guard = guarded(GuardSettings(parallel=2))

    async def attempt(_: float | None) -> None:
        await asyncio.sleep(0)

    for turn in range(30):
        tasks = [asyncio.ensure_future(guard.run(attempt, CallContext())) for _ in range(8)]
        for _ in range(turn % 7):
            await asyncio.sleep(0)
        for task in tasks[turn % 3 :: 2]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (guard.status()["busy"], guard.status()["waiting"]) == (0, 0)
