"""What must hold after all deaths: nothing lost, nothing doubled, nothing half made.

In: where everything is kept, and the clients with all that they were told, every life at its end.
Out: what does not hold, in words; empty if all does.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Table, select

from adapters.loket.store.engine import open_store, own_call
from adapters.loket.store.history import Entry, entries_of, verify_history
from adapters.loket.store.tables import (
    applications,
    checks,
    counters,
    documents,
    keys,
    letters,
    outbox,
    papers,
    signatures,
)
from cache.hash_chain import START, Verdict, keyed_hash
from cache.key_file import load_key
from gateway.audit.log import parse_line
from gateway.audit.record import AuditRecord
from gateway.audit.verify import verify_folder
from tests.crash.counter import Place
from tests.crash.lives import LIVES, Client, Move
from tests.crash.register import read_lines

__all__ = ["Kept", "find_faults", "read_kept"]

_LETTERS = {"TERBIT": "TERBIT", "DIAMBIL": "TERBIT", "DICABUT": "DICABUT", "DITOLAK": "BATAL"}
"""State of an application at its end -> how its letter stands then."""

_REMARKS = {"TERBIT": "Loket", "DICABUT": "Loket, dicabut"}


@dataclass(slots=True)
class Kept:
    """All that the store holds, and the evidence beside it."""

    applications: list[Row[Any]] = field(default_factory=list)
    below: dict[str, dict[str, list[Row[Any]]]] = field(default_factory=dict)
    """Table -> application -> rows."""
    counters: list[Row[Any]] = field(default_factory=list)
    keys: list[Row[Any]] = field(default_factory=list)
    lines: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    """Number and year of a letter, and the remark -> lines of the register."""
    history: dict[str, list[tuple[Entry, str]]] = field(default_factory=dict)
    verdict: Verdict = field(default_factory=lambda: Verdict(START))  # of the history
    records: list[AuditRecord] = field(default_factory=list)
    audit_key: bytes = b""
    broken_chains: list[str] = field(default_factory=list)


def read_kept(place: Place) -> Kept:
    """Read everything."""
    kept = asyncio.run(_read_store(place))
    kept.lines = read_lines(place.register)
    kept.audit_key = load_key(place.audit / "key")
    reports = verify_folder(place.audit, kept.audit_key)
    kept.broken_chains = [f"{each.name}: {each.problem}" for each in reports if not each.is_whole]
    for log in sorted(place.audit.glob("worker-*.log")):
        with log.open("rb") as lines:
            bodies = [parse_line(line)[2] for line in lines]
        kept.records += [msgspec.json.decode(body, type=AuditRecord) for body in bodies]
    return kept


def find_faults(kept: Kept, clients: Sequence[Client]) -> list[str]:
    """Give all that does not hold."""
    return [
        *kept.broken_chains,
        *_faults_of_chain(kept),
        *_faults_of_applications(kept, clients),
        *_faults_of_numbers(kept),
        *_faults_of_register(kept),
        *_faults_of_keys(kept, clients),
        *_faults_of_evidence(kept, clients),
    ]


async def _read_store(place: Place) -> Kept:
    store = await open_store(place.url)
    try:
        key = load_key(place.state / "loket.key")
        return await store.read(own_call(), lambda tx: _read_all(tx, key))
    finally:
        await store.aclose()


def _read_all(tx: Connection, key: bytes) -> Kept:
    kept = Kept()
    kept.applications = [*tx.execute(select(applications))]
    kept.counters = [*tx.execute(select(counters))]
    kept.keys = [*tx.execute(select(keys))]
    for table in (papers, checks, signatures, letters, documents, outbox):
        kept.below[table.name] = _read_below(tx, table)
    numbers = [row.nomor for row in kept.applications]
    for start in range(0, len(numbers), 500):
        kept.history |= entries_of(tx, numbers[start : start + 500])
    kept.verdict = verify_history(tx, key)
    return kept


def _read_below(tx: Connection, table: Table) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in tx.execute(select(table)):
        found[row.permohonan].append(row)
    return found


def _faults_of_chain(kept: Kept) -> Iterator[str]:
    verdict = kept.verdict
    if not verdict.is_whole:
        yield f"history: {verdict.reason}"
    entries = sum(len(each) for each in kept.history.values())
    if verdict.head.number != entries:
        yield f"history: {verdict.head.number} links, {entries} entries of known applications"


def _faults_of_applications(kept: Kept, clients: Sequence[Client]) -> Iterator[str]:
    rows = {row.nomor: row for row in kept.applications}
    owners = Counter(client.number for client in clients)
    yield from (f"{number}: of {n} clients" for number, n in owners.items() if n > 1)
    yield from (f"{number}: nobody's" for number in rows.keys() - owners.keys())
    for client in clients:
        if client.number not in rows:
            yield f"{client.number}: told to {client.name}, and lost"
        else:
            yield from _faults_of_one(kept, rows[client.number], client)


def _faults_of_one(kept: Kept, row: Row[Any], client: Client) -> Iterator[str]:
    number, moves = row.nomor, LIVES[client.life]
    entries = [entry for entry, _ in kept.history[number]]
    steps = [entry.step for entry in entries]
    if steps != _steps_of(moves):
        yield f"{number}: {client.life}, and its history tells {steps}"
    if [entry.version for entry in entries] != [*range(1, row.versi + 1)]:
        yield f"{number}: version {row.versi}, and {len(entries)} entries"
    if entries and entries[-1].after != row.status:
        yield f"{number}: {row.status}, and its history ends with {entries[-1].after}"
    for told in client.told:
        if told.refusal or told.number != number or told.version > row.versi:
            yield f"{number}: {told} was told"
    taken = Counter(move.step for move in moves)
    expected = {
        papers.name: 1 + taken["TAMBAH_BERKAS"] + taken["CATAT_PENGANTAR"],
        signatures.name: taken["TANDA_TANGANI"],
        letters.name: min(1, taken["TANDA_TANGANI"]),
        documents.name: taken["TERBITKAN"],
        outbox.name: taken["TERBITKAN"],
    }
    for table, wanted in expected.items():
        found = len(kept.below[table].get(number, ()))
        if found != wanted:
            yield f"{number}: {found} rows of {table}, not {wanted}"
    yield from _faults_of_checks(kept, number, taken["PERIKSA"])
    yield from _faults_of_letter(kept, row)


def _steps_of(moves: Sequence[Move]) -> list[str]:
    """Give the steps that these moves lead to: the first signature of a draft has two."""
    steps: list[str] = []
    for move in moves:
        if steps[-1:] == ["SUSUN_DRAF"]:
            steps.append("SIAPKAN_SURAT")
        steps.append(move.step)
    return steps


def _faults_of_letter(kept: Kept, row: Row[Any]) -> Iterator[str]:
    """A letter stands as its application does, and its file is the one that was signed last."""
    for letter in kept.below[letters.name].get(row.nomor, ()):
        if letter.status != _LETTERS.get(row.status):
            yield f"{row.nomor}: {row.status}, and its letter is {letter.status}"
    for file in kept.below[documents.name].get(row.nomor, ()):
        signed = [
            each.sha256
            for each in kept.below[signatures.name].get(row.nomor, ())
            if each.draf_sidik == row.draf_sidik
        ]
        if file.sha256 not in signed or hashlib.sha256(file.isi).hexdigest() != file.sha256:
            yield f"{row.nomor}: its file is not the one that was signed"


def _faults_of_checks(kept: Kept, number: str, rounds: int) -> Iterator[str]:
    """Every round has all checks of the service, or there was none."""
    made: dict[int, set[str]] = defaultdict(set)
    for row in kept.below[checks.name].get(number, ()):
        made[row.putaran].add(row.kode)
    if len(made) != rounds or len({frozenset(codes) for codes in made.values()}) > 1:
        yield f"{number}: {len(made)} rounds of checks, not {rounds}, or one is half made"


def _faults_of_numbers(kept: Kept) -> Iterator[str]:
    """Numbers of applications and letters count up from 1 without gap, and the counters agree."""
    drawn: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in kept.applications:
        drawn["PERMOHONAN", row.kelurahan, row.layanan, row.tahun].append(row.urut)
    for rows in kept.below.get(letters.name, {}).values():
        for row in rows:
            drawn["SURAT", row.kelurahan, row.jenis, row.tahun].append(row.urut)
    for series, places in drawn.items():
        if sorted(places) != [*range(1, len(places) + 1)]:
            yield f"{series}: a gap or a double in {sorted(places)}"
    last = {(row.seri, row.kelurahan, row.jenis, row.tahun): row.terakhir for row in kept.counters}
    if last != {series: len(places) for series, places in drawn.items()}:
        yield f"counters: {last}"


def _faults_of_register(kept: Kept) -> Iterator[str]:
    """Every letter that was issued has one line, as the letter stands, and no other has any."""
    wanted = {
        (letter.nomor, letter.tahun, _REMARKS.get(letter.status, ""))
        for application in kept.below.get(outbox.name, {})
        for letter in kept.below[letters.name][application]
    }
    yield from (f"register: {n} lines of {key}" for key, n in kept.lines.items() if n > 1)
    yield from (f"register: no line of {key}" for key in wanted - kept.lines.keys())
    yield from (f"register: a line of {key}, not issued" for key in kept.lines.keys() - wanted)


def _faults_of_keys(kept: Kept, clients: Sequence[Client]) -> Iterator[str]:
    moves = sum(len(LIVES[client.life]) for client in clients)
    settled = sum(row.permohonan is not None for row in kept.keys)
    if not len(kept.keys) == settled == moves:
        yield f"keys: {len(kept.keys)}, {settled} settled, {moves} moves"


def _faults_of_evidence(kept: Kept, clients: Sequence[Client]) -> Iterator[str]:
    """Every answer that left has one record, what did not leave has one at most; every entry of
    the history is named by a record, and no record names one that is not there.
    """
    written = {seal for entries in kept.history.values() for _, seal in entries}
    named = {seal for record in kept.records for seal in record.seals}
    if written != named:
        yield f"evidence: {len(written - named)} entries not named, {len(named - written)} unknown"
    cases = Counter(record.case for record in kept.records)
    yield from (f"evidence: {n} records of one attempt" for n in cases.values() if n > 1)
    for client in clients:
        for told in client.told:
            if keyed_hash(kept.audit_key, told.attempt) not in cases:
                yield f"evidence: no record of {told}"
