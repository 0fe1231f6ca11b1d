"""What the store tells: applications with all that belongs to them, and lists by what is sought.

In: numbers, or a ``Filter``. Out: ``Dossier``s by number, read in one transaction by six
statements at most, however many they are; or a page of numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Result,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    false,
    or_,
    select,
    tuple_,
)

from adapters.loket.actors import Sight
from adapters.loket.life import Step
from adapters.loket.store.history import Entry, entries_of
from adapters.loket.store.letters import LetterStatus
from adapters.loket.store.tables import applications, checks, letters, papers, signatures

__all__ = [
    "Dossier",
    "Filter",
    "Part",
    "find_applications",
    "is_narrow",
    "numbers_of_people",
    "read_application",
    "read_dossiers",
    "read_letters",
]

_KELURAHAN_DOTS: Final = 3  # in the code of one: 31.71.02.1003


class Part(Enum):
    """What belongs to an application, by the fields that tell of it; each is a statement."""

    PAPERS = frozenset({"berkas", "persyaratan"})
    CHECKS = frozenset({"pemeriksaan", "persyaratan"})
    SIGNATURES = frozenset({"tandaTangan", "menungguTandaTangan"})
    LETTER = frozenset({"surat"})
    MARKS = frozenset({"sla", "penugasan"})  # those entries of the history that tell of these
    HISTORY = frozenset({"riwayat"})  # all of them


@dataclass(slots=True)
class Dossier:
    """One application, with everything that belongs to it."""

    row: Row[Any]
    papers: list[Row[Any]] = field(default_factory=list)
    checks: list[Row[Any]] = field(default_factory=list)  # of the last round
    signatures: list[Row[Any]] = field(default_factory=list)  # under the draft as it stands
    letter: Row[Any] | None = None
    history: list[tuple[Entry, str]] = field(default_factory=list)  # with their seals, in order


@dataclass(frozen=True, slots=True)
class Filter:
    """What applications are sought by; None: whatever."""

    area: str | None = None  # a kelurahan, or an area above it
    service: str | None = None
    states: Sequence[str] | None = None
    officer: str | None = None  # NIP of who works on it
    rt: str | None = None
    rw: str | None = None
    since: str | None = None  # moment of submission, included
    until: str | None = None  # not included


class _Below:
    """Rows that belong to applications, by their numbers: of one, or of many."""

    def __init__(self, query: Select[Any], number: ColumnElement[str]) -> None:
        self._one = query.where(number == bindparam("number"))
        self._many = query.where(number.in_(bindparam("numbers", expanding=True)))

    def read(self, tx: Connection, numbers: Sequence[str]) -> Result[Any]:
        if len(numbers) == 1:  # most often; a list is written into the statement each time
            return tx.execute(self._one, {"number": numbers[0]})
        return tx.execute(self._many, {"numbers": numbers})


# Built once: to build a statement takes longer than to run it.
_APPLICATIONS = _Below(select(applications), applications.c.nomor)
_PAPERS = _Below(select(papers).order_by(papers.c.urut), papers.c.permohonan)
_CHECKS = _Below(select(checks), checks.c.permohonan)
_SIGNATURES = _Below(select(signatures).order_by(signatures.c.urutan), signatures.c.permohonan)
_LETTERS = _Below(
    select(letters).where(letters.c.status != LetterStatus.BATAL), letters.c.permohonan
)
_MARKS = (Step.AMBIL_TUGAS, Step.MINTA_PERBAIKAN, Step.AJUKAN_ULANG)


def read_application(tx: Connection, number: str) -> Row[Any] | None:
    """Give an application without what belongs to it; None: there is none."""
    return _APPLICATIONS.read(tx, [number]).one_or_none()


def read_dossiers(
    tx: Connection, numbers: Sequence[str], parts: frozenset[Part] = frozenset(Part)
) -> dict[str, Dossier]:
    """Give the applications of these numbers; one that does not exist is left out.

    ``parts``: what is read of each beside the application itself; the rest stays empty.
    """
    found = {row.nomor: Dossier(row) for row in _APPLICATIONS.read(tx, numbers)}
    known = [*found]
    if not known:
        return found
    if Part.PAPERS in parts:
        for paper in _PAPERS.read(tx, known):
            found[paper.permohonan].papers.append(paper)
    if Part.CHECKS in parts:
        for check in _CHECKS.read(tx, known):
            dossier = found[check.permohonan]
            if check.putaran == dossier.row.putaran:
                dossier.checks.append(check)
    if Part.SIGNATURES in parts:
        for each in _SIGNATURES.read(tx, known):
            dossier = found[each.permohonan]
            if each.draf_sidik == dossier.row.draf_sidik:
                dossier.signatures.append(each)
    if Part.LETTER in parts:
        for letter in _LETTERS.read(tx, known):
            found[letter.permohonan].letter = letter
    if not parts.isdisjoint((Part.HISTORY, Part.MARKS)):
        steps = None if Part.HISTORY in parts else _MARKS
        for number, entries in entries_of(tx, known, steps).items():
            found[number].history = entries
    return found


def find_applications(
    tx: Connection, sought: Filter, sight: Sight, count: int, after: tuple[str, str] | None
) -> list[tuple[str, str]]:
    """Give (moment of submission, number) of those sought and in sight, the oldest first."""
    asked = {**_sought(sought), **_seen(sight)}
    if after is not None:
        asked |= {"after_moment": after[0], "after_number": after[1]}
    rows = tx.execute(_find(frozenset(asked)), {**asked, "most": count})
    return [(row.diajukan_pada, row.nomor) for row in rows]


def is_narrow(sought: Filter, sight: Sight) -> bool:
    """Tell whether an index finds what is sought: by states, in one kelurahan."""
    area = sought.area or sight.area
    return sought.states is not None and area is not None and _is_kelurahan(area)


def numbers_of_people(tx: Connection, people: Sequence[str], sight: Sight) -> dict[str, list[str]]:
    """Give the numbers of the applications in sight of these NIKs, the oldest first."""
    found: dict[str, list[str]] = {nik: [] for nik in people}
    seen = _seen(sight)
    for row in tx.execute(_of_people(frozenset(seen)), {**seen, "people": [*people]}):
        found[row.pemohon_nik].append(row.nomor)
    return found


def read_letters(
    tx: Connection, keys: Sequence[tuple[str, str, int]]
) -> dict[tuple[str, str, int], Row[Any]]:
    """Give the letters of these keys (kelurahan, number, year), with whose matter each is."""
    rows = tx.execute(_LETTERS_BY_KEY, {"keys": [*keys]})
    return {(row.kelurahan, row.nomor, row.tahun): row for row in rows}


_LETTERS_BY_KEY = (
    select(
        letters,
        *(applications.c[name] for name in ("rt", "rw", "pemohon_nik", "kuasa_nik", "pengaju")),
    )
    .select_from(letters.join(applications, applications.c.nomor == letters.c.permohonan))
    .where(
        tuple_(letters.c.kelurahan, letters.c.nomor, letters.c.tahun).in_(
            bindparam("keys", expanding=True)
        ),
        letters.c.status != LetterStatus.DISIAPKAN,
    )
)


def _inside(name: str) -> ColumnElement[bool]:
    """Give what lies in the area that the parameter names, where that is no kelurahan."""
    area, code = bindparam(name, type_=Text()), applications.c.kelurahan
    return (code == area) | code.startswith(area + ".")


_SOUGHT: Mapping[str, ColumnElement[bool]] = {
    "kelurahan": applications.c.kelurahan == bindparam("kelurahan"),
    "area": _inside("area"),
    "service": applications.c.layanan == bindparam("service"),
    "states": applications.c.status.in_(bindparam("states", expanding=True)),
    "officer": applications.c.petugas_nip == bindparam("officer"),
    "rt": applications.c.rt == bindparam("rt"),
    "rw": applications.c.rw == bindparam("rw"),
    "since": applications.c.diajukan_pada >= bindparam("since"),
    "until": applications.c.diajukan_pada < bindparam("until"),
}
"""By the names of what is given: the condition that it stands for."""

_HERE: Mapping[str, ColumnElement[bool]] = {
    "seen_kelurahan": applications.c.kelurahan == bindparam("seen_kelurahan"),
    "seen_area": _inside("seen_area"),
    "seen_rt": applications.c.rt == bindparam("seen_rt"),
    "seen_rw": applications.c.rw == bindparam("seen_rw"),
}
_OWN: Mapping[str, ColumnElement[bool]] = {
    "seen_person": or_(
        applications.c.pemohon_nik == bindparam("seen_person"),
        applications.c.kuasa_nik == bindparam("seen_person"),
    ),
    "seen_caller": applications.c.pengaju == bindparam("seen_caller"),
}


def _sought(sought: Filter) -> dict[str, Any]:
    """Name what is sought by; a kelurahan is one place, an area above it is many."""
    given = {
        "service": sought.service,
        "states": None if sought.states is None else [*sought.states],
        "officer": sought.officer,
        "rt": sought.rt,
        "rw": sought.rw,
        "since": sought.since,
        "until": sought.until,
        **_place("kelurahan", "area", sought.area),
    }
    return {name: value for name, value in given.items() if value is not None}


def _seen(sight: Sight) -> dict[str, Any]:
    """Name what an actor's sight goes by; the numbers of RT and RW mean nothing without an area."""
    given = {"seen_person": sight.person, "seen_caller": sight.submitted_by}
    if sight.area is not None:
        given |= {"seen_rt": sight.rt, "seen_rw": sight.rw}
        given |= _place("seen_kelurahan", "seen_area", sight.area)
    return {name: value for name, value in given.items() if value is not None}


def _place(kelurahan: str, area: str, code: str | None) -> dict[str, str | None]:
    return {kelurahan if code is not None and _is_kelurahan(code) else area: code}


def _is_kelurahan(code: str) -> bool:
    return code.count(".") == _KELURAHAN_DOTS


def _in_sight(names: frozenset[str]) -> ColumnElement[bool]:
    """Say in SQL which applications an actor may see, as ``Actor.may_see`` decides for one."""
    here = [condition for name, condition in _HERE.items() if name in names]
    own = [condition for name, condition in _OWN.items() if name in names]
    return or_(false(), *((and_(*here),) if here else ()), *own)


# Shapes of questions, not questions: what is asked for stands in the parameters.
@lru_cache(maxsize=512)
def _find(names: frozenset[str]) -> Select[tuple[str, str]]:
    moments, numbers = applications.c.diajukan_pada, applications.c.nomor
    sought = [condition for name, condition in _SOUGHT.items() if name in names]
    query = select(moments, numbers).where(*sought, _in_sight(names))
    if "after_moment" in names:
        last = (bindparam("after_moment", type_=Text()), bindparam("after_number", type_=Text()))
        query = query.where(tuple_(moments, numbers) > tuple_(*last))
    return query.order_by(moments, numbers).limit(bindparam("most", type_=Integer()))


@lru_cache(maxsize=64)
def _of_people(names: frozenset[str]) -> Select[tuple[str, str]]:
    people = applications.c.pemohon_nik.in_(bindparam("people", expanding=True))
    return (
        select(applications.c.pemohon_nik, applications.c.nomor)
        .where(people, _in_sight(names))
        .order_by(applications.c.diajukan_pada, applications.c.nomor)
    )
