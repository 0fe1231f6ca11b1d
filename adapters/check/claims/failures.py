"""Claims about failure: it is data with one of six codes, and costs no more than it must.

In: sources that fail, refuse, or are not to be asked any more. Out: findings by sample and code.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from adapters.check.asking import samples_that_ask
from adapters.check.comparing import codes_of, is_same, told_wrongly, unexpected_codes
from adapters.check.model import Check, NotApplicable
from adapters.check.recording import Sample
from adapters.check.subject import Subject
from adapters.check.wire import CALLER, Wire
from adapters.contract import CallBudget, CallContext, SourceStatus, SubgraphResponse
from adapters.errors import AccessDenied, SourceError, SourceUnavailable

__all__ = ["FAILURE_CHECKS"]

_MASKED = "INTERNAL_SERVER_ERROR"


async def _down(subject: Subject) -> Sequence[str]:
    return await _failing(subject, SourceUnavailable("down"), SourceStatus.UNAVAILABLE)


async def _denied(subject: Subject) -> Sequence[str]:
    return await _failing(subject, AccessDenied("refused"), SourceStatus.DENIED)


async def _one_fails(subject: Subject) -> Sequence[str]:
    found = []
    tried = False
    for sample in subject.entity_samples:
        async with subject.open() as opened:
            await opened.ask(sample, (sample.representations or ())[:1])
            alone, opened.wire.calls = opened.wire.calls, 0
            true = await opened.ask(sample)
            if opened.wire.calls <= alone:
                continue
        tried = True
        async with subject.open(Wire(before=_fail_first, limits={"retries": 0})) as opened:
            told = await opened.ask(sample)
        found += told_wrongly(sample.title, told.data or (), true.data)
        found += unexpected_codes(sample.title, told)
        if not any(is_same(a, b) for a, b in zip(told.data or (), true.data, strict=False)):
            found.append(f'"{sample.title}": one failed call of several left nothing of the answer')
        if told.errors and all(error.path is None for error in told.errors):
            found.append(f'"{sample.title}": the error names no place, so nobody knows what lacks')
    if not tried:
        raise NotApplicable("no sample makes more calls for more keys")
    return found


async def _quota_none(subject: Subject) -> Sequence[str]:
    found, asked = [], False
    for sample in subject.recording.samples:
        async with subject.open(Wire(limits={"quota_per_day": 0})) as opened:
            told = await opened.ask(sample)
            if opened.wire.calls:
                found.append(f'"{sample.title}": {opened.wire.calls} calls beyond the quota')
        asked = asked or bool(told.errors)
        found += unexpected_codes(sample.title, told, frozenset({"KUOTA_HABIS"}))
    if not asked:
        raise NotApplicable("no sample spends a source's quota")
    return found


async def _quota_ends(subject: Subject) -> Sequence[str]:
    found, ended = [], False
    for sample in subject.recording.samples:
        async with subject.open() as opened:
            await opened.ask(sample)
            if opened.wire.calls < 2:
                continue
        async with subject.open(Wire(limits={"quota_per_day": 1})) as opened:
            told = await opened.ask(sample)
            ended = True
            if opened.wire.calls > opened.sources:
                found.append(f'"{sample.title}": {opened.wire.calls} calls with a quota of one')
        found += unexpected_codes(sample.title, told, frozenset({"KUOTA_HABIS"}))
        if not told.errors:
            found.append(f'"{sample.title}": nothing tells that the quota ended in the middle')
    if not ended:
        raise NotApplicable("no sample makes several calls")
    return found


async def _budget_spent(subject: Subject) -> Sequence[str]:
    found, asked = [], False
    for sample in subject.recording.samples:
        async with subject.open() as opened:
            told = await opened.ask(sample, call=CallContext(caller=CALLER, budget=CallBudget(0)))
            asked = asked or bool(told.errors)
            if opened.wire.calls:
                found.append(f'"{sample.title}": {opened.wire.calls} calls beyond the budget')
        found += unexpected_codes(sample.title, told, frozenset({"SUMBER_TIDAK_TERSEDIA"}))
    if not asked:
        raise NotApplicable("no sample spends calls of an operation")
    return found


async def _foreign(subject: Subject) -> Sequence[str]:
    async def fail(number: int) -> None:
        raise ZeroDivisionError("a bug of the source")

    found = []
    for sample in await samples_that_ask(subject):
        async with subject.open(Wire(before=fail)) as opened:
            try:
                told = await opened.ask(sample)
            except Exception as error:
                found.append(f'"{sample.title}": {type(error).__name__} escaped')
                continue
        if not told.errors:
            found.append(f'"{sample.title}": an exception of the source left no error')
        found += [
            f'"{sample.title}": an exception of the source is shown in an error'
            for error in told.errors
            if "a bug of the source" in error.message or "ZeroDivision" in error.message
        ]
    return found


async def _own_answers(subject: Subject) -> Sequence[str]:
    """Ask twice at the same time, spoil one answer, and look at the other."""
    found = []
    async with subject.open() as opened:
        for sample in subject.recording.samples:
            one, other = await opened.ask_together(sample, sample)
            before = repr(other.data)
            _spoil(one.data)
            if repr(other.data) != before:
                found.append(f'"{sample.title}": two callers hold one and the same answer')
    return found


async def _calls_reported(subject: Subject) -> Sequence[str]:
    found = []
    for sample in await samples_that_ask(subject):
        async with subject.open() as opened:
            told = await opened.ask(sample)
            reported = sum(report.calls for report in told.reports)
            if opened.wire.calls and not reported:
                found.append(
                    f'"{sample.title}": {opened.wire.calls} calls were made and none is reported'
                )
    return found


async def _failing(subject: Subject, error: SourceError, status: SourceStatus) -> list[str]:
    found = []
    for sample in await samples_that_ask(subject):
        async with subject.open(Wire(before=_raising(error), limits={"retries": 0})) as opened:
            told = await opened.ask(sample)
        found += unexpected_codes(sample.title, told)
        if error.code not in codes_of(told):
            found.append(f'"{sample.title}": no error tells {error.code}')
        found += _unreported(sample, told, status)
    return found


def _unreported(sample: Sample, told: SubgraphResponse, status: SourceStatus) -> list[str]:
    if any(report.status is status for report in told.reports):
        return []
    return [f'"{sample.title}": no source is reported {status}']


def _raising(error: SourceError) -> Callable[[int], Awaitable[None]]:
    async def fail(number: int) -> None:
        raise error

    return fail


async def _fail_first(number: int) -> None:
    if number == 0:
        raise SourceUnavailable("down")


def _spoil(value: object) -> None:
    if isinstance(value, dict):
        for item in value.values():
            _spoil(item)
        value.clear()
    elif isinstance(value, list):
        for item in value:
            _spoil(item)
        value.clear()


FAILURE_CHECKS: tuple[Check, ...] = (
    Check(
        "SOURCE_DOWN",
        "A source that is down is an error with its code, and is reported UNAVAILABLE.",
        "A null without a reason is read as: there is nothing.",
        _down,
    ),
    Check(
        "SOURCE_DENIES",
        "A source that refuses is TIDAK_ADA_HAK, and is reported DENIED.",
        "Who lacks an agreement must not be told that the record does not exist.",
        _denied,
    ),
    Check(
        "ONE_CALL_FAILS",
        "One failed call costs its own keys and no other.",
        "One agency's hiccup must not empty a whole list of people.",
        _one_fails,
    ),
    Check(
        "QUOTA_NONE",
        "Without quota nothing is asked, and the code is KUOTA_HABIS.",
        "Calls beyond a quota cost the agency its access.",
        _quota_none,
    ),
    Check(
        "QUOTA_ENDS",
        "A quota that ends in the middle stops the calls there.",
        "Half an answer and a reason are better than a locked account.",
        _quota_ends,
    ),
    Check(
        "BUDGET_SPENT",
        "An operation without calls left makes none.",
        "One careless query must not take an old server down.",
        _budget_spent,
    ),
    Check(
        "EXCEPTIONS_MASKED",
        "An unexpected exception never escapes and never shows its text.",
        "Texts of exceptions quote records.",
        _foreign,
    ),
    Check(
        "ANSWERS_OWN",
        "Two callers never share one answer.",
        "What one operation masks, another must still see, and the reverse is worse.",
        _own_answers,
    ),
    Check(
        "CALLS_REPORTED",
        "Calls to sources are reported.",
        "What is not reported is missing from completeness and from the bill.",
        _calls_reported,
    ),
)
