"""Claims about time: deadlines hold, cancellation is heard, and nothing is left behind.

In: a source that never answers. Out: findings by sample. Upper bounds are generous: a busy machine
must not fail an adapter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.check.asking import samples_that_ask
from adapters.check.comparing import codes_of, unexpected_codes
from adapters.check.model import Check, NotApplicable
from adapters.check.recording import Sample
from adapters.check.subject import Opened, Subject
from adapters.check.wire import CALLER, Wire
from adapters.contract import CallContext, SubgraphResponse

__all__ = ["TIME_CHECKS"]

_SHORT = 0.1  # a deadline, seconds
_LATE = 4.0  # what no short deadline excuses, on a busy machine either


async def _times_out(subject: Subject) -> Sequence[str]:
    found = []
    for sample in await samples_that_ask(subject):
        hang = _Hang()
        wire = Wire(before=hang, limits={"timeout_seconds": _SHORT, "retries": 0})
        async with subject.open(wire) as opened:
            told = await hang.ask(opened, sample)
        found += _judge(sample, told, "the source's own time-out")
    return found


async def _deadline_kept(subject: Subject) -> Sequence[str]:
    found = []
    for sample in await samples_that_ask(subject):
        hang = _Hang()
        async with subject.open(Wire(before=hang)) as opened:
            told = await hang.ask(opened, sample, _until(_SHORT))
        found += _judge(sample, told, "the caller's deadline")
    return found


async def _deadline_past(subject: Subject) -> Sequence[str]:
    found = []
    for sample in await samples_that_ask(subject):
        async with subject.open() as opened:
            told = await opened.ask(sample, call=_until(-1.0))
            if opened.wire.calls:
                found.append(f'"{sample.title}": asked though the deadline was past')
        found += unexpected_codes(sample.title, told, frozenset({"BATAS_WAKTU"}))
    return found


async def _cancelled(subject: Subject) -> Sequence[str]:
    found = []
    for sample in await samples_that_ask(subject):
        hang = _Hang()
        async with subject.open(Wire(before=hang)) as opened:
            task = asyncio.ensure_future(opened.ask(sample))
            await hang.begun.wait()
            task.cancel()
            await asyncio.wait([task], timeout=_LATE)
            if not task.cancelled():
                found.append(f'"{sample.title}": a cancelled question went on')
            hang.release.set()
            await asyncio.wait([task], timeout=_LATE)
            await _settle()
            if opened.wire.running:
                found.append(f'"{sample.title}": {opened.wire.running} calls go on unheard')
            told = await opened.ask(sample)
            if told.errors:
                found.append(f'"{sample.title}": the next question after it fails')
    return found


async def _closed(subject: Subject) -> Sequence[str]:
    """Close in the middle of a question, twice, and look for what is left."""
    found = []
    for sample in await samples_that_ask(subject):
        before = asyncio.all_tasks()
        hang = _Hang()
        async with subject.open(Wire(before=hang)) as opened:
            task = asyncio.ensure_future(opened.ask(sample))
            await hang.begun.wait()
            await opened.executor.aclose()
            await opened.executor.aclose()
            hang.release.set()
            await asyncio.wait([task], timeout=_LATE)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await _settle()
        left = [each for each in asyncio.all_tasks() - before if not each.done()]
        if left:
            found.append(f'"{sample.title}": {len(left)} tasks outlive the closed adapter')
    return found


async def _sockets_closed(subject: Subject) -> Sequence[str]:
    async with subject.open() as opened:
        if opened.replay is None:
            raise NotApplicable("no HTTP source is recorded")
        for sample in subject.recording.samples:
            await opened.ask(sample)
        await opened.executor.aclose()
        await _settle()
        if opened.replay.connections:
            return [f"{opened.replay.connections} connections outlive the closed adapter"]
    return ()


@dataclass(slots=True)
class _Hang:
    """A hook that never lets a call through until it is released."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, number: int) -> None:
        """Hang."""
        self.begun.set()
        await self.release.wait()

    async def ask(
        self, opened: Opened, sample: Sample, call: CallContext | None = None
    ) -> SubgraphResponse | None:
        """Ask a sample that hangs; None if no answer came in time."""
        task = asyncio.ensure_future(opened.ask(sample, call=call))
        await asyncio.wait([task], timeout=_LATE)
        is_late = not task.done()
        self.release.set()
        told = await task
        return None if is_late else told


def _judge(sample: Sample, told: SubgraphResponse | None, limit: str) -> list[str]:
    if told is None:
        return [f'"{sample.title}": {limit} of {_SHORT} s was missed by more than {_LATE} s']
    found = unexpected_codes(sample.title, told)
    if "BATAS_WAKTU" not in codes_of(told) and not codes_of(told):
        found.append(f'"{sample.title}": no error tells that {limit} passed')
    return found


def _until(seconds: float) -> CallContext:
    return CallContext(caller=CALLER, deadline=asyncio.get_running_loop().time() + seconds)


async def _settle() -> None:
    """Let what was cancelled or closed come to its end."""
    for _ in range(20):
        await asyncio.sleep(0.002)


TIME_CHECKS: tuple[Check, ...] = (
    Check(
        "SOURCE_TIMES_OUT",
        "A silent source is BATAS_WAKTU after the time-out of its own.",
        "Old servers fall silent rather than fail; whoever waits for them waits for ever.",
        _times_out,
    ),
    Check(
        "DEADLINE_KEPT",
        "An answer is there by the caller's deadline, whatever the source does.",
        "A counter with a queue cannot wait for one agency.",
        _deadline_kept,
    ),
    Check(
        "DEADLINE_PAST",
        "After the deadline nothing is asked any more.",
        "Nobody reads the answer, and the source has paid for it.",
        _deadline_past,
    ),
    Check(
        "CANCELLED",
        "A cancelled question ends at once, its calls too, and the next is answered.",
        "Clients hang up; what goes on unheard piles up until nothing goes.",
        _cancelled,
    ),
    Check(
        "CLOSED",
        "A closed adapter leaves no task, and may be closed twice.",
        "Every new schema closes adapters; what each leaves behind adds up.",
        _closed,
    ),
    Check(
        "SOCKETS_CLOSED",
        "A closed adapter leaves no connection.",
        "A firewall that counts connections locks out the whole city.",
        _sockets_closed,
    ),
)
