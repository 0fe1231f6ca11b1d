"""What stands around a failing source: the breaker, the all-or-nothing header, the second port."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.testkit.fault_graph import (
    TIMEOUT,
    FaultGraph,
    Subject,
    without_source,
)
from tests.testkit.product import ask

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

_LETTERS = """query Surat($kelurahan: KodeWilayah!) {
  suratKelurahan(kelurahan: $kelurahan, first: 50) {
    nodes { nomor tahun jenis pemohon { nik nama izin { nomorSk } } }
  }
}"""
_AREA = "31.71.02.1001"
_ENOUGH = 4  # attempts before the breaker may open


@pytest.fixture(scope="module")
def subject(faults: FaultGraph) -> Subject:
    """Choose the person who is asked about."""
    return faults.subject(_AREA)


def _with_breaker(faults: FaultGraph, subgraph: str, open_seconds: float) -> dict[str, Any]:
    guard = {
        "timeout_seconds": TIMEOUT,
        "retries": 0,
        "breaker_requests": _ENOUGH,
        "breaker_open_seconds": open_seconds,
    }
    return {subgraph: faults.settings(subgraph, guard=guard)}


def _calls(faults: FaultGraph, server: str) -> int:
    total: int = faults.graph.fleet.counters(server)["total"]
    return total


@pytest.mark.parametrize("server", ["dukcapil", "dpmptsp"])
def test_a_server_that_keeps_failing_is_left_alone(
    faults: FaultGraph, subject: Subject, server: str
) -> None:
    """After enough failures the agency receives nothing, healed or not; the others still answer."""
    faults.fresh(**_with_breaker(faults, server, open_seconds=60))
    healthy = faults.ask(subject, verify=False)
    faults.graph.fleet.switch(server, "500")
    for _ in range(_ENOUGH + 1):
        faults.ask(subject, verify=False)
    received = _calls(faults, server)
    faults.graph.fleet.switch(server, "none")

    answer = faults.ask(subject, verify=False)

    assert _calls(faults, server) == received >= _ENOUGH
    assert answer.values == without_source(server, subject, verify=False)
    assert {code for _, code in answer.errors} == {"SUMBER_TIDAK_TERSEDIA"}
    assert answer.source(server)["status"] == "UNAVAILABLE"
    assert answer.attempts(server) == 0
    assert answer.came_within(TIMEOUT, healthy)
    assert faults.sources()[server]["breaker"] == "OPEN"


@pytest.mark.parametrize("server", ["dukcapil", "dpmptsp"])
def test_a_server_that_is_well_again_is_asked_again(
    faults: FaultGraph, subject: Subject, server: str
) -> None:
    """When the open time is over, probes that succeed close the breaker."""
    faults.fresh(**_with_breaker(faults, server, open_seconds=0.05))
    faults.graph.fleet.switch(server, "500")
    for _ in range(_ENOUGH + 1):
        faults.ask(subject, verify=False)
    assert faults.sources()[server]["breaker"] != "CLOSED"
    faults.graph.fleet.switch(server, "none")

    deadline = time.monotonic() + 60
    while faults.sources()[server]["breaker"] != "CLOSED" and time.monotonic() < deadline:
        faults.ask(subject, verify=False)

    assert faults.sources()[server]["breaker"] == "CLOSED"
    answer = faults.ask(subject)
    assert "errors" not in answer.body
    assert answer.values == without_source("", subject, verify=True)


def test_an_exhausted_retry_budget_ends_the_retries(faults: FaultGraph, subject: Subject) -> None:
    """An agency in trouble is asked three times at first, and once when the budget is spent."""
    faults.fresh(dpmptsp=faults.settings("dpmptsp", guard={"breaker_requests": 10_000}))
    faults.graph.fleet.switch("dpmptsp", "500", method="licences")
    attempts = [faults.ask(subject, verify=False).attempts("dpmptsp") for _ in range(8)]

    assert attempts[0] == 3
    assert attempts[-1] == 1
    assert sum(attempts) - len(attempts) == faults.sources()["dpmptsp"]["retries"] == 10


def test_a_dead_registry_makes_no_letter_wrong(faults: FaultGraph) -> None:
    """Letters and licences of a page are true while Dukcapil answers nobody; only names lack."""
    faults.fresh()
    faults.graph.fleet.switch("dukcapil", "refused")

    answer = faults.graph.product.graphql(_LETTERS, {"kelurahan": _AREA})

    nodes = answer["data"]["suratKelurahan"]["nodes"]
    book = faults.graph.truth.book(_AREA, with_nik=True)[:50]
    assert [(each["nomor"], each["tahun"], each["jenis"]) for each in nodes] == [
        (letter.nomor, letter.tahun, letter.jenis) for letter in book
    ]
    assert [each["pemohon"]["nik"] for each in nodes] == [letter.nik for letter in book]
    assert all(each["pemohon"]["nama"] is None for each in nodes)
    for each in nodes:
        licences = faults.graph.truth.licences(each["pemohon"]["nik"])
        owned = {licence["nomorSk"] for licence in each["pemohon"]["izin"]}
        assert owned == {licence.decree_number for licence in licences}
    # One error for the one fetch that failed as a whole, not one for each of 50 names.
    told = [(each["path"], each["extensions"]["code"]) for each in answer["errors"]]
    assert told == [(["suratKelurahan", "nodes"], "SUMBER_TIDAK_TERSEDIA")]


@pytest.mark.parametrize("fault", ["down", "quota_spent", "garbage"])
def test_who_requires_a_complete_answer_gets_none(
    faults: FaultGraph, subject: Subject, fault: str
) -> None:
    """``Simpul-Require: complete`` turns a partial answer into one error without data."""
    faults.fresh()
    body = {"query": _LETTERS, "variables": {"kelurahan": _AREA}}
    url, required = f"{faults.graph.product.url}/graphql", {"simpul-require": "complete"}
    whole = ask(url, body, headers=required)
    faults.graph.fleet.switch("dpmptsp", fault)

    refused = ask(url, body, headers=required)

    assert "errors" not in whole.json
    assert whole.json["data"]["suratKelurahan"]["nodes"]
    assert refused.status == 422
    assert [each["extensions"]["code"] for each in refused.json["errors"]] == ["TIDAK_LENGKAP"]
    assert refused.json.get("data") is None


def test_operators_see_every_source(faults: FaultGraph, subject: Subject) -> None:
    """The second port tells of every local source and of every file, in words and in numbers."""
    faults.fresh()
    faults.ask(subject)

    told = faults.sources()
    metrics = ask(f"{faults.graph.admin_url}/metrics").body.decode()

    guards = {"dukcapil", "dukcapil/verifikasi", "dpmptsp", "oss", "pbb", "carik", "bsre"}
    guards |= {"loket/store", "loket/store-writes"}
    guards |= {f"kelurahan/31.71.02.{number}" for number in range(1001, 1006)}
    files = {source for source in told if source.count("/") == 2} | {"carik/drops"}
    assert {source for source in told if source not in files} == {*guards, "oss/inbox"}
    assert all(told[source]["breaker"] == "CLOSED" for source in guards)
    assert all(told[source]["care"]["timeout_seconds"] > 0 for source in guards)
    for name in ("1003/register.xlsx#2025", "1004/register_baru.csv", "1005/REGBARU.DBF"):
        status = told[f"kelurahan/31.71.02.{name}"]
        assert (status["alarm"], status["why"]) == (False, "")
        assert status["rows"] > 0
        assert status["as_of"] is not None
    assert 'simpul_source_calls{source="dukcapil"} 2.0' in metrics
    assert 'simpul_source_alarm{source="kelurahan/31.71.02.1004/register_baru.csv"} 0.0' in metrics
