"""The counter at work: takes one step of one application, whole or not at all.

In: who calls, and what is asked. Out: a ``Taken``: the application's number, or why not. One
transaction holds the idempotency key, the application, what the step writes and its entry in the
history; a refusal undoes all of it, and a repetition with the same key finds what the first led to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert

from adapters.contract import CallContext
from adapters.errors import RecordNotFound
from adapters.loket.actors import Actor, Actors, Matter, matter_of
from adapters.loket.form import Form, find_faults
from adapters.loket.letter_steps import Prepared, prepare_letter, read_prepared
from adapters.loket.life import (
    STEPS,
    Evidence,
    Role,
    State,
    Step,
    Unlawful,
    acting_role,
    legal_steps,
    next_state,
)
from adapters.loket.refusal import Hidden, Refusal, RefusalCode
from adapters.loket.services import Service, ServiceCatalog
from adapters.loket.sla import day_of
from adapters.loket.steps import ACTS
from adapters.loket.store.engine import Store
from adapters.loket.store.history import Entry, add_entry, moment
from adapters.loket.store.tables import applications
from adapters.loket.store.writing import (
    Claim,
    Claimed,
    Series,
    add_paper,
    change_application,
    claim_key,
    draw_number,
    read_locked,
    settle_key,
)
from adapters.loket.work import Change, Work, service_day
from cache.hash_chain import keyed_hash

__all__ = ["Desk", "Order", "Submission", "Taken"]

_NEW = insert(applications)
_UNDECIDED = (Claim.NEW, Claim.STARTED)
_NOT_FOR_CALLER = 'The step "{}" is not for this caller here.'


@dataclass(frozen=True, slots=True)
class Submission:
    """A new application."""

    key: str  # the caller's idempotency key
    service: str
    kelurahan: str
    applicant: str  # NIK
    proxy: str | None
    rt: str | None
    rw: str | None
    form: Form
    papers: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """A step on an application."""

    key: str  # the caller's idempotency key
    number: str
    version: int  # of the application, as the caller read it
    reason: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)  # the step's own arguments
    # What was found out for the step before its transaction, such as what the records told. It is
    # no part of what was asked: a repetition may find something else.
    found: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a step."""

    number: str | None  # of the application; None: there is none
    refusal: Refusal | None = None  # None: it was taken
    seals: tuple[str, ...] | None = None  # of what was written; None: by an earlier request


@dataclass(frozen=True, slots=True)
class _Asked:
    """A step that somebody asks for."""

    actor: Actor
    step: Step
    order: Order
    now: datetime


class Desk:
    """The counter over one store."""

    def __init__(
        self,
        store: Store,
        key: bytes,
        catalog: ServiceCatalog,
        actors: Actors,
        clock: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.key = key
        self.catalog = catalog
        self.actors = actors
        self.clock = clock

    async def submit(self, call: CallContext, asked: Submission) -> Taken:
        """Take a new application; raises ``SourceError``."""
        actor, now = self.actors.find(call), self.clock()
        digest = keyed_hash(self.key, msgspec.json.encode(["AJUKAN", asked]).decode())
        key = (actor.caller, asked.key)

        def enter(tx: Connection) -> Taken:
            claimed = claim_key(tx, key, digest, now)
            if claimed.claim is not Claim.NEW:
                return _answer_again(claimed)
            number, seal = self._enter(tx, actor, asked, now)
            settle_key(tx, key, number)
            return Taken(number, seals=(seal,))

        try:
            return await self.store.write(call, enter)
        except Refusal as refusal:
            return Taken(None, refusal)

    async def take(self, call: CallContext, step: Step, order: Order) -> Taken:
        """Take a step; raises ``SourceError``, ``RecordNotFound`` for an unknown application."""
        asked = _Asked(self.actors.find(call), step, order, self.clock())

        def take(tx: Connection) -> Taken:
            claimed = self._claim(tx, asked, order.number)
            if claimed.claim not in _UNDECIDED:
                return _answer_again(claimed)
            work = self._admit(tx, asked, claimed.claim)
            seal = self._write(work, asked, step, ACTS[step](work))
            if claimed.claim is Claim.STARTED:
                settle_key(tx, (asked.actor.caller, order.key), order.number)
            return Taken(order.number, seals=(seal,))

        try:
            return await self.store.write(call, take)
        except Refusal as refusal:
            return _refused(order, refusal)

    async def begin_signature(self, call: CallContext, order: Order) -> Taken | Prepared:
        """Begin a signature: see to it that the letter has its number, in one transaction.

        The key stays claimed and undecided: the same request goes on with the same letter, after
        whatever happened, until ``take`` ends it. Raises as ``take`` does.
        """
        asked = _Asked(self.actors.find(call), Step.TANDA_TANGANI, order, self.clock())

        def begin(tx: Connection) -> Taken | Prepared:
            claimed = self._claim(tx, asked, None)
            if claimed.claim not in _UNDECIDED:
                return _answer_again(claimed)
            work = self._admit(tx, asked, claimed.claim)
            change = prepare_letter(work)
            if change is not None:
                self._write(work, asked, Step.SIAPKAN_SURAT, change)
            return read_prepared(work)

        try:
            return await self.store.write(call, begin)
        except Refusal as refusal:
            return _refused(order, refusal)

    def legal_for(self, actor: Actor, row: Any) -> tuple[Step, ...]:
        """List what an actor may do with an application."""
        return legal_steps(State(row.status), _roles_at(actor, row))

    def service_of(self, row: Any) -> Service:
        """Give the service of an application, as it held when it was submitted."""
        service = self.catalog.find(row.layanan, row.kelurahan, service_day(row))
        assert service is not None, "only known services are applied for"
        return service

    def _enter(
        self, tx: Connection, actor: Actor, asked: Submission, now: datetime
    ) -> tuple[str, str]:
        """Write a new application; gives its number, and the seal of its entry."""
        service = self.catalog.find(asked.service, asked.kelurahan, day_of(now))
        if service is None:
            raise Refusal(RefusalCode.LAYANAN_TIDAK_ADA, "There is no such service.")
        roles = actor.roles_at(_matter_asked(asked))
        role = acting_role(Step.AJUKAN, None, roles)
        if role is None:
            raise _unlawful(Unlawful(Step.AJUKAN, None, (), is_role=True))
        faults = find_faults(service, asked.form)
        if faults:
            raise Refusal(
                RefusalCode.ISIAN_TIDAK_SAH, "These fields are not filled in.", details=faults
            )
        year = day_of(now).year
        place = draw_number(tx, Series.APPLICATION, asked.kelurahan, asked.service, year)
        number = f"{asked.kelurahan}/{asked.service}/{year}/{place}"
        tx.execute(_NEW, _new_row(asked, service, actor, now, number))
        for paper in asked.papers:
            values = {**paper, "pada": moment(now), "oleh": actor.caller}
            add_paper(tx, number, values)
        evidence = {
            "berkas": [paper["sha256"] for paper in asked.papers],
            **_as_proxy(actor, role, _matter_asked(asked)),
        }
        entry = _entry(actor, role, Step.AJUKAN, now, evidence)
        return number, add_entry(tx, self.key, entry(number, None, State.DIAJUKAN, 1, None))

    def _claim(self, tx: Connection, asked: _Asked, led_to: str | None) -> Claimed:
        order = asked.order
        told = [asked.step, order.number, order.version, order.reason, order.given]
        digest = keyed_hash(self.key, msgspec.json.encode(told, order="deterministic").decode())
        return claim_key(tx, (asked.actor.caller, order.key), digest, asked.now, led_to)

    def _admit(self, tx: Connection, asked: _Asked, claim: Claim) -> Work:
        """Lock the application, and refuse what its state, its version or the role forbids."""
        actor, step, order = asked.actor, asked.step, asked.order
        row = read_locked(tx, order.number)
        if row is None:
            raise RecordNotFound("There is no application of this number.")
        matter = matter_of(row)
        if not actor.may_see(matter):
            raise Hidden(RefusalCode.PERAN_TIDAK_BERHAK, _NOT_FOR_CALLER.format(step))
        state, roles = State(row.status), actor.roles_at(matter)
        target = next_state(step, state, roles)
        if isinstance(target, Unlawful):
            raise _unlawful(target)
        # A key that began already was asked of a version that it has changed itself.
        if row.versi != order.version and claim is Claim.NEW:
            raise Refusal(
                RefusalCode.VERSI_BERUBAH,
                "The application was changed since it was read; read it again.",
                legal=legal_steps(state, roles),
            )
        if Evidence.REASON in STEPS[step].evidence and not (order.reason or "").strip():
            raise Refusal(RefusalCode.ALASAN_WAJIB, "This step needs a reason in words.")
        service = self.service_of(row)
        return Work(tx, row, service, actor, roles, asked.now, order.given, order.found)

    def _write(self, work: Work, asked: _Asked, step: Step, change: Change) -> str:
        """Write what a step leaves behind, and its entry in the history, whose seal it gives."""
        state, tx, order = State(work.row.status), work.tx, asked.order
        target = STEPS[step].target or state
        role = change.role or acting_role(step, state, work.roles)
        assert role is not None, "the step is lawful"
        version = change_application(tx, order.number, status=target, **change.values)
        evidence = {**change.evidence, **_as_proxy(work.actor, role, matter_of(work.row))}
        entry = _entry(work.actor, role, step, work.now, evidence)
        return add_entry(tx, self.key, entry(order.number, state, target, version, order.reason))


def _refused(order: Order, refusal: Refusal) -> Taken:
    return Taken(None if isinstance(refusal, Hidden) else order.number, refusal)


def _answer_again(claimed: Claimed) -> Taken:
    if claimed.claim is Claim.DONE:
        return Taken(claimed.application)
    refusal = Refusal(
        RefusalCode.KUNCI_TERPAKAI, "This key belongs to another request; draw a new one."
    )
    return Taken(None, refusal)


def _roles_at(actor: Actor, row: Any) -> tuple[Role, ...]:
    return actor.roles_at(matter_of(row))


def _matter_asked(asked: Submission) -> Matter:
    return Matter(asked.kelurahan, asked.rt, asked.rw, asked.applicant, asked.proxy, None)


def _as_proxy(actor: Actor, role: Role, matter: Matter) -> dict[str, Any]:
    """Say for the history that the proxy acted, not the applicant."""
    return {"kuasa": True} if role is Role.PEMOHON and actor.is_proxy(matter) else {}


def _unlawful(found: Unlawful) -> Refusal:
    if found.is_role:
        return Refusal(
            RefusalCode.PERAN_TIDAK_BERHAK,
            _NOT_FOR_CALLER.format(found.step),
            legal=found.legal,
        )
    return Refusal(
        RefusalCode.LANGKAH_TIDAK_SAH,
        f'The step "{found.step}" cannot be taken in the state "{found.state}".',
        legal=found.legal,
    )


def _entry(
    actor: Actor, role: Role, step: Step, now: datetime, evidence: Mapping[str, Any]
) -> Callable[[str, State | None, State, int, str | None], Entry]:
    """Begin an entry of the history with who, what and when."""
    officer = actor.officer.nip if actor.officer else None

    def finish(
        number: str, before: State | None, after: State, version: int, reason: str | None
    ) -> Entry:
        return Entry(
            number,
            step,
            before,
            after,
            version,
            actor.caller,
            role,
            officer,
            moment(now),
            reason,
            evidence,
        )

    return finish


def _new_row(
    asked: Submission, service: Service, actor: Actor, now: datetime, number: str
) -> dict[str, Any]:
    *_, year, place = number.split("/")
    return {
        "nomor": number,
        "kelurahan": asked.kelurahan,
        "layanan": asked.service,
        "tahun": int(year),
        "urut": int(place),
        "status": State.DIAJUKAN,
        "versi": 1,
        "pemohon_nik": asked.applicant,
        "kuasa_nik": asked.proxy,
        "rt": asked.rt,
        "rw": asked.rw,
        "pengaju": actor.caller,
        "isian": msgspec.json.encode(asked.form).decode(),
        "janji_hari": service.days,
        "diajukan_pada": moment(now),
        "putaran": 0,
    }
