"""Claims about keys: in any order, with gaps and doubles, each key gets its own and nothing else.

In: the samples that ask for entities. Out: findings with the position of the entity.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.check.comparing import codes_of, is_same, told_wrongly
from adapters.check.model import Check, NotApplicable
from adapters.check.recording import Sample
from adapters.check.subject import Opened, Subject

__all__ = ["KEY_CHECKS"]


async def _samples_answered(subject: Subject) -> Sequence[str]:
    found = []
    async with subject.open() as opened:
        for sample in subject.recording.samples:
            response = await opened.ask(sample)
            found += [f'"{sample.title}": {code}' for code in sorted(codes_of(response))]
            if sample.representations is None:
                found += [f'"{sample.title}": no answer'] if not response.data else []
                continue
            found += [
                f'"{sample.title}": _entities.{place} is null'
                for place, entity in enumerate(response.data or ())
                if entity is None
            ]
    return found


async def _keys_permuted(subject: Subject) -> Sequence[str]:
    found = []
    async with subject.open() as opened:
        for sample in _several(subject):
            true = await _entities(opened, sample, sample.representations)
            told = await _entities(opened, sample, (sample.representations or ())[::-1])
            found += told_wrongly(sample.title, told[::-1], true)
            found += _lost(sample, told[::-1], true)
    return found


async def _keys_doubled(subject: Subject) -> Sequence[str]:
    found = []
    for sample in _entity_samples(subject):
        async with subject.open() as opened:
            true = await _entities(opened, sample, sample.representations)
            calls = opened.wire.calls
        async with subject.open() as opened:
            keys = [key for each in sample.representations or () for key in (each, each)]
            told = await _entities(opened, sample, keys)
            found += told_wrongly(sample.title, told, [one for one in true for _ in range(2)])
            found += _lost(sample, told[::2], true)
            if opened.wire.calls > calls:
                found.append(
                    f'"{sample.title}": a doubled key costs the source'
                    f" {opened.wire.calls} calls instead of {calls}"
                )
    return found


async def _keys_alone(subject: Subject) -> Sequence[str]:
    found = []
    async with subject.open() as opened:
        for sample in _several(subject):
            together = await _entities(opened, sample, sample.representations)
            alone = [
                (await _entities(opened, sample, (key,)))[0] for key in sample.representations or ()
            ]
            found += [
                f'"{sample.title}": _entities.{place} depends on who else was asked for'
                for place, (one, other) in enumerate(zip(together, alone, strict=True))
                if not is_same(one, other)
            ]
    return found


async def _keys_unknown(subject: Subject) -> Sequence[str]:
    samples = [s for s in subject.entity_samples if s.unknown is not None]
    if not samples:
        raise NotApplicable('no sample names an "unknown" key')
    found = []
    async with subject.open() as opened:
        for sample in samples:
            true = await _entities(opened, sample, sample.representations)
            keys = [key for each in sample.representations or () for key in (sample.unknown, each)]
            response = await opened.ask(sample, [key for key in keys if key is not None])
            told = response.data or ()
            found += told_wrongly(sample.title, told[1::2], true)
            found += _lost(sample, told[1::2], true)
            found += [f'"{sample.title}": {code} for a gap' for code in sorted(codes_of(response))]
            found += [
                f'"{sample.title}": _entities.{2 * place} is an unknown key and holds a value'
                for place, entity in enumerate(told[::2])
                if not _is_nobody(entity, sample.unknown or {})
            ]
    return found


async def _no_keys(subject: Subject) -> Sequence[str]:
    found = []
    async with subject.open() as opened:
        for sample in _entity_samples(subject):
            response = await opened.ask(sample, ())
            if response.data != [] or response.errors:
                found.append(f'"{sample.title}": no keys, and not an empty list')
        if opened.wire.calls:
            found.append(f"no keys cost the source {opened.wire.calls} calls")
    return found


def _entity_samples(subject: Subject) -> tuple[Sample, ...]:
    if not subject.entity_samples:
        raise NotApplicable("no sample asks for entities")
    return subject.entity_samples


def _several(subject: Subject) -> tuple[Sample, ...]:
    samples = tuple(s for s in subject.entity_samples if len(s.representations or ()) > 1)
    if not samples:
        raise NotApplicable("no sample asks for several entities")
    return samples


async def _entities(
    opened: Opened, sample: Sample, keys: Sequence[dict[str, Any]] | None
) -> list[Any]:
    response = await opened.ask(sample, keys)
    entities: list[Any] = response.data or [None] * len(keys or ())
    return entities


def _lost(sample: Sample, told: Sequence[Any], true: Sequence[Any]) -> list[str]:
    return [
        f'"{sample.title}": the entity of representation {place} is lost'
        for place, (one, other) in enumerate(zip(told, true, strict=False))
        if other is not None and not is_same(one, other)
    ]


def _is_nobody(entity: Any, key: dict[str, Any]) -> bool:
    """Tell whether an entity says nothing but its key, type and empty lists."""
    if entity is None:
        return True
    return all(
        value is None or value == [] or value in (key.get(name), key["__typename"])
        for name, value in entity.items()
    )


KEY_CHECKS: tuple[Check, ...] = (
    Check(
        "SAMPLES_ANSWERED",
        "Every sample of the recording is answered without an error.",
        "What the other checks compare with must be right first.",
        _samples_answered,
    ),
    Check(
        "KEYS_PERMUTED",
        "Keys asked in another order give the same entities in that order.",
        "An answer matched by position gives one person the record of another.",
        _keys_permuted,
    ),
    Check(
        "KEYS_DOUBLED",
        "A key asked twice is answered twice and costs no more calls.",
        "Joins repeat keys; a quota must not pay for that.",
        _keys_doubled,
    ),
    Check(
        "KEYS_ALONE",
        "A key gives the same alone and among others.",
        "A record must not depend on who else was asked for.",
        _keys_alone,
    ),
    Check(
        "KEYS_UNKNOWN",
        "A key that the source does not have is null without an error, and moves no other.",
        "Gaps are ordinary; they are where answers by position go wrong.",
        _keys_unknown,
    ),
    Check(
        "KEYS_NONE",
        "No keys are answered by an empty list and no call.",
        "An empty IN list is an error in SQL, and a filter that does not filter elsewhere.",
        _no_keys,
    ),
)
