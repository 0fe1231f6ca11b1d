"""Claims about cost: no call that is not needed, no crowd on the source, no growing memory.

In: samples asked for less, side by side, and again and again. Out: findings by sample.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Sequence

from adapters.check.asking import samples_that_ask
from adapters.check.model import Check, NotApplicable
from adapters.check.recording import Sample
from adapters.check.subject import Opened, Subject
from adapters.check.wire import Wire
from schema.selection import Field, Fragment, SelectionSet

__all__ = ["COST_CHECKS"]

_ROUNDS = 15
_GROWTH_BYTES = 64_000


async def _keys_only(subject: Subject) -> Sequence[str]:
    """Ask for nothing but what the representations hold."""
    if not subject.entity_samples:
        raise NotApplicable("no sample asks for entities")
    found = []
    for sample in subject.entity_samples:
        async with subject.open() as opened:
            told = await opened.ask_only(sample, _keys_of(sample))
            if told.errors:
                found.append(f'"{sample.title}": a key asked back is answered with an error')
            if opened.wire.calls:
                found.append(
                    f'"{sample.title}": {opened.wire.calls} calls for what the keys say already'
                )
    return found


async def _fields_less(subject: Subject) -> Sequence[str]:
    """Ask each field alone, and see that none costs more than all together."""
    found = []
    samples = await samples_that_ask(subject)
    for sample in [each for each in samples if each.representations is not None]:
        async with subject.open() as opened:
            await opened.ask(sample)
            most = opened.wire.calls
            for single in _singles(opened.selection(sample)):
                opened.wire.calls = 0
                await opened.ask_only(sample, single)
                if opened.wire.calls > most:
                    found.append(
                        f'"{sample.title}": {single} alone costs {opened.wire.calls} calls, with'
                        f" all others {most}"
                    )
    return found


async def _parallel_capped(subject: Subject) -> Sequence[str]:
    found = []
    for sample in await samples_that_ask(subject):
        async with subject.open(Wire(limits={"parallel": 1})) as opened:
            await opened.ask_together(sample, sample, sample)
            if opened.wire.peak > opened.sources:
                found.append(
                    f'"{sample.title}": {opened.wire.peak} calls at a time with a cap of one'
                )
    return found


async def _memory_flat(subject: Subject) -> Sequence[str]:
    async with subject.open() as opened:
        await _repeat(opened, subject)
        was_tracing = tracemalloc.is_tracing()
        tracemalloc.start()
        try:
            await _repeat(opened, subject)
            before = _traced()
            await _repeat(opened, subject)
            grown = _traced() - before
        finally:
            if not was_tracing:
                tracemalloc.stop()
    if grown > _GROWTH_BYTES:
        return [f"{_ROUNDS} rounds of the samples keep {grown} bytes"]
    return ()


async def _repeat(opened: Opened, subject: Subject) -> None:
    for _ in range(_ROUNDS):
        for sample in subject.recording.samples:
            await opened.ask(sample)


def _traced() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _keys_of(sample: Sample) -> SelectionSet:
    """Select the plain fields of the representations, type by type."""
    by_type: dict[str, dict[str, None]] = {}
    for key in sample.representations or ():
        names = by_type.setdefault(key["__typename"], {"__typename": None})
        names.update(
            (name, None) for name, value in key.items() if not isinstance(value, (dict, list))
        )
    return SelectionSet(
        "_Entity",
        tuple(
            Fragment(SelectionSet(kind, tuple(Field(name) for name in names)))
            for kind, names in by_type.items()
        ),
    )


def _singles(selection: SelectionSet) -> list[SelectionSet]:
    """Give a selection per field of each fragment."""
    return [
        SelectionSet(selection.type_name, (Fragment(SelectionSet(each.type_condition, (member,))),))
        for each in selection
        if isinstance(each, Fragment)
        for member in each.selections
    ]


COST_CHECKS: tuple[Check, ...] = (
    Check(
        "KEYS_FREE",
        "What a representation says already costs no call.",
        "Joins ask keys back all the time; a quota must not pay for that.",
        _keys_only,
    ),
    Check(
        "FIELDS_FREE_UNLESS_ASKED",
        "One field alone never costs more calls than it does among others.",
        "A field that is not asked must not be requested: each method has its own agreement.",
        _fields_less,
    ),
    Check(
        "PARALLEL_CAPPED",
        "A source with a cap of one is never asked twice at a time.",
        "Old servers take few callers, and fall silent beyond.",
        _parallel_capped,
    ),
    Check(
        "MEMORY_FLAT",
        "The same questions again and again keep no memory.",
        "An adapter runs for months.",
        _memory_flat,
    ),
)
