"""One step under way: what it may look at inside its transaction, and what it leaves behind.

In: an open transaction with the application locked. Out: ``Work``, which the steps read, and
``Change``, which they give back. Nothing here decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, select

from adapters.loket.actors import Actor
from adapters.loket.form import Form, Requirement, requirements_of
from adapters.loket.life import Role
from adapters.loket.services import Service
from adapters.loket.sla import day_of
from adapters.loket.store.history import moment, read_moment
from adapters.loket.store.tables import checks, papers, signatures

__all__ = ["Change", "Work", "is_passed", "service_day"]


_CHECKS = (
    select(checks)
    .where(checks.c.permohonan == bindparam("number"), checks.c.putaran == bindparam("turn"))
    .order_by(checks.c.kode)
)
_PAPERS = (
    select(papers.c.jenis, papers.c.urut)
    .where(papers.c.permohonan == bindparam("number"))
    .order_by(papers.c.urut)
)
_SIGNATURES = (
    select(signatures)
    .where(
        signatures.c.permohonan == bindparam("number"),
        signatures.c.draf_sidik == bindparam("draft"),
    )
    .order_by(signatures.c.urutan)
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a step writes: columns of the application, and what the history keeps as evidence."""

    values: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)  # counts, codes, hashes; no values
    role: Role | None = None  # as whom, where the step chose among several


@dataclass(frozen=True, slots=True)
class Work:
    """One step on one application, inside its transaction."""

    tx: Connection
    row: Row[Any]  # of the table ``permohonan``, locked
    service: Service  # as it held on the day of submission
    actor: Actor
    roles: tuple[Role, ...]  # of the actor, that hold for this application
    now: datetime
    given: Mapping[str, Any]  # the step's own arguments
    found: Mapping[str, Any] = field(default_factory=dict)  # before it, outside any transaction

    @property
    def at(self) -> str:
        """The moment of the step, as the store keeps it."""
        return moment(self.now)

    @property
    def today(self) -> date:
        """The day of the step, in Jakarta."""
        return day_of(self.now)

    @property
    def form(self) -> Form:
        """The form as it stands."""
        return msgspec.json.decode(self.row.isian, type=dict[str, list[str]])

    @property
    def officer_nip(self) -> str | None:
        """The NIP of who acts, if it is an officer."""
        return self.actor.officer.nip if self.actor.officer else None

    def checks(self) -> list[Row[Any]]:
        """Give the checks of the last round."""
        return [*self.tx.execute(_CHECKS, {"number": self.row.nomor, "turn": self.row.putaran})]

    def requirements(self, form: Form | None = None) -> tuple[Requirement, ...]:
        """List the requirements with what fulfills them."""
        rows = self.tx.execute(_PAPERS, {"number": self.row.nomor})
        return requirements_of(
            self.service,
            self.form if form is None else form,
            {row.jenis: row.urut for row in rows},
            {check.kode for check in self.checks() if check.hasil == "LULUS"},
            has_proxy=self.row.kuasa_nik is not None,
        )

    def signatures(self) -> list[Row[Any]]:
        """Give the signatures under the draft as it stands, in order."""
        own = {"number": self.row.nomor, "draft": self.row.draf_sidik}
        return [*self.tx.execute(_SIGNATURES, own)]


def is_passed(check: Any) -> bool:
    """Tell whether a check is passed: by the records, or by an officer where only paper can."""
    return bool(
        check.hasil == "LULUS"
        or (check.hasil == "PERLU_PETUGAS" and check.dikonfirmasi_oleh is not None)
    )


def service_day(row: Any) -> date:
    """Give the day whose standard holds for an application: that of its submission."""
    return day_of(read_moment(row.diajukan_pada))
