"""Every fault of the agencies' servers: what docs/faults.md says of it is what happens."""

from __future__ import annotations

from typing import Any

import pytest

from demo.faults.files import FileFault
from demo.faults.http import Fault
from demo.faults.tcp_proxy import ProxyMode
from tests.testkit.agency_faults import ask_agencies, assert_row, broken_drop, known_to_all
from tests.testkit.fault_graph import (
    SLACK,
    TIMEOUT,
    Answered,
    FaultGraph,
    Row,
    Subject,
    rows_of,
    without_source,
)

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

_SERVERS = ("dukcapil", "dukcapil/verifikasi", "dpmptsp", "dpmptsp/token")
_ASKED_ONCE = ("pbb", "bsre")
_CREDENTIALS = "wrong_credentials"
_METHODS = {
    "dukcapil": "CALL_NIK",
    "dukcapil/verifikasi": "CALL_VERIFY_BY_ELEMEN",
    "dpmptsp": "licences",
    "dpmptsp/token": "token",
}
_ASKED = {"dukcapil": 2, "dukcapil/verifikasi": 1, "dpmptsp": 1, "dpmptsp/token": 1}
"""Calls that the operation makes of a healthy source."""


@pytest.fixture(scope="module")
def subject(faults: FaultGraph) -> Subject:
    """Choose the person who is asked about."""
    return faults.subject("31.71.02.1001")


def test_the_table_has_every_source_and_fault_once() -> None:
    """No fault is left out of docs/faults.md, and no row is there that nothing switches on."""
    servers = [fault.value for fault in Fault if fault is not Fault.NONE] + [_CREDENTIALS]
    files = [fault.value for fault in FileFault]
    proxied = [mode.value for mode in ProxyMode if mode is not ProxyMode.PASS]
    expected = {(source, fault) for source in (*_SERVERS, *_ASKED_ONCE) for fault in servers}
    expected |= {(store, fault) for store in ("sqlite", "sqlite-latin1") for fault in files}
    expected |= {
        (store, fault + before)
        for store in ("xlsx", "csv", "dbf", "carik")
        for fault in files
        for before in ("", ", read before")
    }
    expected |= {("mariadb", mode) for mode in proxied}

    rows = rows_of()

    assert {(row.source, row.fault) for row in rows} == expected
    assert len(rows) == len(expected)


def test_without_a_fault_the_answer_is_whole_and_true(faults: FaultGraph, subject: Subject) -> None:
    """The operation of all cases answers the truth when nothing is broken."""
    faults.fresh()

    answer = faults.ask(subject)

    _assert_whole(answer, subject)
    assert subject.letters
    assert subject.licences


@pytest.mark.parametrize(
    "row", rows_of(*_SERVERS), ids=lambda row: f"{row.source}-{row.fault}".replace("/", "-")
)
def test_a_server_fails_as_the_table_says(faults: FaultGraph, subject: Subject, row: Row) -> None:
    """Value, code, completeness, time and attempts are those of the row; then it recovers."""
    verify = row.source != "dukcapil"  # it is the same server, and has rows of its own
    _prepare(faults, subject, row)
    received = _received(faults, row)
    _switch(faults, row)

    answer = faults.ask(subject, verify=verify)
    received = _received(faults, row) - received

    _assert_partial(answer, subject, row, _failing(row))
    assert received == _ASKED[row.source] * int(row.received)

    faults.heal()
    healthy = faults.ask(subject)
    _assert_whole(healthy, subject)
    assert answer.came_within(_bound(row), healthy)


def _prepare(faults: FaultGraph, subject: Subject, row: Row) -> None:
    """Log in, or have a gateway that never did where the fault is in that."""
    if row.fault == _CREDENTIALS or row.source.endswith("/token"):
        faults.fresh(**_break_credentials(faults, row))
    else:
        faults.heal()
        _assert_whole(faults.ask(subject), subject)


def _received(faults: FaultGraph, row: Row) -> int:
    """Tell how often the agency was asked for what the row is about."""
    counted = faults.graph.fleet.counters(row.source.partition("/")[0])["calls"]
    calls: int = counted.get(_METHODS[row.source], 0)
    return calls


@pytest.fixture(scope="module")
def whole(faults: FaultGraph) -> Answered:
    """Ask all agencies about somebody known to all while nothing is broken."""
    faults.fresh()
    return ask_agencies(faults, known_to_all(faults))


@pytest.mark.parametrize("row", rows_of(*_ASKED_ONCE), ids=lambda row: f"{row.source}-{row.fault}")
def test_a_newer_agency_fails_as_the_table_says(
    faults: FaultGraph, whole: Answered, row: Row
) -> None:
    """The same of the tax office and the certificate authority."""
    nik = whole.body["data"]["penduduk"]["nik"]
    assert whole.errors == set()
    if row.fault == _CREDENTIALS:
        faults.fresh(**{row.source: faults.settings(row.source, password="bukan-sandinya")})
    else:
        faults.heal()
        faults.graph.fleet.switch(row.source, row.fault)

    answer = ask_agencies(faults, nik)
    counted = faults.graph.fleet.counters(row.source)["calls"]

    assert_row(answer, whole, row)
    assert sum(counted.values()) == int(row.received)
    faults.heal()
    assert ask_agencies(faults, nik).body["data"] == whole.body["data"]


@pytest.mark.parametrize("row", rows_of("carik"), ids=lambda row: row.fault)
def test_the_survey_fails_as_the_table_says(faults: FaultGraph, whole: Answered, row: Row) -> None:
    """The same of a drop of files, read before or not."""
    nik = whole.body["data"]["penduduk"]["nik"]
    fault, _, before = row.fault.partition(",")
    if before:
        faults.heal()
        assert ask_agencies(faults, nik).errors == set()
    else:
        faults.fresh()

    with broken_drop(faults, FileFault(fault)):
        answer = ask_agencies(faults, nik)

    assert_row(answer, whole, row)
    if not before:
        assert answer.attempts("carik") == int(row.received)
    again = ask_agencies(faults, nik)
    assert again.body["data"] == whole.body["data"]
    assert again.incomplete() == set()


def _switch(faults: FaultGraph, row: Row) -> None:
    server, _, part = row.source.partition("/")
    if row.fault != _CREDENTIALS:
        method = _METHODS[row.source] if part or server == "dpmptsp" else ""
        faults.graph.fleet.switch(server, row.fault, method=method)


def _break_credentials(faults: FaultGraph, row: Row) -> dict[str, Any]:
    server = row.source.partition("/")[0]
    if row.fault != _CREDENTIALS:
        return {}
    return {server: faults.settings(server, password="bukan-sandinya")}


def _failing(row: Row) -> set[str]:
    """Name the sources that the fault hits: closed ports and credentials are those of both."""
    if row.source == "dukcapil/verifikasi" and row.fault in ("refused", _CREDENTIALS):
        return {"dukcapil", "dukcapil/verifikasi"}
    return {row.source.removesuffix("/token")}


def _bound(row: Row) -> float:
    """Give the seconds within which the answer must come; never a lower bound."""
    steps = 2 if "dukcapil" in _failing(row) else 1
    steps += _failing(row) >= {"dukcapil", "dukcapil/verifikasi"}
    if row.within == "at once":
        return TIMEOUT
    assert row.within in ("time-out", "retries")
    return steps * TIMEOUT + SLACK


def _assert_partial(answer: Answered, subject: Subject, row: Row, failing: set[str]) -> None:
    verify = row.source != "dukcapil"
    expected = without_source("", subject, verify=verify)
    for source in failing:
        partial = without_source(source, subject, verify=verify)
        expected = {
            place: None if partial[place] is None else true for place, true in expected.items()
        }
    assert row.value == "null"
    assert answer.values == expected
    assert answer.errors == {(place, row.code) for place in _places(failing)}
    assert len(answer.body["errors"]) == len(answer.errors)
    assert answer.incomplete() == failing
    entry = answer.source(row.source.removesuffix("/token"))
    assert (entry["status"], entry["code"]) == (row.status, row.code)
    assert answer.body["extensions"]["completeness"]["complete"] is False


def _places(failing: set[str]) -> set[str]:
    places = {
        "dukcapil": {"penduduk", "surat.pemohon.nama"},
        "dukcapil/verifikasi": {"verifikasi"},
        "dpmptsp": {"penduduk.izin", "surat.pemohon.izin"},
    }
    return {place for source in failing for place in places[source]}


def _assert_whole(answer: Answered, subject: Subject) -> None:
    assert "errors" not in answer.body
    assert answer.values == without_source("", subject, verify=True)
    assert answer.body["extensions"]["completeness"]["complete"] is True
