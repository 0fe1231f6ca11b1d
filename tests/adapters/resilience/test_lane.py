"""The direct lane: as cheap as it may be, and never another outcome than through the layers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.contract import Begun, CallBudget, CallContext, Guarded
from adapters.errors import BadRecord, SourceCode, SourceError, SourceTimeout, SourceUnavailable
from adapters.http_client import ConnectionLost, DeadlineExceeded, source_error
from adapters.resilience import GuardSettings, SourceGuard
from cache.ledger import MemoryLedger

pytestmark = pytest.mark.anyio


class Question:
    """An attempt whose answers a test gives: at once, or when it likes."""

    def __init__(self, *, free: bool = True, waits: bool = True) -> None:
        self.free = free  # is there a connection on which to begin?
        self.waits = waits  # do attempts wait for ``answer``?
        self.begun = self.made = self.cut = 0
        self.deadline: float | None = None
        self._open: list[asyncio.Future[Any]] = []

    def begin(self, deadline: float) -> asyncio.Future[Any] | None:
        if not self.free:
            return None
        self.begun += 1
        self.deadline = deadline
        self._open = [asyncio.get_running_loop().create_future()]
        if not self.waits:
            self._open[0].set_result("answer")
        return self._open[0]

    def divert(self, deadline: float) -> asyncio.Future[Any]:
        assert not self._open[0].done()
        self.deadline = deadline
        self._open = [asyncio.get_running_loop().create_future()]
        return self._open[0]

    def abandon(self) -> None:
        self.cut += bool(self._open)
        self._open = []

    def read(self, answer: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def mend(self, error: Exception, seconds: float) -> Any:
        assert isinstance(error, ConnectionLost | DeadlineExceeded)
        raise source_error(error)

    async def make(self, seconds: float | None) -> Any:
        self.made += 1
        if not self.waits:
            return "answer"
        gate: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._open.append(gate)
        return self.read(await gate)

    def answer(self, value: Any = "answer") -> None:
        """End what is under way by ``value``, which may be the wire's error or the reader's."""
        waiting, self._open = self._open, []
        for future in waiting:
            if not future.done() and isinstance(value, ConnectionLost | DeadlineExceeded):
                future.set_exception(value)
            elif not future.done():
                future.set_result(value)


def quick(**options: Any) -> SourceGuard:
    """Make a guard that hardly pauses between attempts."""
    return SourceGuard("dinas", GuardSettings(retry_base_seconds=0.0001, **options))


def start(
    guard: SourceGuard, question: Question, call: CallContext | None = None, **options: Any
) -> asyncio.Task[Guarded[Any]]:
    """Ask in a task of its own, under one key."""
    options = {"key": "k", **options}
    return asyncio.ensure_future(guard.ask(question, call or CallContext(), **options))


def ending(begun: Begun[Guarded[Any]]) -> asyncio.Task[Guarded[Any]]:
    """Wait for what was begun, as the gateway does."""

    async def end() -> Guarded[Any]:
        await asyncio.wait([begun.answer])
        return begun.finish() or await begun.recover()

    task = asyncio.ensure_future(end())
    task.add_done_callback(lambda _: begun.quit())  # also if it was cancelled before it ran
    return task


async def settle() -> None:
    """Let everything that can run, run."""
    for _ in range(10):
        await asyncio.sleep(0)


def assert_at_rest(guard: SourceGuard) -> None:
    """No place is taken, nothing is under way."""
    status = guard.status()
    assert (status["busy"], status["waiting"], status["flights"]) == (0, 0, 0)


async def test_begins_at_once_and_keeps_the_books() -> None:
    """What nothing stands in the way of is begun, and costs one call of the budget."""
    guard, question, call = quick(), Question(waits=False), CallContext()
    answer = await guard.ask(question, call, key="k", units=3)
    assert (answer.value, answer.error, answer.calls) == ("answer", None, 1)
    assert (question.begun, question.made, call.budget.remaining) == (1, 0, 249)
    assert (guard.status()["calls"], guard.status()["units"]) == (1, 3)
    assert_at_rest(guard)


async def test_the_callers_deadline_is_the_attempts() -> None:
    """The earlier of the source's time-out and the caller's deadline goes to the wire."""
    guard, question = quick(timeout_seconds=30), Question(waits=False)
    now = asyncio.get_running_loop().time()
    await guard.ask(question, CallContext(deadline=now + 5))
    assert question.deadline == now + 5
    await guard.ask(question, CallContext(deadline=now + 500))
    assert question.deadline == pytest.approx(now + 30, abs=5)
    late = await guard.ask(question, CallContext(deadline=now - 1))
    assert isinstance(late.error, SourceTimeout)
    assert (late.calls, question.begun) == (0, 2)


async def test_takes_the_layers_when_one_has_something_to_do() -> None:
    """No connection, a counted quota, an open breaker, an empty budget: nothing is begun."""
    no_connection = Question(free=False, waits=False)
    assert (await quick().ask(no_connection, CallContext())).value == "answer"
    counted, ledger = Question(waits=False), MemoryLedger()
    guard = SourceGuard("dinas", GuardSettings(quota_per_day=1), ledger=ledger)
    assert (await guard.ask(counted, CallContext())).value == "answer"
    refused = (await guard.ask(counted, CallContext())).error
    assert refused is not None
    assert refused.code is SourceCode.KUOTA_HABIS
    poor = Question(waits=False)
    spent = await quick().ask(poor, CallContext(budget=CallBudget(0)))
    assert "limit of calls" in str(spent.error)
    assert (counted.begun, poor.begun, counted.made, no_connection.made) == (0, 0, 1, 1)


async def test_failures_open_the_breaker_which_closes_the_lane() -> None:
    """The lane's attempts count for the breaker as all do."""
    guard, question = quick(breaker_requests=2, retries=0), Question()
    for _ in range(2):
        task = start(guard, question)
        await settle()
        question.answer(SourceUnavailable("down"))
        assert (await task).error is not None
    refused = await guard.ask(question, CallContext())
    assert "left alone" in str(refused.error)
    assert (question.begun, guard.status()["failures"]) == (2, 2)
    assert_at_rest(guard)


@pytest.mark.parametrize(
    ("first", "read", "value", "calls"),
    [
        pytest.param(ConnectionLost("reset"), True, "answer", 2, id="wire"),
        pytest.param(SourceUnavailable("500"), True, "answer", 2, id="reader"),
        pytest.param(SourceUnavailable("500"), False, None, 1, id="write"),
        pytest.param(DeadlineExceeded("slow"), True, None, 1, id="time-out"),
        pytest.param(BadRecord("odd"), True, None, 1, id="unreadable"),
    ],
)
async def test_failures_are_retried_as_through_the_layers(
    first: Exception, read: bool, value: str | None, calls: int
) -> None:
    """The attempt begun in the lane is the first of the same number of attempts."""
    guard, question, call = quick(), Question(), CallContext()
    task = start(guard, question, call, read=read)
    await settle()
    question.waits = False
    question.answer(first)
    answer = await task
    assert (answer.value, answer.calls) == (value, calls)
    assert (answer.error is None) == (value is not None)
    assert (question.begun, question.made) == (1, calls - 1)
    assert call.budget.remaining == 250 - calls
    assert_at_rest(guard)


async def test_followers_make_it_a_flight() -> None:
    """Equal questions are put once; only the leader reports the call; each has its deadline."""
    guard, question = quick(), Question()
    now = asyncio.get_running_loop().time()
    hasty = start(guard, question, CallContext(deadline=now + 0.03))
    await settle()
    patient = [start(guard, question) for _ in range(3)]
    first = await hasty
    assert isinstance(first.error, SourceTimeout)
    assert (first.calls, question.cut) == (1, 0)
    assert guard.status()["flights"] == 1
    question.answer()
    answers = await asyncio.gather(*patient)
    assert [(a.value, a.calls) for a in answers] == [("answer", 0)] * 3
    assert (question.begun, question.made) == (1, 0)
    assert_at_rest(guard)


async def test_a_flight_from_the_lane_retries_for_all() -> None:
    """A failure after others joined is tried again once, for all of them."""
    guard, question = quick(), Question()
    leader = start(guard, question)
    await settle()
    follower = start(guard, question)
    await settle()
    question.waits = False
    question.answer(ConnectionLost("reset"))
    answers = await asyncio.gather(leader, follower)
    assert [(a.value, a.calls) for a in answers] == [("answer", 2), ("answer", 0)]
    assert (question.begun, question.made) == (1, 1)
    assert_at_rest(guard)


async def test_a_leader_without_calls_left_does_not_spoil_its_follower() -> None:
    """The leader's retry is refused by its own budget; the follower asks with its own."""
    guard, question = quick(), Question()
    leader = start(guard, question, CallContext(budget=CallBudget(1)))
    await settle()
    follower = start(guard, question)
    await settle()
    question.waits = False
    question.answer(ConnectionLost("reset"))
    answers = await asyncio.gather(leader, follower)
    assert "limit of calls" in str(answers[0].error)
    assert [(a.value, a.calls) for a in answers] == [(None, 1), ("answer", 1)]
    assert_at_rest(guard)


async def test_a_follower_without_time_is_told_so() -> None:
    """A deadline that is past joins nothing."""
    guard, question = quick(), Question()
    leader = start(guard, question)
    await settle()
    past = CallContext(deadline=asyncio.get_running_loop().time() - 1)
    assert isinstance((await guard.ask(question, past, key="k")).error, SourceTimeout)
    question.answer()
    assert (await leader).value == "answer"
    assert_at_rest(guard)


async def test_who_comes_when_the_answer_is_there_leads_anew() -> None:
    """Between the answer's coming and the leader's running again there is nothing to join."""
    guard, question = quick(), Question()
    first = start(guard, question)
    await settle()
    second = start(guard, question)
    question.answer("one")
    await settle()
    third = start(guard, question)
    await settle()
    question.answer("two")
    answers = await asyncio.gather(first, second, third)
    assert [(a.value, a.calls) for a in answers] == [("one", 1), ("two", 1), ("two", 0)]
    assert_at_rest(guard)


async def test_who_may_not_share_does_not() -> None:
    """Writes, other rights and a person's own token are attempts of their own."""
    for options in ({"read": False}, {"call": CallContext(personal_token=True)}):
        guard, questions = quick(), [Question(), Question()]
        tasks = [start(guard, question, **options) for question in questions]
        await settle()
        assert [question.begun for question in questions] == [1, 1]
        for question in questions:
            question.answer()
        assert [a.calls for a in await asyncio.gather(*tasks)] == [1, 1]


async def test_closing_ends_the_lane_with_a_code() -> None:
    """A shutdown gives the leader an error, and cuts the attempt."""
    guard, question = quick(), Question()
    task = start(guard, question)
    await settle()
    await guard.aclose()
    answer = await task
    assert answer.error is not None
    assert answer.error.code is SourceCode.SUMBER_TIDAK_TERSEDIA
    assert question.cut == 1
    assert_at_rest(guard)


async def test_a_closed_lane_begins_nothing() -> None:
    """After a shutdown no attempt is begun, and none is made."""
    guard, question = SourceGuard("x"), Question()
    await guard.aclose()
    answer = await guard.ask(question, CallContext())
    assert (answer.value, question.begun, question.made) == (None, 0, 0)


async def test_a_bug_in_reading_loses_no_place() -> None:
    """What is no source's error passes through, and the place comes back."""
    guard, question = quick(), Question()
    task = start(guard, question)
    await settle()
    question.answer(KeyError("bug"))
    with pytest.raises(KeyError):
        await task
    assert_at_rest(guard)


@pytest.mark.property
@given(
    pauses=st.lists(st.integers(0, 3), min_size=5, max_size=5),
    leaving=st.lists(st.integers(0, 4), unique=True, max_size=5),
    steps=st.integers(0, 3),
    failure=st.sampled_from([None, SourceUnavailable("500"), ConnectionLost("reset")]),
)
def test_only_the_last_waiter_ends_the_attempt(
    pauses: list[int], leaving: list[int], steps: int, failure: Exception | None
) -> None:
    """Whoever leaves, leader or not, in whatever order: those who stay share one answer."""

    async def scenario() -> None:
        guard, question = quick(), Question()
        tasks = []
        for pause in pauses:
            tasks.append(start(guard, question))
            for _ in range(pause):
                await asyncio.sleep(0)
        await settle()
        for index in leaving:
            tasks[index].cancel()
            for _ in range(steps):
                await asyncio.sleep(0)
        await settle()
        assert question.cut == (len(leaving) == 5)
        if failure is not None:
            question.waits = False
            question.answer(failure)
        question.answer()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        stayed = [r for n, r in enumerate(results) if n not in leaving]
        assert all(isinstance(r, Guarded) and r.value == "answer" for r in stayed)
        assert all(isinstance(results[n], asyncio.CancelledError) for n in leaving)
        assert question.begun == 1
        assert question.made == (failure is not None and bool(stayed))
        assert_at_rest(guard)

    asyncio.run(scenario())


@pytest.mark.property
@settings(max_examples=500)
@given(st.lists(st.tuples(st.sampled_from("jbcqtsaf"), st.integers(0, 9)), max_size=30))
def test_no_place_is_lost_in_any_order_of_events(events: list[tuple[str, int]]) -> None:
    """Joining, beginning, leaving, waiting, answers and failures in any order end at rest."""

    async def scenario() -> None:
        guard = quick(retries=1, breaker_requests=1000)
        questions: list[Question] = []
        tasks: list[asyncio.Task[Guarded[Any]]] = []
        left: set[int] = set()
        begun: list[Begun[Guarded[Any]]] = []
        for kind, number in events:
            match kind:
                case "j":
                    questions.append(Question())
                    tasks.append(start(guard, questions[-1]))
                case "b":
                    questions.append(Question())
                    each = guard.begin(questions[-1], CallContext(), key="k")
                    if each is not None:
                        begun.append(each)
                case "q" if begun:
                    begun.pop(number % len(begun)).quit()
                case "t" if begun and begun[0].answer.done():
                    tasks.append(ending(begun.pop(0)))
                case "c" if tasks:
                    index = number % len(tasks)
                    if tasks[index].cancel():
                        left.add(index)
                case "s":
                    await asyncio.sleep(0)
                case "a":
                    for question in questions:
                        question.answer()
                case "f":
                    for question in questions:
                        question.answer(ConnectionLost("reset"))
        tasks += [ending(each) for each in begun]
        while not all(task.done() for task in tasks):
            for question in questions:
                question.waits = False
                question.answer()
            await asyncio.sleep(0)
        for index, task in enumerate(tasks):
            if index in left:
                assert task.cancelled() or task.result().value == "answer"
            else:
                outcome = task.result()
                assert outcome.value == "answer" or isinstance(outcome.error, SourceError)
        await settle()
        assert_at_rest(guard)

    asyncio.run(scenario())
