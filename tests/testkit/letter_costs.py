"""What one letter costs the agencies, from the form to the signed file, beside naive resolution.

In: the demonstration's counter and somebody's scenario. Out: what each agency received for one
whole application; and what every field of the same answers would have asked by itself. The counter
asks the graph by its own documents, whose answers no client sees: they are asked once more, by the
counter's own checks, through a ``GraphClient`` that reads them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from graphql import GraphQLSchema

from adapters.contract import CallContext, GraphClientResult
from adapters.loket.checks.inquiry import Facts, Inquiry
from adapters.loket.checks.run import make_checks
from adapters.loket.letter_facts import LetterMatter, gather_content
from adapters.loket.services import load_catalog
from adapters.loket.working_days import load_working_days
from tests.testkit.counter import KARTINI, Loket
from tests.testkit.imports import ROOT
from tests.testkit.joined_graph import EXAMPLES
from tests.testkit.naive import count_naive
from tests.testkit.nine_services import Scenario
from tests.testkit.product import ask

__all__ = ["COUNTED", "bring_to_draft", "count_letter", "count_naive_letter"]

COUNTED = ("dukcapil", "dpmptsp")
_LOOKUPS = {"dukcapil": "CALL_", "dpmptsp": "licences"}  # logging in is no look-up
_DOCUMENTS = ROOT / "adapters" / "loket" / "documents"
_CALENDAR = ROOT / "adapters" / "loket" / "data" / "hari_libur_2026.csv"
_TODAY = date(2026, 7, 1)
_REGISTERS = 5


def bring_to_draft(loket: Loket, scenario: Scenario) -> str:
    """Submit an application and take it to the draft of its letter; gives its number."""
    number = loket.submit(scenario.applicant, scenario.service, scenario.form, scenario.papers)
    loket.done("ketua-rt", "catat-pengantar", number)
    for step in ("ambil-tugas", "lengkapkan"):
        loket.done("petugas", step, number)
    for code, check in loket.checks(number).items():
        if check["hasil"] == "PERLU_PETUGAS":
            loket.done("petugas", "konfirmasi", number, pemeriksaan=code, berkas=1)
    for step in ("verifikasi", "susun-draf"):
        loket.done("petugas", step, number)
    return number


def count_letter(loket: Loket, scenario: Scenario) -> Counter[str]:
    """Take an application from the form to the letter; gives calls by agency."""
    before = _received(loket)
    loket.graph.ask("1-prefill", nik=scenario.applicant.nik)
    loket.foresee(scenario.applicant, scenario.service, scenario.form)
    number = bring_to_draft(loket, scenario)
    for signer in scenario.signers:
        loket.sign_unseen(signer, number)
    loket.done("petugas", "terbitkan", number)
    received = _received(loket)
    received.subtract(before)
    return received


def count_naive_letter(loket: Loket, api: GraphQLSchema, scenario: Scenario) -> Counter[str]:
    """Count the same answers field by field: the form, the checks before and after, the letter."""
    graph = _Reader(loket, api)
    example = EXAMPLES["1-prefill"]
    told = loket.graph.ask("1-prefill", nik=scenario.applicant.nik)
    graph.calls.update(count_naive(api, example.query, told, _REGISTERS).calls)
    asyncio.run(_ask_all(graph, scenario))
    return graph.calls


async def _ask_all(graph: _Reader, scenario: Scenario) -> None:
    person = scenario.applicant
    common = {"nama": [person.nama], "tanggalLahir": [person.lahir]}
    form = {**common, **{name: [*values] for name, values in scenario.form.items()}}
    calendar = load_working_days([_CALENDAR])
    call = CallContext()
    service = load_catalog().template[scenario.service]
    for vouched in (frozenset[str](), frozenset({"PENGANTAR"})):
        facts = Facts(KARTINI, person.nik, form, vouched, _TODAY, calendar)
        await make_checks(Inquiry(graph, call, facts), service, b"k" * 32)
    row: Any = SimpleNamespace(
        pemohon_nik=person.nik, kelurahan=KARTINI, layanan=scenario.service, draf=""
    )
    letter: Any = SimpleNamespace(nomor="1", tanggal=_TODAY.isoformat())
    is_of_ptsp = scenario.signers == ("ptsp",)
    matter = LetterMatter(row, letter, form, (), "", is_of_ptsp, calendar)
    await gather_content(graph, call, matter)


class _Reader:
    """Runs the counter's documents as its officer, and counts what their answers hold."""

    def __init__(self, loket: Loket, api: GraphQLSchema) -> None:
        self.calls: Counter[str] = Counter()
        self._url = f"{loket.graph.product.url}/graphql"
        self._api = api

    async def run(
        self, name: str, variables: Mapping[str, Any], call: CallContext
    ) -> GraphClientResult:
        """Run a document."""
        text = Path(_DOCUMENTS / f"{name}.graphql").read_text("utf-8")
        body = {"query": text, "variables": {**variables}}
        headers = {"authorization": "Bearer kunci-petugas-demonstrasi"}
        answer = ask(self._url, _plain(body), headers=headers).json
        assert "errors" not in answer, answer["errors"][:2]
        self.calls.update(count_naive(self._api, text, answer["data"], _REGISTERS).calls)
        return GraphClientResult(answer["data"], (), None)


def _plain(value: Any) -> Any:
    """Write days as the wire does."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _received(loket: Loket) -> Counter[str]:
    counted: Counter[str] = Counter()
    for agency in COUNTED:
        for method, calls in loket.graph.fleet.counters(agency)["calls"].items():
            counted[agency] += calls * method.startswith(_LOOKUPS[agency])
    return counted
