"""What a caller sees when an agency fails; docs/faults.md is the table, and its rows the cases."""

from __future__ import annotations

import json
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.faults.files import FileFault, break_file, restore
from tests.testkit.imports import ROOT
from tests.testkit.joined_graph import JoinedGraph, demo_config, gateway_over, running_fleet
from tests.testkit.product import ask

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

QUERY = """query Faults($nik: NIK!, $kode: KodeWilayah!) {
  penduduk(nik: $nik) { nama izin { nomorSk } surat { nomor } }
  izinBerakhir(dari: "2026-07-01", sampai: "2026-09-29", first: 5) { nodes { nomorSk } }
  suratKelurahan(kelurahan: $kode, first: 5) { nodes { nomor } }
  wilayah(kode: $kode) { nama }
}"""
VARIABLES = {"nik": "3171026904959627", "kode": "31.71.02.1004"}
TIMEOUT = 1.0  # seconds, of every server's guard
REGISTER = "31.71.02.1004/register_baru.csv"

# What each server's failure nulls; everything else must stay as it was.
LOST = {
    "dukcapil": (("penduduk",),),
    "dpmptsp": (("penduduk", "izin"), ("izinBerakhir",)),
}


def _rows(width: int) -> list[list[str]]:
    lines = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    agencies = ("dukcapil", "dpmptsp", "kelurahan")
    return [row for row in cells if len(row) == width and row[0] in agencies]


SERVER_ROWS, FILE_ROWS = _rows(5), _rows(3)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JoinedGraph]:
    """The joined graph with short time-outs, no retries, and files looked at each time."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subgraphs = demo_config()["subgraphs"]
    for name in LOST:
        subgraphs[name]["settings"]["guard"] = {
            "timeout_seconds": TIMEOUT,
            "retries": 0,
            "breaker_requests": 1000,
        }
    for register in subgraphs["kelurahan"]["settings"]["registers"]:
        if register["store"] != "sql":
            register["refresh_seconds"] = 0.001
    folder = tmp_path_factory.mktemp("faults")
    with running_fleet() as fleet:
        # Files are broken in place: in a copy, since other tests read the world's own.
        shutil.copytree(fleet.addresses["registers"], folder / "registers")
        text = json.dumps({"subgraphs": subgraphs, "admin": f"127.0.0.1:{port}"})
        config = json.loads(text.replace("${SIMPUL_FLEET_REGISTERS}", str(folder / "registers")))
        with gateway_over(fleet, folder, config=config) as running:
            yield running


@pytest.fixture(scope="module")
def register_file(graph: JoinedGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copied register that is broken."""
    return tmp_path_factory.getbasetemp() / "faults0" / "registers" / REGISTER


def _ask(graph: JoinedGraph) -> dict[str, Any]:
    answer: dict[str, Any] = graph.product.graphql(
        QUERY, VARIABLES, extensions={"sourceCalls": True}
    )
    return answer


def _without(data: dict[str, Any], paths: tuple[tuple[str, ...], ...]) -> dict[str, Any]:
    """Give the data with what is expected to be lost set to null."""
    kept = {name: dict(value) if isinstance(value, dict) else value for name, value in data.items()}
    for *above, last in paths:
        place: dict[str, Any] = kept
        for name in above:
            place = place[name]
        place[last] = None
    return kept


@pytest.mark.parametrize(
    ("agency", "fault", "code", "within", "calls"), SERVER_ROWS, ids=lambda cell: cell
)
def test_a_failing_server(
    graph: JoinedGraph, agency: str, fault: str, code: str, within: str, calls: str
) -> None:
    """The others' data is complete; the failure has its code, in time, and ends with its cause."""
    healthy = _ask(graph)
    assert "errors" not in healthy
    graph.fleet.switch(agency, fault)
    started = time.monotonic()
    answer = _ask(graph)
    took = time.monotonic() - started
    graph.fleet.switch(agency, "none")

    assert answer["data"] == _without(healthy["data"], LOST[agency])
    assert [tuple(error["path"]) for error in answer["errors"]] == list(LOST[agency])
    assert {error["extensions"]["code"] for error in answer["errors"]} == {code}
    sources = {each["source"]: each for each in answer["extensions"]["completeness"]["sources"]}
    assert (sources[agency]["status"], sources[agency]["code"]) == ("UNAVAILABLE", code)
    others = {each["status"] for name, each in sources.items() if name != agency}
    assert others == {"ANSWERED"}
    made = {each["source"]: each["calls"] for each in answer["extensions"]["sourceCalls"]}
    assert made[agency] == int(calls)
    assert took < (2 * TIMEOUT if within == "time-out" else TIMEOUT)
    assert _ask(graph)["data"] == healthy["data"]


@pytest.mark.parametrize(("agency", "fault", "alarm"), FILE_ROWS, ids=lambda cell: cell)
def test_a_broken_register_file(
    graph: JoinedGraph, register_file: Path, agency: str, fault: str, alarm: str
) -> None:
    """The version loaded last stays in service, and the operators are told."""
    source = f"{agency}/{REGISTER}"
    healthy = _ask(graph)
    assert not ask(f"{graph.admin_url}/sources").json[source]["alarm"]
    break_file(register_file, FileFault(fault))
    answer = _ask(graph)
    status = ask(f"{graph.admin_url}/sources").json[source]
    restore(register_file)

    assert "errors" not in answer
    assert answer["data"] == healthy["data"]
    assert status["alarm"] == (alarm == "yes")
    assert status["why"]
    assert _ask(graph)["data"] == healthy["data"]
    assert not ask(f"{graph.admin_url}/sources").json[source]["alarm"]


def test_an_incomplete_answer_can_be_refused(graph: JoinedGraph) -> None:
    """`Simpul-Require: complete` turns a missing agency into one error without data."""
    graph.fleet.switch("dpmptsp", "500")
    answer = ask(
        f"{graph.product.url}/graphql",
        {"query": QUERY, "variables": VARIABLES},
        headers={"simpul-require": "complete"},
    )
    graph.fleet.switch("dpmptsp", "none")
    assert answer.status == 422
    assert answer.json["errors"][0]["extensions"]["code"] == "TIDAK_LENGKAP"
    assert "data" not in answer.json


def test_the_table_has_every_fault_of_the_fleet() -> None:
    """No agency x fault is missing from the document."""
    silent = ["down", "refused", "slow_drip", "stall", "reset"]
    served = [*silent, "500", "garbage", "truncated", "quota_spent"]
    assert [row[:2] for row in SERVER_ROWS] == [[a, fault] for a in LOST for fault in served]
    assert [row[1] for row in FILE_ROWS] == ["missing", "truncated", "half_written", "wrong_header"]
