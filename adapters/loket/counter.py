"""What the counter opens at start, and the batch functions behind the graph's reads.

In: settings and what the gateway lends. Out: a ``Counter``, which answers for applications,
services, officers and letters by key. Reads see one state of the store; nothing is held after.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from hmac import compare_digest
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection

from adapters.contract import CallContext, GraphClient
from adapters.errors import AccessDenied
from adapters.kit.adapter import AdapterSettingsError, Opening
from adapters.kit.definition import Wanted
from adapters.kit.outcome import NOT_GRANTED, Denied
from adapters.loket.actors import Actors, Matter, matter_of
from adapters.loket.checks.inquiry import Facts, Inquiry
from adapters.loket.checks.run import make_checks
from adapters.loket.desk import Desk, Order, Taken
from adapters.loket.letters.code import read_code
from adapters.loket.life import Role, Step
from adapters.loket.mapping import (
    application_record,
    clock_record,
    letter_record,
    verification_record,
    without_file,
)
from adapters.loket.outbox.export import render_lines
from adapters.loket.outbox.line import line_of
from adapters.loket.outbox.register import Register, open_register
from adapters.loket.outbox.sender import GUARDED_SECONDS, Sender
from adapters.loket.services import ServiceCatalog, load_catalog
from adapters.loket.settings import LoketSettings
from adapters.loket.signing import LetterOffice
from adapters.loket.sla import day_of
from adapters.loket.store.engine import CARE, Guards, Store, open_store, own_call
from adapters.loket.store.history import verify_part
from adapters.loket.store.letters import (
    KNOWN,
    find_by_code,
    read_document,
    read_document_hashes,
)
from adapters.loket.store.outgoing import count_waiting, lines_between
from adapters.loket.store.reading import Dossier, Part, read_dossiers, read_letters
from adapters.loket.store.writing import purge_keys
from adapters.loket.working_days import WorkingDays, load_working_days
from adapters.resilience.guard import SourceGuard
from adapters.sources.sql import rebase_url
from adapters.yaml_document import DocumentError
from cache.hash_chain import START, Verdict
from cache.key_file import KeyUnreadable, load_key

__all__ = ["AT_ONCE", "Counter", "open_counter", "verify_counter"]

AT_ONCE = 50
"""Of so many applications the store is told from the event loop: a screen of an officer's, some
milliseconds. More are read beside it."""

_READERS = frozenset({Role.PEMOHON, Role.PETUGAS, Role.LURAH, Role.CAMAT, Role.PTSP})
"""Who may read all of an application, and its letter's file: its applicant, and who serves it."""

_CLERKS = _READERS - {Role.PEMOHON}
_MOST_LINES = 1_000

_NO_CODE = "0" * 26  # what is looked for in place of what can be no code; nobody draws it
_NO_SEAL = "-" * 64

_CALENDAR_2026 = Path(__file__).parent / "data" / "hari_libur_2026.csv"


@dataclass(frozen=True, slots=True)
class Counter:
    """The open counter."""

    name: str  # of the subgraph
    desk: Desk
    calendar: WorkingDays
    graph: GraphClient | None  # None: served alone, no record can be asked
    office: LetterOffice
    sender: Sender

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self.desk.store

    @property
    def catalog(self) -> ServiceCatalog:
        """The services."""
        return self.desk.catalog

    @property
    def actors(self) -> Actors:
        """The officers."""
        return self.desk.actors

    @property
    def today(self) -> date:
        """The day in Jakarta."""
        return day_of(self.desk.clock())

    async def records(
        self, numbers: Sequence[str], call: CallContext, wanted: Wanted | None = None
    ) -> dict[str, Any]:
        """Give the records of these applications, or that the caller may not see one.

        ``wanted``: fields without which nothing is read that only other fields tell; None: all.
        Raises ``SourceError``.
        """
        parts = _parts_of(wanted)
        unread = frozenset[str]().union(*(part.value for part in Part if part not in parts))
        run = self.store.look if len(numbers) <= AT_ONCE else self.store.read
        found = await run(call, lambda tx: read_dossiers(tx, numbers, parts))
        actor, today = self.actors.find(call), self.today
        records: dict[str, Any] = {}
        for number, dossier in found.items():
            matter = matter_of(dossier.row)
            if not actor.may_see(matter):
                records[number] = Denied()
                continue
            service = self.desk.service_of(dossier.row)
            legal = self.desk.legal_for(actor, dossier.row)
            record = application_record(dossier, service, legal)
            record["sla"] = clock_record(dossier, self.calendar, today)
            if dossier.letter is not None and dossier.letter.status in KNOWN:
                record["surat"] = self.letter(dossier.letter)
            is_reader = not _READERS.isdisjoint(actor.roles_at(matter))
            shown = record if is_reader else without_file(record)
            records[number] = {name: shown[name] for name in shown if name not in unread}
        return records

    def letter(self, row: Any) -> dict[str, Any]:
        """Tell a letter, with its signer's name."""
        return letter_record(row) | {"penandatangan": self._signer_of(row)}

    async def letters(
        self, keys: Sequence[tuple[str, str, int]], wanted: Wanted, call: CallContext
    ) -> dict[Any, Any]:
        """Give letters by key, with their files for who may have them; raises ``SourceError``."""
        actor = self.actors.find(call)

        def read(tx: Connection) -> dict[Any, Any]:
            found = read_letters(tx, keys)
            records = {key: self.letter(row) for key, row in found.items()}
            # The file of an application is that of its letter, not of a number it gave up.
            filed = {key: row.permohonan for key, row in found.items() if row.status in KNOWN}
            if "sidikJari" in wanted:
                seals = read_document_hashes(tx, filed.values())
                for key in found:
                    records[key]["sidikJari"] = seals.get(filed.get(key, ""))
            if "dokumen" in wanted:
                for key, row in found.items():
                    is_theirs = not _READERS.isdisjoint(actor.roles_at(matter_of(row)))
                    kept = read_document(tx, row.permohonan) if is_theirs and key in filed else None
                    file = b64encode(kept.isi).decode() if kept else None
                    records[key]["dokumen"] = file if is_theirs else NOT_GRANTED
            return records

        run = self.store.read if "dokumen" in wanted or len(keys) > AT_ONCE else self.store.look
        return await run(call, read)

    async def verify_letter(self, call: CallContext, code: str, seal: str | None) -> dict[str, Any]:
        """Tell the public of a letter; a code that is none costs and looks as one that is unknown.

        Raises ``SourceError``.
        """
        sought = read_code(code) or _NO_CODE
        row = await self.store.look(call, lambda tx: find_by_code(tx, sought))
        kept = (row.sha256 if row is not None else None) or _NO_SEAL
        is_same = compare_digest(kept.encode(), (seal or "").strip().lower().encode())
        signer = None if row is None else self._signer_of(row)
        return verification_record(row, signer, None if seal is None else is_same)

    async def export(
        self, call: CallContext, kelurahan: str, since: date | None, until: date | None
    ) -> dict[str, Any]:
        """Give a kelurahan's lines as CSV to an officer there.

        Raises ``AccessDenied`` for others, ``SourceError``.
        """
        roles = self.actors.find(call).roles_at(Matter(kelurahan, None, None, "", None, ""))
        if _CLERKS.isdisjoint(roles):
            raise AccessDenied("The lines of a register are for the officers of its kelurahan.")
        days = [None if day is None else day.isoformat() for day in (since, until)]
        is_written = kelurahan in self.sender.registers
        rows, waiting = await self.store.read(
            call,
            lambda tx: (
                lines_between(tx, kelurahan, days[0], days[1], _MOST_LINES + 1),
                count_waiting(tx, kelurahan) if is_written else None,
            ),
        )
        shown = rows[:_MOST_LINES]
        return {
            "jumlah": len(shown),
            "lengkap": len(rows) == len(shown),
            "menunggu": waiting,
            "csv": render_lines(map(line_of, shown)),
        }

    def _signer_of(self, row: Any) -> str | None:
        """Name who signed, as it was then; a letter of old by who has the number now."""
        officer = self.actors.by_nip.get(row.penandatangan)
        name: str | None = row.nama_penandatangan or (officer.nama if officer else None)
        return name

    async def check(self, call: CallContext, order: Order) -> Taken:
        """Make all checks of an application, then write them; raises ``SourceError``.

        The records are asked between two transactions and inside none.
        """
        read = await self.store.look(call, lambda tx: read_dossiers(tx, [order.number]))
        dossier = read.get(order.number)
        found: list[dict[str, Any]] = []
        if dossier is not None and self._is_due(call, dossier, order):
            service = self.desk.service_of(dossier.row)
            inquiry = Inquiry(self.graph, call, _facts(dossier, self.today, self.calendar))
            found = await make_checks(inquiry, service, self.desk.key)
        return await self.desk.take(call, Step.PERIKSA, replace(order, found={"hasil": found}))

    def _is_due(self, call: CallContext, dossier: Dossier, order: Order) -> bool:
        """Tell whether the step can be taken at all: nobody is asked for nothing."""
        legal = self.desk.legal_for(self.actors.find(call), dossier.row)
        return bool(Step.PERIKSA in legal and dossier.row.versi == order.version)

    async def aclose(self) -> None:
        """End sending and close the store; idempotent."""
        await self.sender.aclose()
        await self.store.aclose()


def _parts_of(wanted: Wanted | None) -> frozenset[Part]:
    if wanted is None:
        return frozenset(Part)
    names = {name.partition(".")[0] for name in wanted}
    return frozenset(part for part in Part if not part.value.isdisjoint(names))


def _facts(dossier: Dossier, today: date, calendar: WorkingDays) -> Facts:
    row = dossier.row
    vouched = any(entry.step == Step.CATAT_PENGANTAR for entry, _ in dossier.history)
    return Facts(
        row.kelurahan,
        row.pemohon_nik,
        msgspec.json.decode(row.isian, type=dict[str, list[str]]),
        frozenset({"PENGANTAR"} if vouched else ()),
        today,
        calendar,
    )


async def open_counter(settings: LoketSettings, opening: Opening) -> Counter:
    """Open store, key, services and calendars; raises ``AdapterSettingsError``, ``SourceError``."""
    try:
        catalog = load_catalog(opening.base / settings.standards if settings.standards else None)
        calendar = load_working_days(_calendars(settings, opening.base))
        key = load_key(_key_file(settings, opening))
        store = await open_store(
            settings.store or _own_store(opening.state), _store_guards(settings, opening)
        )
    except (DocumentError, KeyUnreadable, ValueError) as error:
        raise AdapterSettingsError(opening.name, ((("settings",), str(error)),)) from None
    clock: Callable[[], datetime] = opening.clock
    now = clock()
    await store.write(own_call(), lambda tx: purge_keys(tx, now))
    desk = Desk(store, key, catalog, Actors(settings.officers), clock)
    roots = opening.base / settings.signature_roots if settings.signature_roots else None
    office = LetterOffice(desk, calendar, opening.graph, roots, settings.verification_url)
    sender = _open_sender(settings, opening, store)
    if opening.graph is not None:  # else it is opened to be looked at, or to be served alone
        sender.start()
    return Counter(opening.name, desk, calendar, opening.graph, office, sender)


def _open_sender(settings: LoketSettings, opening: Opening, store: Store) -> Sender:
    """Open the registers, whether they answer or not; raises ``AdapterSettingsError``."""
    opened: dict[str, tuple[Register, SourceGuard]] = {}
    for place, each in enumerate(settings.registers):
        url = rebase_url(each.url.get_secret_value(), opening.base)
        try:
            register = open_register(each, url)
        except ValueError as error:
            finding = (("registers", place), str(error))
            raise AdapterSettingsError(opening.name, (finding,)) from None
        name = f"{opening.name}/{each.kelurahan}"
        guard = opening.new_guard(name, each.guard, timeout_seconds=GUARDED_SECONDS)
        opened[each.kelurahan] = (register, guard)
    return Sender(store, opened)


def _store_guards(settings: LoketSettings, opening: Opening) -> Guards:
    """Make the store's guards; their caps count this process's connections, and no other's."""
    care = opening.guard_settings(settings.guard, **CARE)
    guards = Guards(
        SourceGuard(f"{opening.name}/store", care, ledger=opening.ledger),
        SourceGuard(f"{opening.name}/store-writes", care, ledger=opening.ledger),
    )
    opening.observed.update({guard.name: guard.status for guard in guards})
    return guards


async def verify_counter(counter: Counter) -> Verdict:
    """Verify the whole history; raises ``SourceError``."""
    verdict, is_end = Verdict(START), False
    while verdict.is_whole and not is_end:
        part = partial(verify_part, key=counter.desk.key, head=verdict.head)
        verdict, is_end = await counter.store.read(own_call(), part)
    return verdict


def _calendars(settings: LoketSettings, base: Path) -> list[Path]:
    if settings.holidays is None:
        return [_CALENDAR_2026]
    files = sorted((base / settings.holidays).glob("*.csv"))
    if not files:
        raise ValueError(f'the folder "{settings.holidays}" holds no calendar')
    return files


def _key_file(settings: LoketSettings, opening: Opening) -> Path:
    if settings.key_file is None:
        return opening.state / "loket.key"
    return opening.base / settings.key_file


def _own_store(state: Path) -> str:
    return f"sqlite+aiosqlite:///{state / 'loket.sqlite'}"
