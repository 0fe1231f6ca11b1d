"""Registers kept in MariaDB answer what the ground truth says: books, residents, old lines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from demo.fleet import Fleet
from demo.registers.mariadb import load_registers
from tests.testkit.joined_graph import TODAY, JoinedGraph, demo_config, gateway_over
from tests.testkit.mariadb import running_mariadb

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.needs_mariadb]

PLAIN, LATIN1 = "31.71.02.1001", "31.71.02.1002"
_LETTERS = """query Q($nik: NIK!) {
  penduduk(nik: $nik) { surat { kelurahan { kode } nomor tahun namaTertulis } }
}"""


@pytest.fixture(scope="module")
def graph(legacy_fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JoinedGraph]:
    """Serve the joined graph with two of its five registers moved into a database server."""
    legacy_fleet.reset()
    legacy_fleet.set_quota("pelayanan", 1_000_000)
    subgraphs = demo_config()["subgraphs"]
    with running_mariadb() as database:
        truth = legacy_fleet.world / "truth.sqlite"
        asyncio.run(load_registers(database.url(), truth, plain=PLAIN, latin1=LATIN1))
        for register in subgraphs["kelurahan"]["settings"]["registers"][:2]:
            register["url"] = database.url()
            register.pop("encoding", None)  # the server knows how its tables are encoded
        folder = tmp_path_factory.mktemp("mariadb")
        with gateway_over(legacy_fleet, folder, config={"subgraphs": subgraphs}) as graph:
            yield graph


@pytest.mark.parametrize("kelurahan", [PLAIN, LATIN1])
def test_a_book_is_the_truths(graph: JoinedGraph, kelurahan: str) -> None:
    """Every letter of 2026, page by page, in book order and with its name as written."""
    book = [e for e in graph.truth.book(kelurahan, with_nik=True) if e.tahun == 2026]
    days = {"dari": "2026-01-01", "sampai": TODAY}
    nodes = graph.pages(
        "5-counter-letters", "suratKelurahan", kelurahan=kelurahan, **days, jumlah=150
    )
    assert [
        (n["nomor"], n["urut"], n["tanggal"], n["jenis"], n["namaTertulis"], n["pemohon"]["nik"])
        for n in nodes
    ] == [(e.nomor, e.urut, e.tanggal, e.jenis, e.nama, e.nik) for e in book]
    assert len(book) > 100


@pytest.mark.parametrize("kelurahan", [PLAIN, LATIN1])
def test_residents_have_their_letters(graph: JoinedGraph, kelurahan: str) -> None:
    """The letters of people who have one here, those of the other registers included."""
    niks = {e.nik for e in graph.truth.book(kelurahan, with_nik=True) if e.nik is not None}
    for nik in sorted(niks)[::40][:25]:
        answer = graph.product.graphql(_LETTERS, {"nik": nik})
        assert "errors" not in answer
        if answer["data"]["penduduk"] is None:
            continue  # a number that the civil registry does not know (any more)
        assert {
            (e["kelurahan"]["kode"], e["nomor"], e["tahun"], e["namaTertulis"])
            for e in answer["data"]["penduduk"]["surat"]
        } == {(e.kelurahan, e.nomor, e.tahun, e.nama) for e in graph.truth.letters(nik)}


@pytest.mark.parametrize("kelurahan", [PLAIN, LATIN1])
def test_old_lines_are_candidates(graph: JoinedGraph, kelurahan: str) -> None:
    """Flawless lines of the old books are found for the residents whom they are about."""
    people = graph.truth.sample(
        25,
        22,
        where=f"kelurahan = '{kelurahan}' AND pid IN (SELECT pid FROM letter WHERE nik IS NULL"
        f" AND kelurahan = '{kelurahan}')",
    )
    owed = 0
    for person in people:
        lines = graph.ask("2-my-letters-and-licences", nik=person.nik)["penduduk"]["barisRegister"]
        own = {
            (e.tahun, e.urut)
            for e in graph.truth.letters_of(person.pid)
            if e.nik is None and e.kelurahan == kelurahan and not e.cacat
        }
        owed += len(own)
        assert own <= {(line["buku"], line["urut"]) for line in lines}
    assert owed > 10
