"""What managers ask of all applications at once, counted by the database and never row by row.

In: an open transaction for reading, an area, months, and what the database cannot know (working
days, requirements) as tables of the statement itself. Out: one row a group, in the groups' order,
so many as a page takes. One code path for both databases.

The day of a moment is Jakarta's: at seven hours before UTC's midnight the next day begins, so a
moment's day is its date and whether its hour is 17 or more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    and_,
    case,
    column,
    distinct,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
    union_all,
    values,
)
from sqlalchemy import Integer as Whole

from adapters.loket.life import State, Step
from adapters.loket.service_file import Condition
from adapters.loket.store.letters import KNOWN
from adapters.loket.store.tables import applications, checks, history, letters, papers
from adapters.loket.working_days import CalendarMissing, WorkingDays

__all__ = [
    "Basis",
    "Month",
    "Need",
    "Reach",
    "count_letters",
    "count_missing",
    "count_refusals",
    "measure_times",
]

_DAY = timedelta(days=1)
_DECIDED = (State.TERBIT, State.DIAMBIL, State.DICABUT, State.DITOLAK)
"""The office answered, whatever became of the letter; whoever cancels is not answered."""


class Month(NamedTuple):
    """A month of Jakarta, by moments as the store keeps them."""

    code: str  # 2026-07
    since: str
    until: str  # not included


class Need(NamedTuple):
    """A requirement of a service, and where and when it holds."""

    service: str
    kelurahan: str  # empty: wherever ``Reach.decreed`` names no kelurahan of its own
    since: str  # moment of submission, included
    until: str  # not included
    code: str
    proof: str  # the check whose passing proves it; empty: none
    condition: str  # of ``Condition``; empty: always


@dataclass(frozen=True, slots=True)
class Reach:
    """Which applications are counted."""

    area: str  # a kelurahan, or an area above it
    months: Sequence[Month]  # in which they were decided; at least one, in order


class Basis(NamedTuple):
    """By what letters are counted, and which letters have it at all."""

    columns: tuple[ColumnElement[Any], ...]
    holds: ColumnElement[bool]

    @classmethod
    def applicant(cls) -> Basis:
        """Count by who applied."""
        return cls((applications.c.pemohon_nik,), literal(True))

    @classmethod
    def proxy(cls) -> Basis:
        """Count by who applied for others."""
        return cls((applications.c.kuasa_nik,), applications.c.kuasa_nik.is_not(None))

    @classmethod
    def neighborhood(cls) -> Basis:
        """Count by RT; an RT is one only within its RW and kelurahan."""
        own = applications.c
        return cls((own.kelurahan, own.rw, own.rt), own.rw.is_not(None) & own.rt.is_not(None))


def measure_times(
    tx: Connection,
    reach: Reach,
    calendar: WorkingDays,
    count: int,
    after: tuple[str, str, str, int] | None,
) -> Sequence[Row[Any]]:
    """Give decided applications by kelurahan, service, month and promise.

    ``jumlah`` of them, ``median`` and ``p90`` of the working days used (the least number that half,
    or nine of ten, did not exceed), how many were ``terlambat``, and ``tanpa_kalender``: moments of
    theirs in a year that is not loaded, for which the other numbers are of no use. Raises
    ``CalendarMissing`` for the last month's year.
    """
    base = _decided(reach)
    used = _used_days(base, _working_days(calendar, int(reach.months[-1].code[:4])))
    own = base.c
    group = (own.kelurahan, own.layanan, own.bulan, own.janji_hari)
    ranked = (
        select(
            *group,
            used.c.terpakai,
            used.c.tanpa_kalender,
            func.row_number().over(partition_by=group, order_by=used.c.terpakai).label("tempat"),
            func.count().over(partition_by=group).label("semua"),
        )
        .join(used, used.c.nomor == own.nomor)
        .cte("urut_pakai")
    )
    each = ranked.c
    group = (each.kelurahan, each.layanan, each.bulan, each.janji_hari)
    query = select(
        *group,
        func.count().label("jumlah"),
        func.min(case((each.tempat * 2 >= each.semua, each.terpakai))).label("median"),
        func.min(case((each.tempat * 10 >= each.semua * 9, each.terpakai))).label("p90"),
        func.sum(case((each.terpakai > each.janji_hari, 1), else_=0)).label("terlambat"),
        func.sum(each.tanpa_kalender).label("tanpa_kalender"),
    )
    return _page(tx, query, group, count, after)


def count_refusals(
    tx: Connection, reach: Reach, count: int, after: tuple[str, str, str] | None
) -> Sequence[Row[Any]]:
    """Give decided applications by kelurahan, service and month: ``jumlah``, ``ditolak``."""
    own = _decided(reach, is_complete=False).c
    query = select(
        own.kelurahan,
        own.layanan,
        own.bulan,
        func.count().label("jumlah"),
        func.sum(case((own.status == State.DITOLAK, 1), else_=0)).label("ditolak"),
    )
    return _page(tx, query, (own.kelurahan, own.layanan, own.bulan), count, after)


def count_missing(
    tx: Connection,
    reach: Reach,
    needs: Iterable[Need],
    decreed: Sequence[tuple[str, str]],
) -> Sequence[Row[Any]]:
    """Give refused applications by kelurahan, service, month and unmet requirement.

    A requirement is met by a paper of its kind, or by its check in the last round. ``decreed``:
    service and kelurahan of those that have needs of their own.
    """
    base = _decided(reach, is_complete=False)
    need = _rows("syarat", Need, needs)
    own, asked = base.c, need.c
    here = tuple_(own.layanan, own.kelurahan)
    holds = or_(
        asked.kelurahan == own.kelurahan,
        and_(asked.kelurahan == "", not_(here.in_(decreed))),
    )
    in_time = (asked.since <= own.diajukan_pada) & (own.diajukan_pada < asked.until)
    met = or_(
        select(papers.c.urut)
        .where(papers.c.permohonan == own.nomor, papers.c.jenis == asked.code)
        .exists(),
        select(checks.c.kode)
        .where(
            checks.c.permohonan == own.nomor,
            checks.c.putaran == own.putaran,
            checks.c.kode == asked.proof,
            checks.c.hasil == "LULUS",
        )
        .exists(),
    )
    group = (own.kelurahan, own.layanan, own.bulan, asked.code)
    query = (
        select(*group, func.count(distinct(own.nomor)).label("jumlah"))
        .join(need, (asked.service == own.layanan) & holds & in_time & _applies(own, asked))
        .where(own.status == State.DITOLAK, not_(met))
        .group_by(*group)
        .order_by(func.count(distinct(own.nomor)).desc(), asked.code)
    )
    return tx.execute(query).all()


def count_letters(
    tx: Connection, basis: Basis, area: str, days: tuple[date, date], more: int, page: slice
) -> Sequence[Row[Any]]:
    """Give who has more than so many letters of these days, both included: the most first.

    The basis's columns come first, then ``surat`` and how many applicants (``pemohon``).
    """
    issued, (since, until) = func.count().label("surat"), days
    query: Select[*tuple[Any, ...]] = (
        select(
            *basis.columns,
            issued,
            func.count(distinct(applications.c.pemohon_nik)).label("pemohon"),
        )
        .join(letters, letters.c.permohonan == applications.c.nomor)
        .where(
            _inside(applications.c.kelurahan, area),
            letters.c.status.in_(KNOWN),
            letters.c.tanggal.between(since.isoformat(), until.isoformat()),
            basis.holds,
        )
        .group_by(*basis.columns)
        .having(func.count() > more)
        .order_by(issued.desc(), *basis.columns)
        .slice(page.start, page.stop)
    )
    return tx.execute(query).all()


def _decided(reach: Reach, *, is_complete: bool = True) -> CTE:
    """Give what was decided with its month; ``is_complete``: only where a clock ran."""
    own = applications.c
    month = _rows("bulan", Month, reach.months)
    query = (
        select(
            own.nomor,
            own.kelurahan,
            own.layanan,
            own.status,
            own.janji_hari,
            own.putaran,
            own.kuasa_nik,
            own.isian,
            own.diajukan_pada,
            own.lengkap_pada,
            own.berakhir_pada,
            month.c.code.label("bulan"),
        )
        .join(month, (month.c.since <= own.berakhir_pada) & (own.berakhir_pada < month.c.until))
        .where(_inside(own.kelurahan, reach.area), own.status.in_(_DECIDED))
    )
    if is_complete:
        query = query.where(own.lengkap_pada.is_not(None))
    return query.cte("putus")


def _used_days(base: CTE, days: CTE) -> CTE:
    """Count the working days of each: those up to its end, less those before and in repair.

    Every moment that starts or stops the clock counts with a sign, as the number of working days
    up to it; so nothing is walked day by day.
    """
    own, entry = base.c, history.c
    sign = case((entry.langkah == Step.MINTA_PERBAIKAN, 1), else_=-1)
    marks = union_all(
        select(own.nomor, own.berakhir_pada.label("pada"), literal(1).label("tanda")),
        select(own.nomor, own.lengkap_pada, literal(-1)),
        select(own.nomor, entry.pada, sign)
        .join(base, own.nomor == entry.permohonan)
        .where(entry.langkah.in_((Step.MINTA_PERBAIKAN, Step.AJUKAN_ULANG))),
    ).cte("tanda_waktu")
    mark = marks.c
    evening = case((func.substr(mark.pada, 12, 2) >= "17", "+"), else_="-")
    return (
        select(
            mark.nomor,
            func.sum(mark.tanda * days.c.ordinal).label("terpakai"),
            (func.count() - func.count(days.c.ordinal)).label("tanpa_kalender"),
        )
        .outerjoin(days, days.c.day == func.substr(mark.pada, 1, 10).op("||")(evening))
        .group_by(mark.nomor)
        .cte("pakai")
    )


class _Ordinal(NamedTuple):
    """How many working days lie up to a day, the day included."""

    day: str  # date at UTC, with + from 17 hours on (the next day in Jakarta) and - before
    ordinal: int


def _working_days(calendar: WorkingDays, last: int) -> CTE:
    """Number the days of the loaded years up to ``last``; raises ``CalendarMissing`` without it.

    A year before one that is not loaded is left out: whatever reaches back to it cannot be counted.
    """
    if last not in calendar.years:
        raise CalendarMissing(last)
    first = last
    while first - 1 in calendar.years:
        first -= 1
    rows: list[_Ordinal] = []
    ordinal, day = 0, date(first, 1, 1)
    while day.year <= last:
        ordinal += calendar.is_working(day)
        rows.append(_Ordinal(f"{day - _DAY}+", ordinal))
        rows.append(_Ordinal(f"{day}-", ordinal))
        day += _DAY
    return _rows("kalender", _Ordinal, rows)


def _rows(name: str, kind: type[Any], rows: Iterable[tuple[Any, ...]]) -> CTE:
    """Write our own rows into a statement, as literals: there may be more than parameters."""
    listed = [tuple(row) for row in rows]
    columns = [
        column(field, Whole if isinstance(value, int) else String)
        for field, value in zip(kind._fields, listed[0], strict=True)
    ]
    return values(*columns, name=f"{name}_data", literal_binds=True).data(listed).cte(name)


def _applies(own: Any, asked: Any) -> ColumnElement[bool]:
    """Tell whether a requirement's condition holds; the form is JSON without blanks."""
    old_permit = and_(
        own.isian.contains('"jenisIptm":["', autoescape=True),
        not_(own.isian.contains('"jenisIptm":["BARU"', autoescape=True)),
    )
    return or_(
        asked.condition == "",
        and_(asked.condition == Condition.KUASA, own.kuasa_nik.is_not(None)),
        and_(asked.condition == Condition.IPTM_LAMA, old_permit),
    )


def _inside(kelurahan: ColumnElement[str], area: str) -> ColumnElement[bool]:
    return (kelurahan == area) | kelurahan.startswith(f"{area}.", autoescape=True)


def _page(
    tx: Connection,
    query: Select[*tuple[Any, ...]],
    group: tuple[ColumnElement[Any], ...],
    count: int,
    after: tuple[Any, ...] | None,
) -> Sequence[Row[Any]]:
    query = query.group_by(*group).order_by(*group).limit(count)
    if after is not None:
        query = query.where(tuple_(*group) > after)
    found = tx.execute(query)
    return found.all()
