"""The counter over the fleet, by its documented operations and the demonstration's own callers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from demo.fleet import Fleet
from demo.people.truth import TruePerson
from gateway.server.examples import read_examples
from tests.testkit.imports import ROOT
from tests.testkit.joined_graph import JoinedGraph, gateway_over
from tests.testkit.product import ask

pytestmark = pytest.mark.e2e

KARTINI = "31.71.02.1003"
EXAMPLES = {each.name: each for each in read_examples(ROOT / "docs" / "examples" / "loket")}
_PLAIN = (
    f"kelurahan = '{KARTINI}' AND status = 'AKTIF' AND meninggal IS NULL AND lahir < '2000'"
    " AND kelurahan_asal IS NULL AND nik_lama IS NULL AND nik_ganda IS NULL"
)
READS = {
    "antrean", "baki-tanda-tangan", "calo", "kelayakan", "lacak", "penolakan", "permohonan-rt",
    "waktu-layanan",
}  # fmt: skip


class Loket:
    """The demonstration's counter: who asks, by a documented operation."""

    def __init__(self, graph: JoinedGraph) -> None:
        self.graph = graph
        self._keys = count()

    def ask(self, caller: str, example: str, **variables: Any) -> Any:
        """Run an example as a caller; gives its data, and fails on any error."""
        found = EXAMPLES[example]
        body = {"query": found.query, "variables": {**found.variables, **variables}}
        headers = {"authorization": f"Bearer kunci-{caller}-demonstrasi"}
        answer = ask(f"{self.graph.product.url}/graphql", body, headers=headers).json
        assert "errors" not in answer, answer["errors"][:3]
        return answer["data"]

    def step(self, caller: str, example: str, number: str, **variables: Any) -> Any:
        """Take a step on the version that is current; gives what became of it."""
        version = self.track(number)["versi"]
        key = f"uji-{next(self._keys)}"
        data = self.ask(caller, example, nomor=number, versi=version, kunci=key, **variables)
        (result,) = data.values()
        return result

    def done(self, caller: str, example: str, number: str, **variables: Any) -> None:
        """Take a step that must be taken."""
        result = self.step(caller, example, number, **variables)
        assert result["penolakan"] is None, result["penolakan"]

    def track(self, number: str) -> Any:
        """Read an application as its applicant does."""
        return self.ask("jaki", "lacak", nomor=number)["permohonan"]

    def submit(self, person: TruePerson, service: str, form: dict[str, list[str]]) -> str:
        """Submit an application of a resident of Kartini."""
        filled = {
            "nama": [person.nama], "tanggalLahir": [person.lahir],
            "keperluan": ["Uji"], **form,
        }  # fmt: skip
        fields = [{"nama": name, "nilai": values} for name, values in filled.items()]
        asked = {
            "layanan": service, "kelurahan": KARTINI, "pemohon": person.nik, "rt": "003",
            "rw": "005", "isian": fields, "berkas": [],
        }  # fmt: skip
        result = self.ask("jaki", "ajukan", masukan=asked, kunci=f"uji-{next(self._keys)}")
        number: str = result["ajukanPermohonan"]["permohonan"]["nomor"]
        return number


@pytest.fixture(scope="module")
def loket(legacy_fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loket]:
    """Serve the demonstration's graph with a counter of its own."""
    legacy_fleet.reset()
    with gateway_over(legacy_fleet, tmp_path_factory.mktemp("loket")) as graph:
        yield Loket(graph)


def test_a_letter_of_insufficient_means(loket: Loket) -> None:
    """From submission to collection; every record is asked through the graph."""
    person = _resident(loket)
    number = loket.submit(person, "SKTM", {})
    loket.done("ketua-rt", "catat-pengantar", number)
    paper = {**EXAMPLES["tambah-berkas"].variables["berkas"], "jenis": "PERNYATAAN_TIDAK_MAMPU"}
    loket.done("petugas", "tambah-berkas", number, berkas=paper)
    for step in ("ambil-tugas", "lengkapkan", "periksa"):
        loket.done("petugas", step, number)
    found = {each["kode"]: each for each in loket.track(number)["pemeriksaan"]}
    results = {code: each["hasil"] for code, each in found.items()}
    assert results == {
        "IDENTITAS": "LULUS",
        "STATUS_NIK": "LULUS",
        "ALAMAT_KK": "LULUS",
        "PENGANTAR": "LULUS",
        "DTKS": "PERLU_PETUGAS",
    }
    assert "dukcapil" in found["STATUS_NIK"]["sumber"]
    refused = loket.step("petugas", "verifikasi", number)["penolakan"]
    assert (refused["kode"], refused["rincian"]) == ("PEMERIKSAAN_MENGHALANGI", ["DTKS"])
    loket.done("petugas", "konfirmasi", number, pemeriksaan="DTKS", berkas=2)
    loket.done("petugas", "verifikasi", number)
    loket.done("petugas", "susun-draf", number)
    (draft,) = [
        each
        for each in loket.ask("lurah", "baki-tanda-tangan")["daftarPermohonan"]["nodes"]
        if each["nomor"] == number
    ]
    assert draft["pemohon"]["nik"] == person.nik
    loket.done("lurah", "tanda-tangani", number, sidikDraf=draft["sidikDraf"])
    loket.done("petugas", "terbitkan", number)
    loket.done("petugas", "serahkan", number)
    tracked = loket.track(number)
    assert (tracked["status"], tracked["surat"]["penandatangan"]) == ("DIAMBIL", "Lurah Kartini")


def test_an_outage_delays_and_a_false_claim_blocks(loket: Loket) -> None:
    """With Dukcapil down nothing passes; with a wrong birth date the identity fails."""
    person = _resident(loket)
    number = loket.submit(person, "PM1-UMUM", {"tanggalLahir": ["1901-01-01"]})
    loket.done("ketua-rt", "catat-pengantar", number)
    loket.done("petugas", "lengkapkan", number)
    loket.graph.fleet.control("dukcapil", "faults", {"fault": "500"})
    loket.done("petugas", "periksa", number)
    loket.graph.fleet.reset()
    results = {each["kode"]: each["hasil"] for each in loket.track(number)["pemeriksaan"]}
    assert results["STATUS_NIK"] == results["ALAMAT_KK"] == "BELUM_DAPAT"
    loket.done("petugas", "periksa", number)
    results = {each["kode"]: each["hasil"] for each in loket.track(number)["pemeriksaan"]}
    assert (results["IDENTITAS"], results["ALAMAT_KK"]) == ("GAGAL", "LULUS")
    loket.done("petugas", "minta-perbaikan", number)


def test_a_land_history_is_checked_by_the_tax_office(loket: Loket) -> None:
    """A parcel of Kartini whose old taxes are paid passes, or needs an officer; arrears block."""
    parcels = loket.graph.truth.all_land(100_000)
    parcel = next(each for each in parcels if each.kelurahan == KARTINI)
    owner = loket.graph.truth.person(parcel.nik) if parcel.nik else None
    person = owner or _resident(loket)
    form = {"nop": [parcel.nop], "nomorLetterC": ["C-12"]}
    number = loket.submit(person, "RIWAYAT-TANAH", form)
    loket.done("ketua-rt", "catat-pengantar", number)
    paper = {**EXAMPLES["tambah-berkas"].variables["berkas"], "jenis": "GIRIK"}
    loket.done("petugas", "tambah-berkas", number, berkas=paper)
    loket.done("petugas", "lengkapkan", number)
    loket.done("petugas", "periksa", number)
    results = {each["kode"]: each["hasil"] for each in loket.track(number)["pemeriksaan"]}
    unpaid = [tax for tax in loket.graph.truth.taxes(parcel.nop) if tax[0] < 2026 and not tax[3]]
    expected = "GAGAL" if unpaid else "LULUS" if owner else "PERLU_PETUGAS"
    assert (results["PBB"], results["LETTER_C"]) == (expected, "PERLU_PETUGAS")


def test_the_graph_answers_every_document_of_the_counter(loket: Loket) -> None:
    """Nothing that a check asks is unknown to the demonstration's graph."""
    assert "of this graph" not in loket.graph.product.output


@pytest.mark.parametrize("name", sorted(READS))
def test_each_read_answers(loket: Loket, name: str) -> None:
    """Every documented read has data and no errors."""
    nik = {"nik": _resident(loket).nik} if name == "kelayakan" else {}
    assert loket.ask("petugas", name, **nik)


def test_every_operation_is_documented() -> None:
    """The page beside them names each; what is no read is a mutation."""
    page = (ROOT / "docs" / "examples" / "loket" / "README.md").read_text("utf-8")
    for name, example in EXAMPLES.items():
        assert f"`{name}`" in page, name
        assert example.query.startswith("# For: ")
        assert ("mutation" in example.query) == (name not in READS)
        assert "31710" not in json.dumps(example.variables)


def _resident(loket: Loket) -> TruePerson:
    """Give a resident of Kartini whose records are plain: alive, not moved, one number."""
    for person in loket.graph.truth.sample(50, where=_PLAIN):
        if loket.graph.truth.recorded_death(person.nik) is None:
            return person
    raise AssertionError("the population has nobody so plain")
