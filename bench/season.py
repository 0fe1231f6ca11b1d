"""``make load ARGS=--season``: the peak of a season, against the demonstration's whole fleet.

In: ``--seconds`` measured (60), ``--rate`` of graph operations a second (200), ``--seed``. Out: a
table on stdout: latencies and errors by operation, what each agency received, and the civil
registry's look-ups per letter beside those of a resolver that asks field by field, as
``docs/letter-costs.md`` pins them. The gateway has one core; the fleet and the load have the other.

Every operation counts from when it was due by the plan (``season_plan``), whether or not it could
be sent then: a step waits for the one before it, and what it waited is part of its latency.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import msgspec
import uvloop

from bench.callers import Callers
from bench.letter_costs import naive_lookups
from bench.load import cpu_seconds
from bench.quantile import quantile
from bench.season_plan import GAP, LIFE_SECONDS, Life, Look, Plan, make_plan
from bench.season_town import find_town, key_of, passphrase_of, town_config
from demo.fleet import SERVERS, Fleet
from tests.testkit.counter import EXAMPLES as COUNTER
from tests.testkit.joined_graph import EXAMPLES, gateway_over, running_fleet

__all__ = ["run_season"]

_QUERIES = {name: example.query for name, example in {**EXAMPLES, **COUNTER}.items()}
_LOOKUPS = ("CALL_NIK", "CALL_KK", "CALL_STATUS", "CALL_VERIFY_BY_ELEMEN")
_AFTER = 30.0  # seconds that the last answers are waited for
_TODAY = "2026-07-01"


@dataclass(slots=True)
class Tally:
    """What was measured."""

    latencies: dict[str, list[float]] = field(default_factory=dict)  # seconds, by operation
    errors: Counter[tuple[str, str]] = field(default_factory=Counter)  # by operation and code
    unsent: int = 0  # due steps of applications that had stopped
    letters: Counter[str] = field(default_factory=Counter)  # issued, by service


class _Counts(NamedTuple):
    """What was counted up to a moment."""

    calls: dict[str, Counter[str]]  # that each agency received, by method
    cpu: float  # seconds of the gateway's process


class _Stopped(Exception):
    """An application cannot go on; its step was counted as an error."""


def run_season(seconds: float, rate: float, seed: int, cores: Sequence[set[int]]) -> None:
    """Run the season, and print the table; ``cores``: the gateway's, and everything else's."""
    ours, theirs = cores
    os.sched_setaffinity(0, theirs)
    with running_fleet() as fleet, TemporaryDirectory() as folder:
        fleet.set_quota("pelayanan", 10**9)
        options = ("--log-level", "warning")
        with gateway_over(fleet, Path(folder), *options, config=town_config()) as graph:
            os.sched_setaffinity(graph.product.process.pid, ours)
            for thread in Path(f"/proc/{graph.product.process.pid}/task").iterdir():
                os.sched_setaffinity(int(thread.name), ours)
            plan = make_plan(find_town(graph.truth), random.Random(seed), seconds, rate)
            port = int(graph.product.url.rpartition(":")[2])
            store = next(Path(folder).rglob("loket.sqlite"))
            season = _Season(Callers(port), plan, store, seconds)
            before, after = uvloop.run(season.run(fleet, graph.product.process.pid))
    _show(season.tally, before, after, seconds, rate)


class _Season:
    """The plan under way."""

    def __init__(self, callers: Callers, plan: Plan, store: Path, seconds: float) -> None:
        self.tally = Tally()
        self._callers, self._plan, self._store, self._seconds = callers, plan, store, seconds
        self._keys = count()
        self._numbers: list[tuple[str, str]] = []  # applications, and their kelurahan
        self._codes: list[str] = []  # of letters that were issued
        self._start = 0.0

    async def run(self, fleet: Fleet, pid: int) -> tuple[_Counts, _Counts]:
        """Send everything; gives what was counted when the measured time began and ended."""
        self._start = time.perf_counter() + LIFE_SECONDS
        counts: list[_Counts] = []
        with contextlib.suppress(TimeoutError):  # what is not answered by then is counted so
            async with (
                asyncio.timeout(LIFE_SECONDS + self._seconds + _AFTER),
                asyncio.TaskGroup() as group,
            ):
                for life in self._plan.lives:
                    group.create_task(self._live(life))
                for look in self._plan.looks:
                    group.create_task(self._look(look))
                for at in (0.0, self._seconds):
                    await self._until(at)
                    counts.append(await asyncio.to_thread(_count, fleet, pid))
        self._callers.close()
        return counts[0], counts[1]

    async def _live(self, life: Life) -> None:
        """Take an application through its steps, each at its time."""
        from_plan = _Course(life)
        for place, (operation, caller) in enumerate(life.steps):
            due = life.begins + place * GAP
            if due >= self._seconds:
                return
            await self._until(due)
            variables = from_plan.variables(operation, caller, next(self._keys))
            try:
                data = await self._ask(operation, caller, variables, due, life.applicant.person.nik)
                from_plan.read(operation, data)
            except _Stopped:
                self.tally.unsent += sum(
                    0 <= life.begins + later * GAP < self._seconds
                    for later in range(place + 1, len(life.steps))
                )
                return
            if operation == "ajukan":
                self._numbers.append((from_plan.number, life.applicant.kelurahan))
            if operation == "terbitkan":
                self._codes.append(self._code_of(from_plan.number))
                self.tally.letters[life.applicant.service] += due >= 0

    async def _look(self, look: Look) -> None:
        await self._until(look.at)
        caller, variables = f"petugas-{look.kelurahan}", {"wilayah": look.kelurahan}
        if look.operation == "baki-tanda-tangan":
            caller = f"lurah-{look.kelurahan}"
        elif look.operation == "verifikasi-surat":
            caller, at_hand = "", self._codes or ["0" * 26]
            variables = {"kode": at_hand[int(look.place * len(at_hand))]}
        elif look.operation == "lacak":
            if not self._numbers:
                return
            number, _ = self._numbers[int(look.place * len(self._numbers))]
            caller, variables = "jaki", {"nomor": number}
        try:
            await self._ask(look.operation, caller, variables, look.at, None)
        except _Stopped:
            return

    async def _ask(
        self, operation: str, caller: str, variables: Mapping[str, Any], due: float, nik: str | None
    ) -> Any:
        """Send an operation; gives its data. Raises ``_Stopped`` for an error or a refusal."""
        body = msgspec.json.encode({"query": _QUERIES[operation], "variables": variables})
        headers = f"authorization: Bearer {key_of(caller)}\r\n" if caller else ""
        if operation == "kelayakan":
            headers += f"simpul-person: {nik}\r\n"
        try:
            status, answer = await self._callers.send(body, headers)
            code, data = _read(status, answer)
        except (OSError, asyncio.IncompleteReadError) as error:
            code, data = type(error).__name__, None
        except asyncio.CancelledError:
            self._note(operation, due, "no answer")
            raise
        self._note(operation, due, code)
        if code:
            raise _Stopped
        return data

    def _note(self, operation: str, due: float, code: str) -> None:
        """Note an answer, or that there was none, if it was due in the measured time."""
        if 0 <= due < self._seconds:
            waited = time.perf_counter() - self._start - due
            self.tally.latencies.setdefault(operation, []).append(waited)
            self.tally.errors[operation, code] += bool(code)

    async def _until(self, at: float) -> None:
        early = self._start + at - time.perf_counter()
        if early > 0:
            await asyncio.sleep(early)

    def _code_of(self, number: str) -> str:
        """Read a letter's code as its holder would from the QR."""
        with closing(sqlite3.connect(self._store)) as store:
            query = "SELECT kode_verifikasi FROM surat WHERE permohonan = ?"
            (code,) = store.execute(query, (number,)).fetchone()
        return str(code)


class _Course:
    """One application's way: what it sends, by what it was told."""

    def __init__(self, life: Life) -> None:
        self._applicant = life.applicant
        self.number = ""
        self._version = 1
        self._draft: str | None = None

    def variables(self, operation: str, caller: str, key: int) -> dict[str, Any]:
        """Give an operation's variables."""
        who = self._applicant
        step = {"nomor": self.number, "versi": self._version, "kunci": f"musim-{key}"}
        area = who.kelurahan if caller.startswith("lurah") else "31.71.02"
        submission = who.submission()
        own: dict[str, dict[str, Any]] = {
            "1-prefill": {"nik": who.person.nik, "hariIni": _TODAY},
            "kelayakan": {
                "nik": who.person.nik,
                "kode": who.service,
                "kelurahan": who.kelurahan,
                "isian": submission["isian"],
            },
            "ajukan": {"masukan": submission, "kunci": step["kunci"]},
            "catat-pengantar": {**step, "nomorPengantar": f"{key}/RT003/2026"},
            "konfirmasi": {**step, "pemeriksaan": "DTKS", "berkas": 1},
            "susun-draf": {**step, "teks": "Yang bertanda tangan di bawah ini menerangkan bahwa."},
            "baki-tanda-tangan": {"wilayah": area},
            "tanda-tangani": {
                **step,
                "sidikDraf": self._draft,
                "frasaSandi": passphrase_of(caller) if operation == "tanda-tangani" else "",
            },
            "unduh-surat": {"nomor": self.number},
        }
        return own.get(operation, step)

    def read(self, operation: str, data: Any) -> None:
        """Take from an answer what the next step goes by."""
        if operation == "baki-tanda-tangan":
            for each in data["daftarPermohonan"]["nodes"]:
                if each["nomor"] == self.number:
                    self._draft = each["sidikDraf"]
            return
        result = next(iter(data.values()))
        if isinstance(result, dict) and "penolakan" in result:
            self.number = result["permohonan"]["nomor"]
            self._version = result["permohonan"]["versi"]


def _read(status: int, answer: bytes) -> tuple[str, Any]:
    """Give the code of what went wrong, empty if nothing did, and the data."""
    told = msgspec.json.decode(answer)
    if told.get("errors"):
        return str(told["errors"][0].get("extensions", {}).get("code", status)), None
    data = told["data"]
    for value in data.values():
        if isinstance(value, dict) and value.get("penolakan"):
            return str(value["penolakan"]["kode"]), None
    return "", data


def _count(fleet: Fleet, pid: int) -> _Counts:
    calls = {name: Counter(fleet.counters(name)["calls"]) for name in SERVERS}
    return _Counts(calls, cpu_seconds(pid))


def _show(tally: Tally, before: _Counts, after: _Counts, seconds: float, rate: float) -> None:
    calls = {name: after.calls[name] - before.calls[name] for name in SERVERS}
    sent = sum(map(len, tally.latencies.values()))
    print(
        f"season: {rate:.0f} graph operations a second were due for {seconds:.0f} s, "
        f"{sent / seconds:.1f} were sent; milliseconds from when each was due"
    )
    print(f"  {'operation':<20}{'count':>8}{'p50':>9}{'p95':>9}{'p99':>9}{'errors':>8}")
    every = [each for values in tally.latencies.values() for each in values]
    for name, values in (*sorted(tally.latencies.items()), ("all", every)):
        cells = "".join(f"{quantile(values, share) * 1e3:>9.1f}" for share in (0.5, 0.95, 0.99))
        wrong = sum(n for (at, _), n in tally.errors.items() if name in (at, "all"))
        print(f"  {name:<20}{len(values):>8}{cells}{wrong:>8}")
    for (name, code), number in sorted(tally.errors.items()):
        if number:
            print(f"  error {code} of {name}: {number}")
    print(f"  the gateway used {(after.cpu - before.cpu) / seconds:.2f} of its core")
    if tally.unsent:
        print(f"  {tally.unsent} steps of applications that had stopped were not sent")
    for agency, counted in calls.items():
        parts = ", ".join(f"{name} {n}" for name, n in sorted(counted.items()) if n)
        print(f"  calls to {agency}: {counted.total()} ({parts or 'none'})")
    letters = tally.letters.total()
    if letters:
        asked = sum(calls["dukcapil"][name] for name in _LOOKUPS)
        naive = sum(naive_lookups(service) * n for service, n in tally.letters.items())
        print(
            f"  {letters} letters; look-ups of Dukcapil per letter: {asked / letters:.1f}, "
            f"field by field {naive / letters:.1f}"
        )
