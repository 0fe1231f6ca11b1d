"""Claims about sloppy and lying sources: rows in disorder, lost, doubled, another's, or dirty.

In: what guarded calls gave, tampered with on its way to the adapter. Out: findings with the
position of the entity. Sources that give no rows through a guard are not spoken of.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from adapters.check.comparing import codes_of, is_same, told_wrongly
from adapters.check.model import Check, NotApplicable
from adapters.check.recording import Sample
from adapters.check.subject import Subject
from adapters.check.tampering import Rows, Tamper, change_texts, is_date, is_free_text
from adapters.check.wire import Wire
from adapters.contract import SubgraphResponse

__all__ = ["ROW_CHECKS"]

_NO_ROWS = "no source gives rows through a guard that this could be tried on"
_ALLOWED = frozenset({"DATA_RUSAK"})


async def _permuted(subject: Subject) -> Sequence[str]:
    found = []
    for sample, true, told in await _tampered(subject, lambda rows: rows[::-1]):
        found += told_wrongly(sample.title, _list(told), _list(true))
        found += [
            f'"{sample.title}": _entities.{place} changes with the order of the rows'
            for place, (one, other) in enumerate(zip(_list(told), _list(true), strict=False))
            if not is_same(one, other)
        ]
    return found


async def _doubled(subject: Subject) -> Sequence[str]:
    return await _part(subject, lambda rows: [row for each in rows for row in (each, each)])


async def _lost(subject: Subject) -> Sequence[str]:
    return await _part(subject, lambda rows: rows[1:])


async def _empty(subject: Subject) -> Sequence[str]:
    found = []
    for sample, true, told in await _tampered(subject, lambda rows: []):
        found += told_wrongly(sample.title, _list(told), _list(true))
        found += [f'"{sample.title}": {code} for an empty answer' for code in _codes(told)]
    return found


async def _crossed(subject: Subject) -> Sequence[str]:
    """Ask for one key, and give its answers to the question for another."""
    found: list[str] = []
    tried = False
    for sample in subject.entity_samples:
        keys = sample.representations or ()
        if len(keys) < 2:
            continue
        crossed = _Crossed()
        async with subject.open(Wire(after=crossed)) as opened:
            true = await opened.ask(sample, keys[1:2])
            crossed.forget()
            await opened.ask(sample, keys[:1])
            crossed.cross()
            told = await opened.ask(sample, keys[1:2])
            tried = tried or crossed.used
            found += told_wrongly(sample.title, _list(told), _list(true))
    if not tried:
        raise NotApplicable(_NO_ROWS)
    return found


async def _unasked(subject: Subject) -> Sequence[str]:
    """Add a column to every row that nobody asked for, and see that nothing changes."""
    found = []
    added = {"kolom_yang_tidak_ditanya": "rahasia"}
    for sample, true, told in await _tampered(
        subject, lambda rows: [{**row, **added} for row in rows]
    ):
        found += [f'"{sample.title}": {code} for a column more' for code in _codes(told)]
        if not is_same(told.data, true.data):
            found.append(f'"{sample.title}": the answer changes with a column that was not asked')
    return found


async def _dirty_dates(subject: Subject) -> Sequence[str]:
    found = []
    change = change_texts(is_date, lambda text: "32-13-2025")
    for sample, true, told in await _tampered(subject, change):
        found += told_wrongly(sample.title, _list(told), _list(true))
        found += [f'"{sample.title}": {code} for a dirty date' for code in _codes(told)]
        missing = _count_nulls(told.data) - _count_nulls(true.data)
        if missing > 0 and not told.defects:
            found.append(f'"{sample.title}": dates became null and no defect tells why')
    return found


async def _dirty_texts(subject: Subject) -> Sequence[str]:
    found = []
    change = change_texts(is_free_text, lambda text: f"{text} \x00\ufffd\x85")
    for sample, _, told in await _tampered(subject, change):
        found += [f'"{sample.title}": {code} for a dirty text' for code in _codes(told)]
        try:
            json.dumps(told.data, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            found.append(f'"{sample.title}": a text came through that cannot be sent as UTF-8')
    return found


async def _nulls(subject: Subject) -> Sequence[str]:
    return await _kept(subject, change_texts(is_free_text, lambda text: None))


async def _numbers(subject: Subject) -> Sequence[str]:
    return await _kept(subject, change_texts(is_free_text, lambda text: 12345))


async def _huge(subject: Subject) -> Sequence[str]:
    return await _kept(subject, change_texts(is_free_text, lambda text: text + " x" * 100_000))


class _Crossed:
    """A hook that keeps what calls gave, and later gives the same again, call by call."""

    def __init__(self) -> None:
        self.used = False
        self._kept: list[Any] = []
        self._again: Iterator[Any] | None = None

    def forget(self) -> None:
        """Keep from here on."""
        self._kept.clear()

    def cross(self) -> None:
        """Give what was kept from now on."""
        self._again = iter(self._kept)

    def __call__(self, value: Any) -> Any:
        """Keep or cross."""
        if self._again is None:
            self._kept.append(value)
            return value
        crossed = next(self._again, value)
        self.used = self.used or crossed != value
        return crossed


async def _tampered(
    subject: Subject, change: Callable[[Rows], Rows]
) -> list[tuple[Sample, SubgraphResponse, SubgraphResponse]]:
    """Ask each sample for entities truly and tampered; only those whose rows were changed."""
    found = []
    wire = Wire()
    truth = wire.after
    async with subject.open(wire) as opened:
        for sample in subject.entity_samples:
            wire.after = truth
            true = await opened.ask(sample)
            wire.after = tamper = Tamper(change)
            told = await opened.ask(sample)
            if tamper.seen:
                found.append((sample, true, told))
    if not found:
        raise NotApplicable(_NO_ROWS)
    return found


async def _part(subject: Subject, change: Callable[[Rows], Rows]) -> list[str]:
    """Find entities that say more than the truth, or codes other than DATA_RUSAK."""
    found = []
    for sample, true, told in await _tampered(subject, change):
        found += told_wrongly(sample.title, _list(told), _list(true))
        found += _wrong_codes(sample, told)
    return found


async def _kept(subject: Subject, change: Callable[[Rows], Rows]) -> list[str]:
    """Find crashes where only free texts were changed."""
    found = []
    for sample, _, told in await _tampered(subject, change):
        found += _wrong_codes(sample, told)
        if told.data is None:
            found.append(f'"{sample.title}": nothing is left of the answer')
    return found


def _wrong_codes(sample: Sample, told: SubgraphResponse) -> list[str]:
    return [f'"{sample.title}": {code}' for code in sorted(codes_of(told) - _ALLOWED)]


def _codes(told: SubgraphResponse) -> list[str]:
    return sorted(codes_of(told))


def _list(response: SubgraphResponse) -> list[Any]:
    return response.data if isinstance(response.data, list) else []


def _count_nulls(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_count_nulls(item) for item in value.values())
    if isinstance(value, list):
        return sum(_count_nulls(item) for item in value)
    return value is None


ROW_CHECKS: tuple[Check, ...] = (
    Check(
        "ROWS_PERMUTED",
        "Rows in another order attach to the same keys.",
        "No source promises an order; by position, a neighbour's record is printed.",
        _permuted,
    ),
    Check(
        "ROWS_LOST",
        "A lost row leaves its own place empty and shifts no other.",
        "One deleted resident must not hand everyone behind him the next one's data.",
        _lost,
    ),
    Check(
        "ROWS_DOUBLED",
        "A row sent twice makes no record appear twice.",
        "Paging drift and careless joins double rows; a letter would be counted twice.",
        _doubled,
    ),
    Check(
        "ROWS_OF_ANOTHER",
        "An answer that belongs to another key is never attached to this one.",
        "Caches and proxies of old systems do mix up answers.",
        _crossed,
    ),
    Check(
        "ROWS_EMPTY",
        "An answer without rows is null or an empty list, without an error.",
        "Nobody there is an answer, and no outage.",
        _empty,
    ),
    Check(
        "COLUMNS_UNASKED",
        "A column that was not asked for changes nothing of the answer.",
        "Sources grow columns overnight, and give more than an agreement covers.",
        _unasked,
    ),
    Check(
        "DATES_DIRTY",
        "A date that cannot be read is null and told as a defect; the rest is kept.",
        "Old registers hold the 32nd of month 13; a record must survive it.",
        _dirty_dates,
    ),
    Check(
        "TEXTS_DIRTY",
        "Control characters and broken encodings neither fail the answer nor break its JSON.",
        "One latin1 name must not make the whole answer unreadable.",
        _dirty_texts,
    ),
    Check(
        "TEXTS_NULL",
        "Null where a text was is an answer.",
        "Columns are empty more often than documents say.",
        _nulls,
    ),
    Check(
        "TEXTS_OF_ANOTHER_KIND",
        "A number where a text was fails nothing but its own field.",
        "Spreadsheets and loosely typed services turn texts into numbers.",
        _numbers,
    ),
    Check(
        "TEXTS_HUGE",
        "A text of 200,000 characters fails nothing.",
        "A scanned page in a remark must not stop a queue of people.",
        _huge,
    ),
)
