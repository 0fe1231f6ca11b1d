"""The operations over lists equal the ground truth as sets, for each of the five kelurahan.

All pages are walked, and the filters are those that ``docs/examples`` documents for the client.
"""

from __future__ import annotations

from collections import Counter
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


@pytest.mark.parametrize("jenis", ["PM1-UMUM", "SKTM"])
def test_pm1_letters_for_people_from_elsewhere(
    joined_graph: JoinedGraph, kelurahan: str, jenis: str
) -> None:
    """PM1 letters whose holder's family card lies in another kelurahan equal the truth."""
    nodes = joined_graph.pages(
        "9-pm1-outside-kelurahan", "suratKelurahan", kelurahan=kelurahan, jenis=jenis, jumlah=200
    )

    found = {
        (node["nomor"], str(node["tahun"]))
        for node in nodes
        if (address := node["pemohon"]["alamat"]) is not None
        and address["kelurahan"]["kode"] != node["kelurahan"]["kode"]
    }
    expected = joined_graph.truth.expected("pm1_luar", kelurahan)
    kinds = {
        (e.nomor, str(e.tahun)): e.jenis for e in joined_graph.truth.book(kelurahan, with_nik=True)
    }
    assert found == {key for key in expected if kinds[key] == jenis}
    assert found


def test_many_letters_for_one_holder_or_rt(joined_graph: JoinedGraph, kelurahan: str) -> None:
    """Holders and RTs with more than two letters in 30 days equal the truth."""
    nodes = joined_graph.pages("10-many-letters", "suratKelurahan", kelurahan=kelurahan, jumlah=100)

    letters = [node for node in nodes if node["jenis"] != "KEMATIAN"]
    holders = {
        (node["pemohon"]["nik"],)
        for node in letters
        if sum(each["jenis"] != "KEMATIAN" for each in node["pemohon"]["surat"]) > 2
    }
    named = Counter(node["rt"]["kode"] for node in letters if node["rt"] is not None)
    rts = {(code,) for code, count in named.items() if count > 2}
    assert holders == joined_graph.truth.expected("pemohon_berulang", kelurahan)
    assert rts == joined_graph.truth.expected("rt_berulang", kelurahan)
    assert rts


@pytest.mark.parametrize("jenis", ["KAWIN-1", "KAWIN-2"])
def test_marriage_letters_for_the_married(
    joined_graph: JoinedGraph, kelurahan: str, jenis: str
) -> None:
    """N1 letters for people who were married before the letter equal the truth."""
    nodes = joined_graph.pages(
        "11-married-already", "suratKelurahan", kelurahan=kelurahan, jenis=jenis
    )

    found = {
        (node["nomor"], str(node["tahun"]))
        for node in nodes
        if node["pemohon"]["statusKawin"] == "KAWIN"
        and node["pemohon"]["tanggalKawin"] < node["tanggal"]
    }
    expected = joined_graph.truth.expected("n1_sudah_kawin", kelurahan)
    kinds = {
        (e.nomor, str(e.tahun)): e.jenis for e in joined_graph.truth.book(kelurahan, with_nik=True)
    }
    assert found == {key for key in expected if kinds[key] == jenis}
    assert expected


def test_addresses_with_many_poor_families(joined_graph: JoinedGraph, kelurahan: str) -> None:
    """Addresses with more than three family cards that received an SKTM equal the truth."""
    nodes = joined_graph.pages(
        "12-crowded-sktm-addresses", "suratKelurahan", kelurahan=kelurahan, jumlah=200
    )

    cards: dict[tuple[str, ...], set[str]] = {}
    for holder in (node["pemohon"] for node in nodes):
        if (home := holder["alamat"]) is not None:
            address = (home["kelurahan"]["kode"], home["jalan"], home["rt"], home["rw"])
            cards.setdefault(address, set()).add(holder["kartuKeluarga"]["noKk"])
    found = {address for address, numbers in cards.items() if len(numbers) > 3}
    assert found == joined_graph.truth.expected("alamat_sktm", kelurahan)
    crowded = {"31.71.02.1002", "31.71.02.1003"}  # where the world's crowded addresses lie
    assert (kelurahan in crowded) == bool(found)


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
