"""What frontends read at the counter, each for whom it is, and nothing to anybody else."""

from __future__ import annotations

from typing import Any

import pytest

from demo.people.truth import TruePerson
from tests.testkit.counter import KARTINI, PLAIN, Loket
from tests.testkit.product import ask

pytestmark = pytest.mark.e2e

_ELSEWHERE = "31.71.02.1001"


@pytest.fixture(scope="module")
def people(loket: Loket) -> list[TruePerson]:
    """Choose an applicant, a proxy and a stranger."""
    return loket.graph.truth.sample(3, seed=7, where=f"{PLAIN} AND kelurahan = '{KARTINI}'")


@pytest.fixture(scope="module")
def number(loket: Loket, people: list[TruePerson]) -> str:
    """Let the proxy submit the applicant's application."""
    return loket.submit(people[0], "PM1-UMUM", {}, proxy=people[1])


def test_a_person_sees_their_own_and_a_proxy_theirs(
    loket: Loket, people: list[TruePerson], number: str
) -> None:
    """By the NIK that the app vouches for; another who uses the same app is told nothing."""
    applicant, proxy, stranger = people
    for who in (applicant, proxy):
        told = loket.answer("jaki", "lacak", person=who.nik, nomor=number)
        assert "errors" not in told
        assert told["data"]["permohonan"]["nomor"] == number
    assert _denied(loket.answer("jaki", "lacak", person=stranger.nik, nomor=number))
    listed = loket.answer("jaki", "permohonan-rt", person=stranger.nik)["data"]
    assert listed["daftarPermohonan"]["nodes"] == []
    assert number in _applications(loket, applicant, seen_by=applicant)
    assert _applications(loket, applicant, seen_by=stranger) == []
    step = {"nomor": number, "versi": 1, "kunci": "uji-orang-lain", "alasan": "x"}
    result = loket.answer("jaki", "batalkan", person=stranger.nik, **step)["data"]
    assert result["batalkanPermohonan"]["permohonan"] is None
    assert result["batalkanPermohonan"]["penolakan"]["kode"] == "PERAN_TIDAK_BERHAK"


def test_only_an_app_says_who_asks(loket: Loket, people: list[TruePerson], number: str) -> None:
    """An officer cannot become somebody by a header."""
    told = loket.answer("petugas", "lacak", person=people[0].nik, nomor=number)
    assert told["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_the_public_and_other_areas_see_nothing(
    loket: Loket, people: list[TruePerson], number: str
) -> None:
    """Neither who sends no key, nor the kelurahan's officers and RT's head of another area."""
    assert _denied(loket.answer("", "lacak", nomor=number))
    assert _denied(loket.answer("", "antrean"), "daftarPermohonan")
    other_rt = loket.submit(people[0], "PM1-UMUM", {}, rt="004")
    assert _denied(loket.answer("ketua-rt", "lacak", nomor=other_rt))
    there = loket.submit(people[0], "PM1-UMUM", {}, kelurahan=_ELSEWHERE)
    for officer in ("petugas", "lurah", "ketua-rt"):
        assert _denied(loket.answer(officer, "lacak", nomor=there))
        listed = loket.ask(officer, "antrean", wilayah="31.71.02")["daftarPermohonan"]["nodes"]
        assert there not in _numbers(listed)
    assert loket.ask("camat", "lacak", nomor=there)["permohonan"]["nomor"] == there
    assert there in _numbers(_pages(loket, "camat", "antrean", wilayah="31.71.02"))


def test_the_head_of_an_rt_sees_the_requests_of_that_rt(
    loket: Loket, people: list[TruePerson], number: str
) -> None:
    """With the applicant's name as the registry has it, and the step that is the head's."""
    other_rt = loket.submit(people[0], "PM1-UMUM", {}, rt="004")
    listed = {each["nomor"]: each for each in _pages(loket, "ketua-rt", "permohonan-rt")}
    assert other_rt not in listed
    mine = listed[number]
    assert mine["pemohon"]["nama"] == people[0].nama
    assert (mine["status"], mine["langkahSah"]) == ("DIAJUKAN", ["CATAT_PENGANTAR"])


def test_the_queue_tells_light_and_task(loket: Loket, people: list[TruePerson]) -> None:
    """Not begun, in time and standing still; who works on it; the oldest first; none that ended."""
    new, taken, repaired, ended = (loket.submit(people[0], "PM1-UMUM", {}) for _ in range(4))
    for each in (taken, repaired):
        loket.done("ketua-rt", "catat-pengantar", each)
        loket.done("petugas", "lengkapkan", each)
    loket.done("petugas", "ambil-tugas", taken)
    loket.done("petugas", "minta-perbaikan", repaired)
    loket.done("petugas", "tolak", ended)
    queue = {each["nomor"]: each for each in _pages(loket, "petugas", "antrean")}
    lights = [queue[each]["sla"] for each in (new, taken, repaired)]
    assert lights == [
        {"jatuhTempo": None, "lampu": "BELUM_MULAI"},
        {"jatuhTempo": "2026-07-02", "lampu": "HIJAU"},
        {"jatuhTempo": None, "lampu": "DITANGGUHKAN"},
    ]
    assert queue[taken]["penugasan"]["petugas"]["nama"] == "Petugas Loket"
    assert queue[new]["penugasan"] is None
    assert ended not in queue
    assert [each for each in queue if each in (new, taken, repaired)] == [new, taken, repaired]


def test_the_history_is_tracked(loket: Loket, people: list[TruePerson]) -> None:
    """Each step with who took it and why, in order; and what is proven, missing and refused."""
    number = loket.submit(people[0], "PM1-UMUM", {}, ["KK"])
    loket.done("ketua-rt", "catat-pengantar", number)
    for step in ("lengkapkan", "periksa", "minta-perbaikan"):
        loket.done("petugas", step, number)
    told = loket.ask("jaki", "lacak", person=people[0].nik, nomor=number)["permohonan"]
    assert [(each["langkah"], each["peran"]) for each in told["riwayat"]] == [
        ("AJUKAN", "PEMOHON"),
        ("CATAT_PENGANTAR", "KETUA_RTRW"),
        ("LENGKAPKAN", "PETUGAS"),
        ("PERIKSA", "PETUGAS"),
        ("MINTA_PERBAIKAN", "PETUGAS"),
    ]
    assert told["riwayat"][-1]["alasan"] == "Foto KTP tidak terbaca."
    proven = {each["kode"]: (each["terbukti"], each["berkas"]) for each in told["persyaratan"]}
    assert proven == {"PENGANTAR": (False, 2), "KTP": (True, None), "KK": (True, 1)}
    assert {each["hasil"] for each in told["pemeriksaan"]} == {"LULUS"}


def test_the_tray_holds_the_evidence_beside_each_draft(
    loket: Loket, people: list[TruePerson]
) -> None:
    """What a signer signs: the text, whose it is, what the records said, and who confirmed."""
    number = loket.submit(people[0], "SKTM", {}, ["PERNYATAAN_TIDAK_MAMPU"])
    loket.done("ketua-rt", "catat-pengantar", number)
    for step in ("lengkapkan", "periksa"):
        loket.done("petugas", step, number)
    loket.done("petugas", "konfirmasi", number, pemeriksaan="DTKS", berkas=1)
    loket.done("petugas", "verifikasi", number)
    loket.done("petugas", "susun-draf", number, teks="Menerangkan bahwa yang bersangkutan ...")
    (draft,) = [each for each in loket.tray("lurah") if each["nomor"] == number]
    assert draft["pemohon"] == {"nik": people[0].nik, "nama": people[0].nama}
    assert draft["draf"] == "Menerangkan bahwa yang bersangkutan ..."
    assert (draft["menungguTandaTangan"], draft["tandaTangan"]) == (["LURAH"], [])
    found = {each["kode"]: each for each in draft["pemeriksaan"]}
    assert all(each["lulus"] for each in found.values())
    assert found["DTKS"]["dikonfirmasiOleh"] == {"nama": "Petugas Loket"}
    assert "dukcapil" in found["STATUS_NIK"]["sumber"]
    assert "dukcapil/verifikasi" in found["IDENTITAS"]["sumber"]


def _applications(loket: Loket, person: TruePerson, *, seen_by: TruePerson) -> list[str]:
    """List a resident's applications as a person sees them."""
    query = "query ($nik: NIK!) { penduduk(nik: $nik) { permohonan { nomor } } }"
    body = {"query": query, "variables": {"nik": person.nik}}
    headers = {"authorization": "Bearer kunci-jaki-demonstrasi", "simpul-person": seen_by.nik}
    answer = ask(f"{loket.graph.product.url}/graphql", body, headers=headers).json
    assert "errors" not in answer
    return [each["nomor"] for each in answer["data"]["penduduk"]["permohonan"]]


def _pages(loket: Loket, caller: str, example: str, **variables: Any) -> list[Any]:
    nodes: list[Any] = []
    after = None
    while True:
        page = loket.ask(caller, example, setelah=after, **variables)["daftarPermohonan"]
        nodes += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes


def _numbers(nodes: list[Any]) -> set[str]:
    return {each["nomor"] for each in nodes}


def _denied(answer: Any, name: str = "permohonan") -> bool:
    codes = {error["extensions"]["code"] for error in answer["errors"]}
    return answer["data"][name] is None and codes == {"TIDAK_ADA_HAK"}
