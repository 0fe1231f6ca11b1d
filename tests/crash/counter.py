"""The counter as it serves: pipeline, evidence log and store, without a network before it.

In: a place (a database's URL and a folder of state). Out: an open ``Served``, which answers one
mutation after the other as the gateway would. What is costly and knows no place is made once, in
the process that all others are forked from.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from adapters.kit.adapter import Opening
from adapters.kit.runtime import LocalExecutor
from adapters.kit.scalar_rules import WIB
from adapters.loket.adapter import adapter
from adapters.loket.services import load_catalog
from cache.key_file import load_key
from gateway.audit.log import AuditLog
from gateway.config.model import Config
from gateway.pipeline import Pipeline
from gateway.request import GraphQLRequest
from gateway.snapshot import SchemaSnapshot, SnapshotHolder
from gateway.telemetry import Telemetry
from tests.crash.points import Doomed, DoomedGraph, DoomedLog
from tests.crash.register import doom_sender, register_settings
from tests.testkit.composing import supergraph_of
from tests.testkit.counter_desk import OFFICERS, Records

__all__ = ["Place", "Served", "open_served", "warm"]

_PURPOSE = "PELAYANAN_PUBLIK"
_ROLES = {name: role for name, (role, _) in OFFICERS.items()} | {"warga": "PEMOHON"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is kept."""

    url: str  # of the database
    state: Path
    records: Records  # the graph beside the counter, and the authority; they do not die

    @property
    def audit(self) -> Path:
        """The folder of the evidence."""
        return self.state / "audit"

    @property
    def register(self) -> Path:
        """The file of the register that letters are written back into."""
        return self.state / "register.sqlite"


class Served:
    """An open counter."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def ask(
        self, caller: str, query: str, variables: Mapping[str, Any], case: str
    ) -> dict[str, Any]:
        """Send one mutation; gives its result, and fails on any error."""
        headers = {
            "authorization": f"Bearer {_key_of(caller)}",
            "simpul-purpose": _PURPOSE,
            "simpul-case": case,
        }
        request = GraphQLRequest(query, variables=variables, headers=headers)
        answer = await self._pipeline.answer(request)
        assert not answer.errors, answer.errors
        decoded: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer.data))["result"]
        return decoded


class _Late:
    """The counter that a process has opened, for an executor that was made before."""

    counter: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.counter, name)


@asynccontextmanager
async def open_served(place: Place, doomed: Doomed) -> AsyncIterator[Served]:
    """Open the counter as a worker of the gateway does, in a process that may die."""
    log = AuditLog(place.audit, load_key(place.audit / "key"))
    audit, graph = DoomedLog(log, doomed), DoomedGraph(place.records, doomed)
    minutes, start = count(), datetime(2026, 7, 1, 9, 0, tzinfo=WIB)

    def clock() -> datetime:
        return start + timedelta(seconds=next(minutes))

    opening = Opening("loket", state=place.state, graph=graph, clock=clock)
    settings = {
        "store": place.url,
        "officers": _officers(),
        "signature_roots": place.records.authority.roots,
        "registers": [register_settings(place.register)],
    }
    snapshot, late = _snapshot()
    counter = late.counter = await adapter.open_sources(adapter.check_settings(settings), opening)
    doom_sender(counter.sender, doomed)
    try:
        yield Served(Pipeline(SnapshotHolder(snapshot), Telemetry(), clock, audit))
    finally:
        await counter.aclose()
        log.close()


def warm(asked: Iterable[tuple[str, str]]) -> None:
    """Make what every process needs, before the first is forked: (caller, query) prepared."""
    load_catalog()
    import_module("adapters.loket.letters.signature")  # loaded at the first signature otherwise
    snapshot, _ = _snapshot()
    for caller, query in asked:
        known = snapshot.read_operation(query, None)
        as_caller = snapshot.identification.callers()[caller]
        snapshot.prepare(snapshot.authorize(known, as_caller, _PURPOSE))


@cache
def _snapshot() -> tuple[SchemaSnapshot, _Late]:
    """Make the snapshot; each process puts its own counter under it."""
    late = _Late()
    executors = {"loket": LocalExecutor(adapter.definition, late)}
    supergraph = supergraph_of(loket=adapter.sdl)
    return SchemaSnapshot(_config(), supergraph, executors, _close_nothing), late


async def _close_nothing() -> None:
    """Whoever opened the counter closes it."""


def _config() -> Config:
    callers = {
        name: {
            "agency": "pelayanan",
            "key_sha256": hashlib.sha256(_key_of(name).encode()).hexdigest(),
            "roles": [role],
            "purposes": [_PURPOSE],
        }
        for name, role in _ROLES.items()
    }
    grant = {"agency": "pelayanan", "purposes": [_PURPOSE], "classes": ["UMUM", "SPESIFIK"]}
    return Config.model_validate(
        {"supergraph": {"file": "unread"}, "callers": callers, "grants": [grant]}
    )


def _officers() -> list[dict[str, Any]]:
    return [
        {
            "caller": name, "nip": f"{place:018d}", "nama": name, "jabatan": role,
            "roles": [role], "wilayah": area, "nik": f"31719901017090{place:02d}",
        }
        for place, (name, (role, area)) in enumerate(OFFICERS.items())
    ]  # fmt: skip


def _key_of(caller: str) -> str:
    return f"kunci-{caller}-untuk-uji-mati-mendadak"
