"""Every fault of the kelurahan's registers: what docs/faults.md says of it is what happens."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from demo.faults.files import FileFault, break_file, lock_file
from demo.registers.mariadb import load_registers
from tests.testkit.fault_graph import (
    SLACK,
    STORE_TIMEOUT,
    TIMEOUT,
    Answered,
    FaultGraph,
    Row,
    Subject,
    rows_of,
    without_source,
)
from tests.testkit.imports import ROOT
from tests.testkit.mariadb import running_mariadb

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

_STORES = {
    "sqlite": ("31.71.02.1001", "register.sqlite"),
    "sqlite-latin1": ("31.71.02.1002", "register.sqlite"),
    "xlsx": ("31.71.02.1003", "register.xlsx"),
    "csv": ("31.71.02.1004", "register_baru.csv"),
    "dbf": ("31.71.02.1005", "REGBARU.DBF"),
}
_ASKED = 2  # by letter, and by NIK


@pytest.mark.parametrize("row", rows_of(*_STORES), ids=lambda row: f"{row.source}-{row.fault}")
def test_a_register_fails_as_the_table_says(faults: FaultGraph, row: Row) -> None:
    """Value, code, completeness, time and attempts are those of the row; then it recovers."""
    area, name = _STORES[row.source]
    fault, _, before = row.fault.partition(",")
    subject = faults.subject(area)
    if before or row.source.startswith("sqlite"):  # whose list of NIKs is then in memory
        faults.heal()
        _assert_whole(faults.ask(subject), subject)
    else:
        faults.fresh()

    with _broken(faults.registers / area / name, FileFault(fault)):
        answer = faults.ask(subject)
        alarms = _alarms(faults, area)

    _assert_row(answer, subject, row)
    assert alarms == ({name} if _is_alarmed(row, fault) else set())
    if before:
        assert answer.source(f"kelurahan/{area}")["ageSeconds"] is not None
    else:
        assert answer.attempts(f"kelurahan/{area}") == _ASKED * int(row.received)
    faults.heal()
    _assert_recovered(faults.ask(subject), subject, row, answer)
    assert _alarms(faults, area) == set()


@pytest.fixture(scope="module")
def proxied(faults: FaultGraph) -> Iterator[_Proxied]:
    """Keep the two SQL registers in MariaDB, behind a proxy that can fail."""
    with running_mariadb() as database:
        truth = faults.graph.truth.path
        load = load_registers(database.url(), truth, plain="31.71.02.1001", latin1="31.71.02.1002")
        asyncio.run(load)
        command = [sys.executable, "-m", "demo", "proxy", f"127.0.0.1:{database.port}"]
        with subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            running = _Proxied(process)
            port = running.read().rpartition(":")[2]
            running.url = database.url().replace(str(database.port), port)
            yield running
            process.terminate()


class _Proxied:
    """The proxy's process; its modes are written to it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.url = ""

    def read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def switch(self, mode: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{mode}\n")
        self._process.stdin.flush()
        assert self.read() == f"MODE {mode}"


@pytest.mark.needs_mariadb
@pytest.mark.parametrize("row", rows_of("mariadb"), ids=lambda row: row.fault)
def test_a_database_server_fails_as_the_table_says(
    faults: FaultGraph, proxied: _Proxied, row: Row
) -> None:
    """The same for a register behind a network; connections that were open are hit too."""
    subject = faults.subject("31.71.02.1001")
    proxied.switch("pass")
    faults.fresh(kelurahan=_in_mariadb(faults, proxied.url))
    _assert_whole(faults.ask(subject), subject)

    proxied.switch(row.fault)
    answer = faults.ask(subject)

    _assert_row(answer, subject, row)
    assert answer.attempts("kelurahan/31.71.02.1001") == _ASKED * int(row.received)
    proxied.switch("pass")
    _assert_recovered(faults.ask(subject), subject, row, answer)


def _in_mariadb(faults: FaultGraph, url: str) -> dict[str, Any]:
    """Give the registers' settings, the first of them kept in the database."""
    registers = faults.base["subgraphs"]["kelurahan"]["settings"]["registers"]
    guard = {**registers[0]["guard"], "timeout_seconds": TIMEOUT}
    moved = {**registers[0], "url": url, "guard": guard}
    return faults.settings("kelurahan", registers=[moved, *registers[1:]])


@contextmanager
def _broken(path: Path, fault: FileFault) -> Iterator[None]:
    is_lock = fault is FileFault.LOCKED
    with lock_file(path) if is_lock else nullcontext():
        if not is_lock:
            break_file(path, fault)
        yield


def _alarms(faults: FaultGraph, area: str) -> set[str]:
    """Name the files of a register that operators see an alarm for."""
    return {
        source.rpartition("/")[2].partition("#")[0]
        for source, status in faults.sources().items()
        if source.startswith(f"kelurahan/{area}/") and status["alarm"]
    }


def _is_alarmed(row: Row, fault: str) -> bool:
    """Tell whether a file is looked at and refused: a lock on what is in memory hides nothing."""
    in_memory = row.value == "last version"
    return not row.source.startswith("sqlite") and not (in_memory and fault == "locked")


def _assert_row(answer: Answered, subject: Subject, row: Row) -> None:
    area = subject.letter[0]
    source = f"kelurahan/{area}"
    entry = answer.source(source)
    assert (entry["status"], entry["code"] or "-") == (row.status, row.code)
    if row.value == "last version":
        _assert_whole(answer, subject, stale=source if row.status == "STALE" else None)
        return
    assert row.value == "missing lines"
    assert answer.values == without_source(source, subject, verify=True)
    assert answer.errors == {("penduduk.surat", row.code), ("surat", row.code)}
    assert len(answer.body["errors"]) == len(answer.errors)
    assert answer.incomplete() == {source}
    assert answer.body["extensions"]["completeness"]["complete"] is False


def _assert_recovered(healthy: Answered, subject: Subject, row: Row, answer: Answered) -> None:
    """All is well again; beside that the failing answer was in time."""
    _assert_whole(healthy, subject)
    assert answer.came_within(_bound(row), healthy)


def _bound(row: Row) -> float:
    """Give the seconds within which the answer must come; never a lower bound."""
    timeout = TIMEOUT if row.source == "mariadb" else STORE_TIMEOUT
    if row.within == "at once":
        return TIMEOUT
    if row.within == "retries":
        return _ASKED * TIMEOUT + SLACK
    assert row.within in ("time-out", "lock")
    return _ASKED * timeout + SLACK


def _assert_whole(answer: Answered, subject: Subject, *, stale: str | None = None) -> None:
    assert "errors" not in answer.body
    assert answer.values == without_source("", subject, verify=True)
    assert answer.incomplete() == {stale} - {None}
    assert answer.body["extensions"]["completeness"]["complete"] is (stale is None)
