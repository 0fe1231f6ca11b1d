"""The four operations over lists equal the ground truth as sets, for each of the five kelurahan.

All pages are walked, and the filters are those that ``docs/examples`` documents for the client.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.testkit.joined_graph import KELURAHAN, TODAY, JoinedGraph

pytestmark = [pytest.mark.e2e, pytest.mark.parametrize("kelurahan", KELURAHAN)]


def test_counter_lists_every_letter(joined_graph: JoinedGraph, kelurahan: str) -> None:
    """Every letter of 2026 is listed once, in book order, with its applicant as registered."""
    truth = joined_graph.truth
    book = [each for each in truth.book(kelurahan, with_nik=True) if each.tahun == 2026]

    nodes = joined_graph.pages(
        "5-counter-letters",
        "suratKelurahan",
        kelurahan=kelurahan,
        dari="2026-01-01",
        sampai=TODAY,
        jumlah=100,
    )

    listed = [(n["nomor"], n["urut"], n["tanggal"], n["jenis"], n["pemohon"]["nik"]) for n in nodes]
    assert listed == [(e.nomor, e.urut, e.tanggal, e.jenis, e.nik) for e in book]
    for node in nodes:
        person = truth.person(node["pemohon"]["nik"]) or truth.bearer(node["pemohon"]["nik"])
        assert person is not None
        if node["pemohon"]["nik"] == person.nik:
            assert node["pemohon"]["nama"] == person.nama
            assert node["pemohon"]["alamat"]["kelurahan"]["kode"] == person.kelurahan


def test_sktm_holders_with_an_active_licence(joined_graph: JoinedGraph, kelurahan: str) -> None:
    """Pairs of an SKTM and a licence in force equal the truth."""
    nodes = joined_graph.pages(
        "6-sktm-with-active-licence", "suratKelurahan", kelurahan=kelurahan, jumlah=70
    )

    found = {
        (node["nomor"], str(node["tahun"]), licence["nomorSk"])
        for node in nodes
        for licence in node["pemohon"]["izin"]
    }
    expected = joined_graph.truth.expected("sktm_izin", kelurahan)
    assert expected
    assert found == expected


def test_letters_for_the_dead_or_frozen(joined_graph: JoinedGraph, kelurahan: str) -> None:
    """Letters for numbers that any agency knew as dead, or that were frozen, equal the truth."""
    nodes = joined_graph.pages(
        "7-letters-for-dead-or-frozen", "suratKelurahan", kelurahan=kelurahan, jumlah=500
    )

    found = {
        (node["nomor"], str(node["tahun"]))
        for node in nodes
        if node["jenis"] != "KEMATIAN" and _was_dead_or_frozen(node["pemohon"], node["tanggal"])
    }
    expected = joined_graph.truth.expected("surat_mati_beku", kelurahan)
    assert expected
    assert found == expected


def test_licences_expiring_whose_owner_is_gone(joined_graph: JoinedGraph, kelurahan: str) -> None:
    """Licences that end within 90 days and whose owner died or moved equal the truth."""
    nodes = joined_graph.pages(
        "8-licences-expiring-owner-gone", "izinBerakhir", kelurahan=kelurahan, jumlah=10
    )

    found = {
        (node["nomorSk"],)
        for node in nodes
        if node["jenis"] != "IPTM" and node["pemilik"] is not None and _is_gone(node["pemilik"])
    }
    expected = joined_graph.truth.expected("izin_berakhir", kelurahan)
    assert expected
    assert found == expected


def _deaths(person: dict[str, Any]) -> list[str]:
    """List the days on which any agency recorded a death."""
    registered = [person["tanggalMeninggal"]] if person["tanggalMeninggal"] else []
    letters = [each["tanggal"] for each in person["suratKematian"]]
    graves = [each["tanggalTerbit"] for each in person["izin"] if each["jenis"] == "IPTM"]
    return [*registered, *letters, *graves]


def _was_dead_or_frozen(person: dict[str, Any], day: str) -> bool:
    frozen = person["statusNik"] == "DIBEKUKAN" and person["statusNikSejak"] < day
    return frozen or any(death < day for death in _deaths(person))


def _is_gone(person: dict[str, Any]) -> bool:
    return person["statusNik"] == "PINDAH" or any(death <= TODAY for death in _deaths(person))
