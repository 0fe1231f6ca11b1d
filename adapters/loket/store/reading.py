"""What the store tells: applications with all that belongs to them, and lists by what is sought.

In: numbers, or a ``Filter``. Out: ``Dossier``s by number, read in one transaction by six
statements at most, however many they are; or a page of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, and_, false, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.loket.actors import Sight
from adapters.loket.store.history import Entry, entries_of
from adapters.loket.store.letters import LetterStatus
from adapters.loket.store.tables import applications, checks, letters, papers, signatures

__all__ = [
    "Dossier",
    "Filter",
    "Part",
    "find_applications",
    "in_sight",
    "numbers_of_people",
    "read_application",
    "read_dossiers",
    "read_letters",
]


class Part(Enum):
    """What belongs to an application, by the fields that tell of it; each is a statement."""

    PAPERS = frozenset({"berkas", "persyaratan"})
    CHECKS = frozenset({"pemeriksaan", "persyaratan"})
    SIGNATURES = frozenset({"tandaTangan", "menungguTandaTangan"})
    LETTER = frozenset({"surat"})
    HISTORY = frozenset({"sla", "penugasan", "riwayat"})


@dataclass(slots=True)
class Dossier:
    """One application, with everything that belongs to it."""

    row: Row[Any]
    papers: list[Row[Any]] = field(default_factory=list)
    checks: list[Row[Any]] = field(default_factory=list)  # of the last round
    signatures: list[Row[Any]] = field(default_factory=list)  # under the draft as it stands
    letter: Row[Any] | None = None
    history: list[tuple[Entry, str]] = field(default_factory=list)  # with their seals


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


async def read_application(tx: AsyncConnection, number: str) -> Row[Any] | None:
    """Give an application without what belongs to it; None: there is none."""
    found = select(applications).where(applications.c.nomor == number)
    return (await tx.execute(found)).one_or_none()


async def read_dossiers(
    tx: AsyncConnection, numbers: Sequence[str], parts: frozenset[Part] = frozenset(Part)
) -> dict[str, Dossier]:
    """Give the applications of these numbers; one that does not exist is left out.

    ``parts``: what is read of each beside the application itself; the rest stays empty.
    """
    rows = await tx.execute(select(applications).where(applications.c.nomor.in_(numbers)))
    found = {row.nomor: Dossier(row) for row in rows}
    known = [*found]
    if Part.PAPERS in parts:
        for paper in await tx.execute(_below(papers, known).order_by(papers.c.urut)):
            found[paper.permohonan].papers.append(paper)
    if Part.CHECKS in parts:
        for check in await tx.execute(_below(checks, known)):
            dossier = found[check.permohonan]
            if check.putaran == dossier.row.putaran:
                dossier.checks.append(check)
    if Part.SIGNATURES in parts:
        for each in await tx.execute(_below(signatures, known).order_by(signatures.c.urutan)):
            dossier = found[each.permohonan]
            if each.draf_sidik == dossier.row.draf_sidik:
                dossier.signatures.append(each)
    if Part.LETTER in parts:
        for letter in await tx.execute(_below(letters, known)):
            found[letter.permohonan].letter = letter
    if Part.HISTORY in parts:
        for number, entries in (await entries_of(tx, known)).items():
            found[number].history = entries
    return found


async def find_applications(
    tx: AsyncConnection, sought: Filter, sight: Sight, count: int, after: tuple[str, str] | None
) -> list[tuple[str, str]]:
    """Give (moment of submission, number) of those sought and in sight, the oldest first."""
    moments, numbers = applications.c.diajukan_pada, applications.c.nomor
    query = select(moments, numbers).where(*_conditions(sought), in_sight(sight))
    if after is not None:
        query = query.where(tuple_(moments, numbers) > after)
    rows = await tx.execute(query.order_by(moments, numbers).limit(count))
    return [(row.diajukan_pada, row.nomor) for row in rows]


async def numbers_of_people(
    tx: AsyncConnection, people: Sequence[str], sight: Sight
) -> dict[str, list[str]]:
    """Give the numbers of the applications in sight of these NIKs, the oldest first."""
    found: dict[str, list[str]] = {nik: [] for nik in people}
    rows = await tx.execute(
        select(applications.c.pemohon_nik, applications.c.nomor)
        .where(applications.c.pemohon_nik.in_(people), in_sight(sight))
        .order_by(applications.c.diajukan_pada, applications.c.nomor)
    )
    for row in rows:
        found[row.pemohon_nik].append(row.nomor)
    return found


async def read_letters(
    tx: AsyncConnection, keys: Sequence[tuple[str, str, int]]
) -> dict[tuple[str, str, int], Row[Any]]:
    """Give the letters of these keys (kelurahan, number, year), with whose matter each is."""
    key = tuple_(letters.c.kelurahan, letters.c.nomor, letters.c.tahun)
    joined = letters.join(applications, applications.c.nomor == letters.c.permohonan)
    whose = [applications.c[name] for name in ("rt", "rw", "pemohon_nik", "kuasa_nik", "pengaju")]
    rows = await tx.execute(
        select(letters, *whose)
        .select_from(joined)
        .where(key.in_(keys) & (letters.c.status != LetterStatus.DISIAPKAN))
    )
    return {(row.kelurahan, row.nomor, row.tahun): row for row in rows}


def in_sight(sight: Sight) -> ColumnElement[bool]:
    """Say in SQL which applications an actor may see, as ``Actor.may_see`` decides for one."""
    columns = applications.c
    seen: list[ColumnElement[bool]] = []
    if sight.area is not None:
        own = ((columns.rt, sight.rt), (columns.rw, sight.rw))
        here = [column == value for column, value in own if value is not None]
        seen.append(and_(_inside(sight.area), *here))
    if sight.person is not None:
        seen.append(or_(columns.pemohon_nik == sight.person, columns.kuasa_nik == sight.person))
    if sight.submitted_by is not None:
        seen.append(columns.pengaju == sight.submitted_by)
    return or_(false(), *seen)


def _inside(area: str) -> ColumnElement[bool]:
    code = applications.c.kelurahan
    return (code == area) | code.startswith(f"{area}.", autoescape=True)


def _below(table: Table, numbers: Sequence[str]) -> Select[Any]:
    return select(table).where(table.c.permohonan.in_(numbers))


def _conditions(sought: Filter) -> list[ColumnElement[bool]]:
    columns = applications.c
    conditions: list[ColumnElement[bool]] = []
    if sought.area is not None:
        conditions.append(_inside(sought.area))
    if sought.states is not None:
        conditions.append(columns.status.in_(sought.states))
    for column, value in (
        (columns.layanan, sought.service),
        (columns.petugas_nip, sought.officer),
        (columns.rt, sought.rt),
        (columns.rw, sought.rw),
    ):
        if value is not None:
            conditions.append(column == value)
    if sought.since is not None:
        conditions.append(columns.diajukan_pada >= sought.since)
    if sought.until is not None:
        conditions.append(columns.diajukan_pada < sought.until)
    return conditions
