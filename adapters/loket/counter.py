"""What the counter opens at start, and the batch functions behind the graph's reads.

In: settings and what the gateway lends. Out: a ``Counter``, which answers for applications,
services, officers and letters by key. Reads see one state of the store; nothing is held after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from adapters.contract import CallContext, GraphClient
from adapters.kit.adapter import AdapterSettingsError, Opening
from adapters.loket.actors import Actors
from adapters.loket.checks.inquiry import Facts, Inquiry
from adapters.loket.checks.run import make_checks
from adapters.loket.desk import Desk, Order, Taken
from adapters.loket.life import Step
from adapters.loket.mapping import application_record, clock_record, letter_record
from adapters.loket.services import ServiceCatalog, load_catalog
from adapters.loket.settings import LoketSettings
from adapters.loket.sla import day_of
from adapters.loket.store.engine import Store, open_store
from adapters.loket.store.history import verify_history
from adapters.loket.store.reading import Dossier, read_dossiers
from adapters.loket.store.writing import purge_keys
from adapters.loket.working_days import WorkingDays, load_working_days
from adapters.yaml_document import DocumentError
from cache.hash_chain import Verdict
from cache.key_file import KeyUnreadable, load_key

__all__ = ["Counter", "open_counter", "verify_counter"]

_CALENDAR_2026 = Path(__file__).parent / "data" / "hari_libur_2026.csv"


@dataclass(frozen=True, slots=True)
class Counter:
    """The open counter."""

    desk: Desk
    calendar: WorkingDays
    graph: GraphClient | None  # None: served alone, no record can be asked

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

    async def records(self, numbers: Sequence[str], call: CallContext) -> dict[str, Any]:
        """Give the records of these applications; raises ``SourceError``."""
        async with self.store.reading() as tx:
            found = await read_dossiers(tx, numbers)
        actor, today = self.actors.find(call), self.today
        records = {}
        for number, dossier in found.items():
            service = self.desk.service_of(dossier.row)
            legal = self.desk.legal_for(actor, dossier.row)
            record = application_record(dossier, service, legal)
            record["sla"] = clock_record(dossier, self.calendar, today)
            if dossier.letter is not None:
                record["surat"] = self.letter(dossier.letter)
            records[number] = record
        return records

    def letter(self, row: Any) -> dict[str, Any]:
        """Tell a letter, with its signer's name."""
        officer = self.actors.by_nip.get(row.penandatangan)
        return letter_record(row) | {"penandatangan": officer.nama if officer else None}

    async def check(self, call: CallContext, order: Order) -> Taken:
        """Make all checks of an application, then write them; raises ``SourceError``.

        The records are asked between two transactions and inside none.
        """
        async with self.store.reading() as tx:
            dossier = (await read_dossiers(tx, [order.number])).get(order.number)
        found: list[dict[str, Any]] = []
        if dossier is not None and self._is_due(call, dossier, order):
            service = self.desk.service_of(dossier.row)
            inquiry = Inquiry(self.graph, call, _facts(dossier, self.today, self.calendar))
            found = await make_checks(inquiry, service, self.desk.key)
        given: Mapping[str, Any] = {"hasil": found}
        asked = Order(order.key, order.number, order.version, order.reason, given)
        return await self.desk.take(call, Step.PERIKSA, asked)

    def _is_due(self, call: CallContext, dossier: Dossier, order: Order) -> bool:
        """Tell whether the step can be taken at all: nobody is asked for nothing."""
        legal = self.desk.legal_for(self.actors.find(call), dossier.row)
        return bool(Step.PERIKSA in legal and dossier.row.versi == order.version)

    async def aclose(self) -> None:
        """Close the store; idempotent."""
        await self.store.aclose()


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
        store = await open_store(settings.store or _own_store(opening.state))
    except (DocumentError, KeyUnreadable, ValueError) as error:
        raise AdapterSettingsError(opening.name, ((("settings",), str(error)),)) from None
    clock: Callable[[], datetime] = opening.clock
    async with store.writing() as tx:
        await purge_keys(tx, clock())
    return Counter(
        Desk(store, key, catalog, Actors(settings.officers), clock), calendar, opening.graph
    )


async def verify_counter(counter: Counter) -> Verdict:
    """Verify the whole history; raises ``SourceError``."""
    async with counter.store.reading() as tx:
        return await verify_history(tx, counter.desk.key)


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
