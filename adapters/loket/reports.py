"""What managers ask: how long a service takes, how often it is refused, who applies too often.

In: an area, days, who asks. Out: pages of records. Numbers of a kelurahan are public, but a cell of
fewer than five is not told to the public, and a month only when it is over: two looks at one that
grows would tell of the one application between them. Who heads the area is told all numbers, and
alone who has too many letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row

from adapters.errors import AccessDenied
from adapters.kit.context import Context
from adapters.kit.outcome import InvalidArgument, Page, PageRequest
from adapters.kit.paging import pack_cursor, unpack_cursor
from adapters.kit.scalar_rules import WIB, is_area
from adapters.loket.counter import Counter
from adapters.loket.life import Role
from adapters.loket.refusal import CALENDAR_MISSING
from adapters.loket.services import Service, ServiceCatalog
from adapters.loket.store.history import moment
from adapters.loket.store.reports import (
    Basis,
    Month,
    Need,
    Reach,
    count_letters,
    count_missing,
    count_refusals,
    measure_times,
)
from adapters.loket.working_days import CalendarMissing

__all__ = ["SMALLEST_CELL", "LetterBasis", "list_frequent", "list_refusals", "list_times"]

SMALLEST_CELL = 5
"""The fewest applications of which the public is told anything."""

_HEADS = frozenset({Role.LURAH, Role.CAMAT, Role.PTSP})
_MOST_MONTHS = 36  # of one report; what is longer is no month's report any more
_MOST_DAYS = 366
_EVER, _NEVER = "", "9999"  # moments before and after all others


class LetterBasis(StrEnum):
    """By what frequent letters are counted."""

    PEMOHON = "PEMOHON"
    KUASA = "KUASA"
    RT = "RT"


_BASES = {
    LetterBasis.PEMOHON: Basis.applicant,
    LetterBasis.KUASA: Basis.proxy,
    LetterBasis.RT: Basis.neighborhood,
}


async def list_times(
    context: Context, page: PageRequest, area: str, days: tuple[date, date]
) -> Page:
    """List the working days used, by kelurahan, service, month and promise."""
    counter: Counter = context.sources
    after = _place_after(page, str, str, str, int)
    reach, is_head = _reach(context, area, days)
    if not reach.months:
        return Page([])
    try:
        rows = await counter.store.read(
            context.call,
            lambda tx: measure_times(tx, reach, counter.calendar, page.first + 1, after),
        )
    except CalendarMissing as missing:
        raise InvalidArgument(str(missing), CALENDAR_MISSING) from None
    if any(row.tanpa_kalender for row in rows):
        raise InvalidArgument("A calendar of the year before is not loaded.", CALENDAR_MISSING)
    records = [
        {
            **_place(row),
            "janji": row.janji_hari,
            "jumlah": int(row.jumlah),
            "median": int(row.median),
            "p90": int(row.p90),
            "terlambat": int(row.terlambat),
        }
        for row in rows
    ]
    shown = records if is_head else [_publish_times(each) for each in records]
    return _cut(page, shown, [(*row[:3], row.janji_hari) for row in rows])


async def list_refusals(
    context: Context, page: PageRequest, area: str, days: tuple[date, date]
) -> Page:
    """List how many applications were refused, and what they lacked."""
    counter: Counter = context.sources
    after = _place_after(page, str, str, str)
    reach, is_head = _reach(context, area, days)
    if not reach.months:
        return Page([])
    needs = [*_needs(counter.catalog, area)]

    def count(tx: Connection) -> tuple[Sequence[Row[Any]], Sequence[Row[Any]]]:
        rows = count_refusals(tx, reach, page.first + 1, after)
        told = {row.bulan for row in rows}
        months = [each for each in reach.months if each.code in told]
        decreed = sorted({(need.service, need.kelurahan) for need in needs if need.kelurahan})
        inside = replace(reach, months=months)
        return rows, count_missing(tx, inside, needs, decreed) if rows else ()

    rows, missing = await counter.store.read(context.call, count)
    names = _names(counter.catalog)
    lacking: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for each in missing:
        lack = {"kode": each.code, "nama": names[each.code], "jumlah": int(each.jumlah)}
        lacking.setdefault((each.kelurahan, each.layanan, each.bulan), []).append(lack)
    records = []
    for row in rows:
        whole, refused = int(row.jumlah), int(row.ditolak)
        numbers = {"jumlah": whole, "ditolak": refused, "bagianDitolak": refused / whole}
        records.append({**_place(row), **numbers, "kurang": lacking.get(tuple(row[:3]), [])})
    shown = records if is_head else [_publish_refusals(each) for each in records]
    return _cut(page, shown, [tuple(row[:3]) for row in rows])


async def list_frequent(
    context: Context, page: PageRequest, area: str, until: date, asked: Mapping[str, Any]
) -> Page:
    """List who has more than ``asked["more"]`` letters in the days up to ``until``.

    Raises ``AccessDenied`` for whoever does not head the area: these are persons.
    """
    counter: Counter = context.sources
    days, more = int(asked["days"]), int(asked["more"])
    if not 1 <= days <= _MOST_DAYS:
        raise InvalidArgument(f'The argument "hari" must lie between 1 and {_MOST_DAYS}.')
    if more < 0:
        raise InvalidArgument('The argument "lebihDari" must not be negative.')
    start = unpack_cursor(page.after, int)[0] if page.after is not None else 0
    if start < 0:
        raise InvalidArgument('The argument "after" is no cursor of this list.')
    if not _heads(context, area):
        raise AccessDenied("Only who heads the area is told who has many letters.")
    basis = _BASES[LetterBasis(asked["basis"])]()
    span = (until - timedelta(days - 1), until)
    end = start + page.first
    part = slice(start, end + 1)
    rows = await counter.store.read(
        context.call, lambda tx: count_letters(tx, basis, area, span, more, part)
    )
    shown = rows[: page.first]
    records = [_frequent(LetterBasis(asked["basis"]), row) for row in shown]
    return Page(records, len(rows) > page.first, pack_cursor(start + len(shown)) if shown else None)


def _place_after(page: PageRequest, *kinds: type) -> Any:
    """Read where a page begins: after a line of a kelurahan; None: with the first."""
    if page.after is None:
        return None
    place = unpack_cursor(page.after, *kinds)
    if not is_area(place[0]):
        raise InvalidArgument('The argument "after" is no cursor of this list.')
    return place


def _reach(context: Context, area: str, days: tuple[date, date]) -> tuple[Reach, bool]:
    """Take whole months; the public is told of those that are over."""
    counter: Counter = context.sources
    is_head = _heads(context, area)
    months = [*_months(*days)]
    if not is_head:
        now = moment(datetime.combine(counter.today, time(), WIB))
        months = [each for each in months if each.until <= now]
    return Reach(area, months), is_head


def _months(since: date, until: date) -> Iterator[Month]:
    first, last = (day.year * 12 + day.month - 1 for day in (since, until))
    if not 0 <= last - first < _MOST_MONTHS:
        raise InvalidArgument(
            f'"sampai" must lie at or after "dari", and at most {_MOST_MONTHS} months are reported.'
        )
    for number in range(first, last + 1):
        starts, ends = (date(each // 12, each % 12 + 1, 1) for each in (number, number + 1))
        begin, end = (moment(datetime.combine(day, time(), WIB)) for day in (starts, ends))
        yield Month(f"{starts:%Y-%m}", begin, end)


def _heads(context: Context, area: str) -> bool:
    """Tell whether the caller heads this area, by an office that covers all of it."""
    counter: Counter = context.sources
    actor = counter.actors.find(context.call)
    covers = actor.officer is not None and actor.officer.covers(area, None, None)
    return covers and not _HEADS.isdisjoint(actor.roles)


def _publish(record: dict[str, Any], part: str) -> dict[str, Any]:
    """Leave out what tells of few: a whole small cell, or a part whose size or rest is small."""
    whole = record["jumlah"]
    if whole < SMALLEST_CELL:
        kept = ("kelurahan", "layanan", "bulan", "janji", "kurang")
        return {name: value if name in kept else None for name, value in record.items()}
    if 0 < record[part] < SMALLEST_CELL or 0 < whole - record[part] < SMALLEST_CELL:
        return {**record, part: None}
    return record


def _publish_times(record: dict[str, Any]) -> dict[str, Any]:
    """The number of all is told beside the refusals alone: the two differ by very few."""
    return {**_publish(record, "terlambat"), "jumlah": None}


def _publish_refusals(record: dict[str, Any]) -> dict[str, Any]:
    shown = _publish(record, "ditolak")
    if shown["ditolak"] is None:
        return {**shown, "bagianDitolak": None, "kurang": []}
    refused = record["ditolak"]
    lacking = [
        each
        for each in record["kurang"]
        if each["jumlah"] >= SMALLEST_CELL and not 0 < refused - each["jumlah"] < SMALLEST_CELL
    ]
    return {**shown, "kurang": lacking}


def _needs(catalog: ServiceCatalog, area: str) -> Iterator[Need]:
    """Tell all requirements as they hold in an area, by when the application came."""
    for code, service in catalog.template.items():
        yield from _needs_of(service, "", _EVER, _NEVER)
        for (kelurahan, decreed), held in catalog.decrees.items():
            if decreed != code or not f"{kelurahan}.".startswith(f"{area}."):
                continue
            starts = [moment(datetime.combine(each.valid_from, time(), WIB)) for each in held]
            ends = [*starts, _NEVER]
            yield from _needs_of(service, kelurahan, _EVER, ends[0])
            for own, begin, end in zip(held, starts, ends[1:], strict=True):
                yield from _needs_of(own, kelurahan, begin, end)


def _needs_of(service: Service, kelurahan: str, since: str, until: str) -> Iterator[Need]:
    for each in service.requirements:
        yield Need(
            service.code, kelurahan, since, until, each.kode, each.terbukti_oleh or "",
            each.bila or "",
        )  # fmt: skip


def _names(catalog: ServiceCatalog) -> dict[str, str]:
    services = [*catalog.template.values(), *(s for held in catalog.decrees.values() for s in held)]
    return {each.kode: each.nama for service in services for each in service.requirements}


def _place(row: Any) -> dict[str, Any]:
    return {
        "kelurahan": {"kode": row.kelurahan},
        "layanan": {"kode": row.layanan},
        "bulan": row.bulan,
    }


def _frequent(basis: LetterBasis, row: Any) -> dict[str, Any]:
    is_place = basis is LetterBasis.RT
    return {
        "penduduk": None if is_place else {"nik": row[0]},
        "kelurahan": {"kode": row.kelurahan} if is_place else None,
        "rt": row.rt if is_place else None,
        "rw": row.rw if is_place else None,
        "surat": int(row.surat),
        "pemohon": int(row.pemohon),
    }


def _cut(page: PageRequest, records: list[dict[str, Any]], places: list[tuple[Any, ...]]) -> Page:
    shown = records[: page.first]
    end = pack_cursor(*places[len(shown) - 1]) if shown else None
    return Page(shown, len(records) > page.first, end)
