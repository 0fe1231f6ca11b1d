"""What the business registry pushes, in no order and partly twice, against the truth."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from demo.fleet import Fleet
from demo.people.truth import Business
from tests.testkit.joined_graph import JoinedGraph, demo_config, gateway_over

pytestmark = pytest.mark.e2e

_FIELDS = (
    "nib nama jenisPelaku pemilik { nik } tanggalTerbit status kelurahan { kode nama }"
    " kegiatan { kbli risiko } perizinan { status }"
)
_AT_ONCE = 25


@pytest.fixture(scope="module")
def pushed(legacy_fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JoinedGraph]:
    """The joined graph over an empty inbox, after all pushes."""
    config = {"subgraphs": demo_config()["subgraphs"]}
    del config["subgraphs"]["oss"]["settings"]["inbox"]["database"]
    with gateway_over(legacy_fleet, tmp_path_factory.mktemp("pushed"), config=config) as graph:
        legacy_fleet.push_to(graph.product.url)
        pause = Event()  # never set: who asks without a rest takes the pushing's time
        while (counted := legacy_fleet.counters("oss"))["pushing"]:
            pause.wait(0.05)
        assert (counted["accepted"], counted["refused"]) == (counted["pushes"], 0)
        assert counted["known"] == (counted["pushes"] + 9) // 10
        yield graph


def test_every_business_is_as_it_truly_is(pushed: JoinedGraph) -> None:
    """All businesses, with their owner, area, activity, state and licence."""
    businesses = pushed.truth.all_businesses()
    assert len(businesses) > 250
    for at in range(0, len(businesses), _AT_ONCE):
        part = businesses[at : at + _AT_ONCE]
        asked = " ".join(f'u{each.id}: usaha(nib: "{each.nib}") {{ {_FIELDS} }}' for each in part)
        answer = pushed.product.graphql("{ " + asked + " }")
        assert "errors" not in answer, answer["errors"][:3]
        for each in part:
            assert _flat(answer["data"][f"u{each.id}"]) == _expected(each)


def test_residents_have_their_businesses(pushed: JoinedGraph) -> None:
    """Owners have theirs, by the number that was pushed; others have none."""
    people = [*{each.nik: None for each in pushed.truth.all_businesses()}][:60]
    people += [person.nik for person in pushed.truth.sample(20)]
    for at in range(0, len(people), _AT_ONCE):
        part = people[at : at + _AT_ONCE]
        asked = (f'p{nik}: penduduk(nik: "{nik}") {{ usaha {{ nib status }} }}' for nik in part)
        data = pushed.product.graphql("{ " + " ".join(asked) + " }")["data"]
        for nik in part:
            if data[f"p{nik}"] is None:
                continue  # a former number: the civil registry knows it no more
            assert [(each["nib"], each["status"]) for each in data[f"p{nik}"]["usaha"]] == [
                (each.nib, each.status) for each in pushed.truth.businesses(nik)
            ]


def test_who_was_certified_poor_and_owns_a_business(pushed: JoinedGraph) -> None:
    """The manager's question, over all pages of one kelurahan, equals what the truth joins."""
    kelurahan = "31.71.02.1001"
    nodes = pushed.pages("6-sktm-with-active-licence", "suratKelurahan", kelurahan=kelurahan)
    found = {
        (node["nomor"], node["tahun"], each["nib"])
        for node in nodes
        if node["pemohon"] is not None
        for each in node["pemohon"]["usaha"]
    }
    expected = {
        (letter.nomor, letter.tahun, business.nib)
        for letter in pushed.truth.book(kelurahan, with_nik=True)
        if letter.jenis == "SKTM" and "2026-01-01" <= letter.tanggal <= "2026-07-01"
        for business in pushed.truth.businesses(letter.nik or "")
        if business.status == "AKTIF"
    }
    assert found == expected
    assert found


def _flat(found: dict[str, Any]) -> dict[str, Any]:
    """Take the parts of an answer that the truth has, out of their nesting."""
    return {
        "nib": found["nib"],
        "nama": found["nama"],
        "jenis": found["jenisPelaku"],
        "nik": found["pemilik"]["nik"],
        "kelurahan": found["kelurahan"]["kode"],
        "terbit": found["tanggalTerbit"],
        "kbli": found["kegiatan"][0]["kbli"],
        "risiko": found["kegiatan"][0]["risiko"],
        "status": found["status"],
        "perizinan": [each["status"] for each in found["perizinan"]],
    }


def _expected(true: Business) -> dict[str, Any]:
    wanted = {
        name: getattr(true, name)
        for name in ("nib", "nama", "jenis", "nik", "kelurahan", "terbit", "kbli", "risiko")
    }
    licences = [] if true.perizinan is None else [true.perizinan]
    return {**wanted, "status": true.status, "perizinan": licences}
