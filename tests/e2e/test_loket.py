"""The counter over the fleet, by its documented operations and the demonstration's own callers."""

from __future__ import annotations

import json

import pytest

from demo.people.truth import TruePerson
from tests.testkit.counter import EXAMPLES, KARTINI, PLAIN, Loket, paper_of
from tests.testkit.imports import ROOT

pytestmark = pytest.mark.e2e

READS = {
    "antrean", "baki-tanda-tangan", "calo", "ekspor-register", "kelayakan", "lacak", "penolakan",
    "permohonan-rt", "unduh-surat", "verifikasi-surat", "waktu-layanan",
}  # fmt: skip


def test_a_letter_of_insufficient_means(loket: Loket) -> None:
    """From submission to collection; every record is asked through the graph."""
    person = _resident(loket)
    number = loket.submit(person, "SKTM", {})
    loket.done("ketua-rt", "catat-pengantar", number)
    paper = paper_of("PERNYATAAN_TIDAK_MAMPU")
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
    (draft,) = [each for each in loket.tray("lurah") if each["nomor"] == number]
    assert draft["pemohon"]["nik"] == person.nik
    seen = {"sidikDraf": draft["sidikDraf"]}
    wrong = loket.refused("lurah", "tanda-tangani", number, **seen, frasaSandi="keliru-sekali")
    assert (wrong["kode"], wrong["rincian"]) == ("TANDA_TANGAN_DITOLAK", ["FRASA_SANDI"])
    loket.done("lurah", "tanda-tangani", number, **seen)
    loket.done("petugas", "terbitkan", number)
    loket.done("petugas", "serahkan", number)
    tracked = loket.track(number)
    assert (tracked["status"], tracked["surat"]["penandatangan"]) == ("DIAMBIL", "Lurah Kartini")
    _verify_and_revoke(loket, number, person)


def _verify_and_revoke(loket: Loket, number: str, person: TruePerson) -> None:
    """Its file says who and what, its QR proves it, anybody may ask, and a revoked one is told."""
    letter = loket.fetch_letter(number)
    assert person.nik in letter.text
    assert letter.number in letter.text
    told = loket.verify(letter)
    assert told == {
        "asli": True, "jenis": "SKTM", "nomor": letter.number, "tanggal": "2026-07-01",
        "penandatangan": "Lurah Kartini", "status": "TERBIT", "dokumenSesuai": True,
    }  # fmt: skip
    lines = loket.ask("petugas", "ekspor-register")["eksporRegister"]["csv"]
    assert f"{letter.number};2026;2026-07-01;SKTM;{person.nama};{person.nik}" in lines
    loket.done("lurah", "cabut-surat", number)
    told = loket.verify(letter)
    assert (told["asli"], told["status"]) == (True, "DICABUT")
    assert b"frasa-31.71.02.1003" not in loket.kept()
    assert b"keliru-sekali" not in loket.kept()


def test_an_outage_delays_and_a_false_claim_blocks(loket: Loket) -> None:
    """With Dukcapil down nothing passes; with a wrong birth date the identity fails."""
    person = _resident(loket)
    number = loket.submit(person, "PM1-UMUM", {"tanggalLahir": ["1901-01-01"]})
    loket.done("ketua-rt", "catat-pengantar", number)
    loket.done("petugas", "lengkapkan", number)
    loket.graph.fleet.control("dukcapil", "faults", {"fault": "500"})
    loket.done("petugas", "periksa", number)
    loket.graph.fleet.control("dukcapil", "reset", {})
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
    loket.done("petugas", "tambah-berkas", number, berkas=paper_of("GIRIK"))
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
    assert loket.ask("camat" if name == "calo" else "petugas", name, **nik)


def test_only_the_head_of_an_area_is_told_who_has_many_letters(loket: Loket) -> None:
    """An officer of the counter is denied, with the code of a missing right."""
    (error,) = loket.answer("petugas", "calo")["errors"]
    assert error["extensions"]["code"] == "TIDAK_ADA_HAK"


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
    (person,) = loket.graph.truth.sample(1, where=f"{PLAIN} AND kelurahan = '{KARTINI}'")
    return person
