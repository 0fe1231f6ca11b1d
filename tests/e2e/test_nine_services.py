"""All nine services over the fleet: a letter, a refusal, a repair and an outage each.

The table is ``tests/testkit/nine_services.py``; the steps are the same for all.
"""

from __future__ import annotations

from typing import Any

import pytest

from adapters.loket.service_file import SERVICE_CODES
from tests.testkit.counter import Loket
from tests.testkit.imports import ROOT
from tests.testkit.nine_services import Found, Scenario, find_scenarios

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def scenarios(loket: Loket) -> dict[str, Scenario]:
    """Find everybody whom the services are shown with."""
    return find_scenarios(loket.graph.truth)


@pytest.mark.parametrize("service", SERVICE_CODES)
def test_from_submission_to_a_verified_letter(
    loket: Loket, scenarios: dict[str, Scenario], service: str
) -> None:
    """With a repair of the form, and an agency that is down and back, on the way."""
    scenario = scenarios[service]
    foreseen = loket.foresee(scenario.applicant, service, scenario.form)
    assert foreseen["mungkin"]
    number = _complete(loket, scenario)
    _repair(loket, scenario, number)
    _check_during_outage(loket, scenario, number)
    _verify_file(loket, number)
    _issue(loket, scenario, number)
    told = loket.track(number)
    assert _proven(told) == _proven(foreseen)
    assert (told["status"], told["sla"]["lampu"]) == ("TERBIT", "HIJAU")
    assert all(each["terpenuhi"] for each in told["persyaratan"])
    _verify_letter(loket, scenario, number)
    loket.done("petugas", "serahkan", number)


@pytest.mark.parametrize("service", SERVICE_CODES)
def test_what_the_records_refuse(
    loket: Loket, scenarios: dict[str, Scenario], service: str
) -> None:
    """The check fails and blocks; the application is refused, with a reason that stays."""
    scenario = scenarios[service]
    foreseen = loket.foresee(scenario.refused, service, scenario.refused_form)
    assert not foreseen["mungkin"]
    assert scenario.refusal in _findings(foreseen)
    number = loket.submit(scenario.refused, service, scenario.refused_form, scenario.papers)
    loket.done("ketua-rt", "catat-pengantar", number)
    loket.done("petugas", "lengkapkan", number)
    assert scenario.refusal in _found(loket, number)
    refusal = loket.refused("petugas", "verifikasi", number)
    assert refusal["kode"] == "PEMERIKSAAN_MENGHALANGI"
    assert scenario.refusal[0] in refusal["rincian"]
    loket.done("petugas", "tolak", number, alasan="Tidak sesuai catatan.")
    told = loket.track(number)
    assert (told["status"], told["riwayat"][-1]["alasan"]) == ("DITOLAK", "Tidak sesuai catatan.")
    assert loket.refused("petugas", "verifikasi", number)["langkahSah"] == []


def test_the_page_tells_how_each_service_is_shown(scenarios: dict[str, Scenario]) -> None:
    """Row by row."""
    page = (ROOT / "docs" / "loket.md").read_text("utf-8")
    assert [row for row in map(_row, scenarios.values()) if row not in page] == []


def _row(scenario: Scenario) -> str:
    told = [
        f"`{code}` {result} {reason or ''}".strip()
        for code, result, reason in (scenario.found, scenario.refusal)
    ]
    outage = f"{scenario.outage.server}: `{scenario.outage.check}`"
    signers = ", then ".join(scenario.signers)
    return f"| {scenario.service} | {told[0]} | {told[1]} | {outage} | {signers} |"


def _complete(loket: Loket, scenario: Scenario) -> str:
    """Submit with the mistake; without the papers the file is not complete."""
    form = {**scenario.form, **scenario.mistake}
    applicant, proxy = scenario.applicant, scenario.proxy
    number = loket.submit(applicant, scenario.service, form, scenario.papers, proxy)
    early = loket.refused("petugas", "lengkapkan", number)
    assert (early["kode"], early["rincian"]) == ("BERKAS_KURANG", ["PENGANTAR"])
    loket.done("ketua-rt", "catat-pengantar", number)
    for step in ("ambil-tugas", "lengkapkan"):
        loket.done("petugas", step, number)
    return number


def _repair(loket: Loket, scenario: Scenario, number: str) -> None:
    """The mistake is found; the applicant is told, and repairs; the clock stands meanwhile."""
    assert scenario.found in _found(loket, number)
    reason = "Isian tidak sesuai catatan."
    loket.done("petugas", "minta-perbaikan", number, alasan=reason)
    told = loket.track(number)
    assert (told["sla"]["lampu"], told["riwayat"][-1]["alasan"]) == ("DITANGGUHKAN", reason)
    loket.resubmit(scenario.applicant, number, scenario.form)
    blocked = loket.refused("petugas", "verifikasi", number)
    assert scenario.found[0] in blocked["rincian"], "what was checked before is checked again"


def _check_during_outage(loket: Loket, scenario: Scenario, number: str) -> None:
    """What the silent agency decides could not be found, and passes nothing; then it is back."""
    outage = scenario.outage
    loket.graph.fleet.switch(outage.server, "500", method=outage.method)
    found = loket.checks(number)
    loket.graph.fleet.switch(outage.server, "none")
    check = found[outage.check]
    assert (check["hasil"], check["alasan"]) == ("BELUM_DAPAT", "SUMBER_TIDAK_TERSEDIA")
    blocked = loket.refused("petugas", "verifikasi", number)
    assert blocked["kode"] == "PEMERIKSAAN_MENGHALANGI"
    assert outage.check in blocked["rincian"]


def _verify_file(loket: Loket, number: str) -> None:
    """Every check passes, or is confirmed by the first paper; then the file is verified."""
    found = loket.checks(number)
    results = {code: each["hasil"] for code, each in found.items()}
    assert {*results.values()} <= {"LULUS", "PERLU_PETUGAS"}, results
    for code, result in results.items():
        if result == "PERLU_PETUGAS":
            blocked = loket.refused("petugas", "verifikasi", number)
            assert code in blocked["rincian"]
            loket.done("petugas", "konfirmasi", number, pemeriksaan=code, berkas=1)
    loket.done("petugas", "verifikasi", number)


def _issue(loket: Loket, scenario: Scenario, number: str) -> None:
    """Every signature in its order, from the signer's own tray; without one nothing is issued."""
    loket.done("petugas", "susun-draf", number)
    for signer in scenario.signers:
        refusal = loket.refused("petugas", "terbitkan", number)
        assert refusal["kode"] == "TANDA_TANGAN_KURANG"
        loket.sign(signer, number)
    loket.done("petugas", "terbitkan", number)


def _verify_letter(loket: Loket, scenario: Scenario, number: str) -> None:
    """Anybody may ask whether it is genuine; a changed file is not the one that was issued."""
    letter = loket.fetch_letter(number)
    assert scenario.applicant.nik in letter.text
    told = loket.verify(letter)
    assert (told["asli"], told["dokumenSesuai"], told["status"]) == (True, True, "TERBIT")
    assert (told["jenis"], told["nomor"]) == (scenario.service, letter.number)
    middle = len(letter.file) // 2
    changed = bytes([letter.file[middle] ^ 1])
    tampered = letter.file[:middle] + changed + letter.file[middle + 1 :]
    assert loket.verify(letter, tampered)["dokumenSesuai"] is False


def _found(loket: Loket, number: str) -> set[Found]:
    loket.done("petugas", "periksa", number)
    return _findings(loket.track(number))


def _findings(told: Any) -> set[Found]:
    return {(each["kode"], each["hasil"], each["alasan"]) for each in told["pemeriksaan"]}


def _proven(told: Any) -> set[str]:
    """Name the requirements that the records prove, without a paper."""
    return {each["kode"] for each in told["persyaratan"] if each["terbukti"]}
