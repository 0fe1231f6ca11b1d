"""The registers' graph over the five ways of keeping them, against the truth."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import SourceStatus, SubgraphResponse
from adapters.kelurahan.adapter import adapter
from adapters.kit.runtime import LocalExecutor
from tests.testkit.legacy import find_world, open_truth
from tests.testkit.registers import example_settings
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio

CODES = [f"31.71.02.{1000 + at}" for at in range(1, 6)]
LIST = (
    "query ($k: KodeWilayah!, $jenis: String, $dari: Tanggal, $sampai: Tanggal, $first: Int,"
    " $after: String) { suratKelurahan(kelurahan: $k, jenis: $jenis, dari: $dari, sampai: $sampai,"
    " first: $first, after: $after)"
    " { nodes { nomor tahun tanggal jenis pemohon { nik } } pageInfo { hasNextPage endCursor } } }"
)


@pytest.fixture(scope="session")
def truth() -> sqlite3.Connection:
    """The ground truth that the registers were written from."""
    return open_truth()


@pytest.fixture
def registers(tmp_path: Path) -> Path:
    """A copy of the registers that a test may break."""
    return Path(shutil.copytree(find_world() / "registers", tmp_path / "registers"))


@pytest.fixture
async def executor() -> AsyncIterator[LocalExecutor]:
    """The adapter over all five registers."""
    opened = await adapter.open(example_settings(find_world() / "registers"))
    yield opened
    await opened.aclose()


def letters(truth: sqlite3.Connection, condition: str) -> list[sqlite3.Row]:
    """Pick letters of the truth."""
    return truth.execute(f"SELECT * FROM letter WHERE {condition} ORDER BY tahun, urut").fetchall()


def reps(niks: list[str]) -> list[dict[str, Any]]:
    """Make representations of residents."""
    return [{"__typename": "Penduduk", "nik": nik} for nik in niks]


async def walk(executor: LocalExecutor, **variables: Any) -> list[dict[str, Any]]:
    """Walk all pages of a list."""
    nodes: list[dict[str, Any]] = []
    more = True
    while more:
        response = await ask(executor, LIST, variables)
        assert response.errors == ()
        assert response.defects == ()
        page = response.data["suratKelurahan"]
        nodes += page["nodes"]
        variables["after"] = page["pageInfo"]["endCursor"]
        more = page["pageInfo"]["hasNextPage"]
    return nodes


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("first", [13, 1000])
async def test_letters_of_a_kelurahan_are_the_truths(
    executor: LocalExecutor, truth: sqlite3.Connection, code: str, first: int
) -> None:
    """All pages of each register, however it is kept, are the truth's letters with a NIK."""
    nodes = await walk(executor, k=code, first=first)
    assert [
        (n["nomor"], n["tahun"], n["tanggal"], n["jenis"], n["pemohon"]["nik"]) for n in nodes
    ] == [
        (row["nomor"], row["tahun"], row["tanggal"], row["jenis"], f"{row['nik']:016d}")
        for row in letters(truth, f"kelurahan = '{code}' AND nik IS NOT NULL")
    ]


@pytest.mark.parametrize("code", CODES)
async def test_letters_by_kind_and_days(
    executor: LocalExecutor, truth: sqlite3.Connection, code: str
) -> None:
    """The list of a counter: one kind, two days, both included."""
    nodes = await walk(
        executor, k=code, jenis="SKTM", dari="2025-11-15", sampai="2026-03-31", first=4
    )
    expected = letters(
        truth,
        f"kelurahan = '{code}' AND nik IS NOT NULL AND jenis = 'SKTM'"
        " AND tanggal BETWEEN '2025-11-15' AND '2026-03-31'",
    )
    assert [n["nomor"] for n in nodes] == [row["nomor"] for row in expected]


async def test_letters_of_people_from_all_registers(
    executor: LocalExecutor, truth: sqlite3.Connection
) -> None:
    """Every NIK gets its own letters, and a register is asked once at most for all of them."""
    rows = letters(truth, "nik IS NOT NULL")
    niks = [*dict.fromkeys(f"{row['nik']:016d}" for row in rows)][:200]
    text = "{ ... on Penduduk { surat { nomor tahun kelurahan { kode } } } }"
    await ask_entities(executor, text, reps(niks[:1]))  # reads the files and lists
    response = await ask_entities(executor, text, reps(niks))
    assert response.errors == ()
    for nik, entity in zip(niks, response.data, strict=True):
        assert sorted(
            (s["nomor"], s["tahun"], s["kelurahan"]["kode"]) for s in entity["surat"]
        ) == sorted(
            (row["nomor"], row["tahun"], row["kelurahan"])
            for row in rows
            if f"{row['nik']:016d}" == nik
        )
    calls = {report.source: report.calls for report in response.reports}
    assert set(calls) == {f"kelurahan/{code}" for code in CODES}
    assert max(calls.values()) <= 1


async def test_registers_that_do_not_know_a_nik_are_not_asked(
    executor: LocalExecutor, truth: sqlite3.Connection
) -> None:
    """The lists in memory answer for the others, which are named, with the age of the list."""
    (row, *_) = letters(truth, "kelurahan = '31.71.02.1001' AND nik IS NOT NULL")
    nik = f"{row['nik']:016d}"
    text = "{ ... on Penduduk { surat { nomor } } }"
    await ask_entities(executor, text, reps([nik]))
    response = await ask_entities(executor, text, reps([nik]))
    calls = {report.source: report.calls for report in response.reports}
    assert calls["kelurahan/31.71.02.1001"] == 1
    assert calls["kelurahan/31.71.02.1002"] == 0
    assert all(report.as_of is not None for report in response.reports)
    codes = {report.source: report.code for report in response.reports}
    assert codes["kelurahan/31.71.02.1001"] is None
    assert codes["kelurahan/31.71.02.1002"] == "TIDAK_DITANYA"
    assert sources(response, SourceStatus.ANSWERED) == {*codes}


@pytest.mark.parametrize("relation", ["surat { nomor }", "suratPengantar { nomor }"])
async def test_nobody_is_asked_about_an_unknown_nik(executor: LocalExecutor, relation: str) -> None:
    """Where no list names the NIK every register is named as not asked."""
    response = await ask_entities(
        executor, f"{{ ... on Penduduk {{ {relation} }} }}", reps(["3171990101909001"])
    )
    assert response.data == [{relation.split()[0]: []}]
    assert {(report.source, report.code, report.calls) for report in response.reports} == {
        (f"kelurahan/{code}", "TIDAK_DITANYA", 0) for code in CODES
    }


async def test_a_register_that_one_relation_asks_is_asked(
    executor: LocalExecutor, truth: sqlite3.Connection
) -> None:
    """One relation passes over a register that another asks: it is not named as not asked."""
    (row, *_) = letters(truth, "kelurahan = '31.71.02.1001' AND nik IS NOT NULL")
    address = {"rt": "001", "rw": "001", "kelurahan": {"kode": "31.71.02.1005"}}
    response = await ask_entities(
        executor,
        "{ ... on Penduduk { barisRegister { urut } surat { nomor } } }",
        [{**reps([f"{row['nik']:016d}"])[0], "nama": "A", "tanggalLahir": None, "alamat": address}],
    )
    codes = {report.source: report.code for report in response.reports}
    assert codes["kelurahan/31.71.02.1001"] is None
    assert codes["kelurahan/31.71.02.1005"] is None
    assert codes["kelurahan/31.71.02.1003"] == "TIDAK_DITANYA"


@pytest.mark.parametrize("is_known", [True, False])
async def test_the_last_version_of_a_file_is_stale(
    registers: Path, truth: sqlite3.Connection, is_known: bool
) -> None:
    """A newer version that cannot be read makes the register stale, also where its list decides."""
    settings = example_settings(registers)
    settings["registers"][3]["refresh_seconds"] = 0.001
    (row, *_) = letters(truth, "kelurahan = '31.71.02.1004' AND nik IS NOT NULL")
    nik = f"{row['nik']:016d}" if is_known else "3171990101909001"
    executor = await adapter.open(settings)
    text = "{ ... on Penduduk { surat { nomor } } }"
    before = await ask_entities(executor, text, reps([nik]))
    (registers / "31.71.02.1004" / "register_baru.csv").write_text("halves of a li")
    after = await ask_entities(executor, text, reps([nik]))
    await executor.aclose()

    assert sources(before, SourceStatus.STALE) == set()
    assert after.data == before.data
    assert after.errors == ()
    (stale,) = (report for report in after.reports if report.status is SourceStatus.STALE)
    (fresh,) = (report for report in before.reports if report.source == stale.source)
    assert stale.source == "kelurahan/31.71.02.1004"
    assert (stale.code, stale.as_of) == ("SUMBER_TIDAK_TERSEDIA", fresh.as_of)


async def test_a_list_that_cannot_be_read_again_is_stale(
    registers: Path, truth: sqlite3.Connection
) -> None:
    """A database is down and its old list rules it out: the answer rests on the last good list."""
    settings = example_settings(registers)
    settings["registers"][0]["index_seconds"] = 0.001
    executor = await adapter.open(settings)
    text = "{ ... on Penduduk { surat { nomor } } }"
    await ask_entities(executor, text, reps(["3171990101909001"]))
    (registers / "31.71.02.1001" / "register.sqlite").unlink()
    response = await ask_entities(executor, text, reps(["3171990101909001"]))
    await executor.aclose()
    assert response.errors == ()
    assert sources(response, SourceStatus.STALE) == {"kelurahan/31.71.02.1001"}


async def test_letter_by_key(executor: LocalExecutor, truth: sqlite3.Connection) -> None:
    """A composite key finds the letter, by root field and by representation."""
    found = [letters(truth, f"kelurahan = '{code}' AND nik IS NOT NULL")[3] for code in CODES]
    representations = [
        {
            "__typename": "Surat",
            "kelurahan": {"kode": row["kelurahan"]},
            "nomor": row["nomor"],
            "tahun": row["tahun"],
        }
        for row in found
    ]
    response = await ask_entities(executor, "{ ... on Surat { tanggal jenis } }", representations)
    assert response.data == [{"tanggal": r["tanggal"], "jenis": r["jenis"]} for r in found]
    row = found[4]
    response = await ask(
        executor,
        f'{{ surat(kelurahan: "{row["kelurahan"]}", nomor: "{row["nomor"]}", tahun: {row["tahun"]})'
        f' {{ tanggal }} tidak: surat(kelurahan: "31.71.02.1001", nomor: "x", tahun: 2026)'
        " { tanggal } }",
    )
    assert response.data == {"surat": {"tanggal": row["tanggal"]}, "tidak": None}


async def test_old_books_are_no_letters(executor: LocalExecutor, truth: sqlite3.Connection) -> None:
    """A line without a NIK cannot be had as a letter, but as a line."""
    row = letters(truth, "kelurahan = '31.71.02.1001' AND nik IS NULL")[0]
    place = {"kelurahan": {"kode": row["kelurahan"]}}
    response = await ask_entities(
        executor,
        "{ ... on Surat { tanggal } ... on BarisRegister { nomor tanggal } }",
        [
            {"__typename": "Surat", **place, "nomor": row["nomor"], "tahun": row["tahun"]},
            {"__typename": "BarisRegister", **place, "buku": row["tahun"], "urut": row["urut"]},
        ],
    )
    assert response.data == [None, {"nomor": row["nomor"], "tanggal": row["tanggal"]}]


@pytest.mark.parametrize("code", CODES)
async def test_old_lines_are_found_by_name_birth_and_place(
    executor: LocalExecutor, truth: sqlite3.Connection, code: str
) -> None:
    """Most old lines of a register are found for their person, dirt and all, with a high score."""
    people = truth.execute(
        "SELECT p.*, l.tahun, l.urut, l.cacat FROM letter l JOIN person p ON p.pid = l.pid"
        " WHERE l.kelurahan = ? AND l.nik IS NULL AND p.kelurahan = l.kelurahan",
        (code,),
    ).fetchall()
    representations = [
        {
            "__typename": "Penduduk",
            "nik": str(p["nik"]),
            "nama": p["nama"],
            "tanggalLahir": p["lahir"],
            "alamat": {
                "rt": f"{p['rt']:03d}",
                "rw": f"{p['rw']:03d}",
                "kelurahan": {"kode": p["kelurahan"]},
            },
        }
        for p in people
    ]
    response = await ask_entities(
        executor,
        "{ ... on Penduduk { barisRegister { buku urut tingkatKecocokan } } }",
        representations,
    )
    assert response.errors == ()
    found = 0
    for person, entity in zip(people, response.data, strict=True):
        scores = [line["tingkatKecocokan"] for line in entity["barisRegister"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0.75 <= score <= 1.0 for score in scores)
        places = [(line["buku"], line["urut"]) for line in entity["barisRegister"]]
        hit = (person["tahun"], person["urut"]) in places
        found += hit
        assert hit or person["cacat"], "a clean line must be found"
    assert found / len(people) > 0.97
    asked = [r.source for r in response.reports if r.code != "TIDAK_DITANYA"]
    assert asked == [f"kelurahan/{code}"]
    assert len(response.reports) == 5


async def test_person_without_name_has_no_candidates(executor: LocalExecutor) -> None:
    """Where the civil registry was silent there is nothing to match, and nobody is asked."""
    response = await ask_entities(
        executor,
        "{ ... on Penduduk { barisRegister { urut } } }",
        [{**reps(["3171990101909001"])[0], "nama": None, "tanggalLahir": None, "alamat": None}],
    )
    assert response.data == [{"barisRegister": []}]
    assert {report.calls for report in response.reports} == {0}


async def test_introductions(executor: LocalExecutor, truth: sqlite3.Connection) -> None:
    """A resident's introductions carry their RT, and their key finds them again."""
    rows = truth.execute(
        "SELECT * FROM introduction WHERE nik IS NOT NULL ORDER BY kelurahan, tanggal"
    ).fetchall()[::40]
    fields = "{ rt { kode } nomor tahun tanggal keperluan }"
    response = await ask_entities(
        executor,
        f"{{ ... on Penduduk {{ suratPengantar {fields} }} }}",
        reps([f"{row['nik']:016d}" for row in rows]),
    )
    assert response.errors == ()
    for row, entity in zip(rows, response.data, strict=True):
        code = f"{row['kelurahan']}/RW{row['rw']:03d}/RT{row['rt']:03d}"
        expected = {
            "rt": {"kode": code},
            "nomor": row["nomor"],
            "tahun": row["tahun"],
            "tanggal": row["tanggal"],
            "keperluan": row["keperluan"],
        }
        assert expected in entity["suratPengantar"]
    first = response.data[0]["suratPengantar"][0]
    key = {"rt": first["rt"], "nomor": first["nomor"], "tahun": first["tahun"]}
    again = await ask_entities(
        executor,
        "{ ... on SuratPengantar { tanggal } }",
        [{"__typename": "SuratPengantar", **key}],
    )
    assert again.data == [{"tanggal": first["tanggal"]}]


def sources(response: SubgraphResponse, status: SourceStatus) -> set[str]:
    """Name the sources of this status."""
    return {report.source for report in response.reports if report.status is status}


@pytest.mark.parametrize(
    ("code", "broken"),
    [
        ("31.71.02.1001", "register.sqlite"),
        ("31.71.02.1002", "register.sqlite"),
        ("31.71.02.1003", "register.xlsx"),
        ("31.71.02.1004", "register_baru.csv"),
        ("31.71.02.1005", "REGBARU.DBF"),
    ],
)
async def test_one_broken_register_leaves_the_others(
    registers: Path, truth: sqlite3.Connection, code: str, broken: str
) -> None:
    """A missing register costs its own letters, is named, and leaves the rest."""
    (registers / code / broken).unlink()
    executor = await adapter.open(example_settings(registers))
    rows = letters(truth, "nik IS NOT NULL")
    niks = [f"{row['nik']:016d}" for row in rows[:80]]
    response = await ask_entities(
        executor, "{ ... on Penduduk { surat { nomor kelurahan { kode } } } }", reps(niks)
    )
    await executor.aclose()
    assert sources(response, SourceStatus.UNAVAILABLE) == {f"kelurahan/{code}"}
    assert {(e.code, e.source) for e in response.errors} == {
        ("SUMBER_TIDAK_TERSEDIA", f"kelurahan/{code}")
    }
    found = {s["kelurahan"]["kode"] for entity in response.data for s in entity["surat"]}
    assert found == {*CODES} - {code}
    assert not any(nik in repr(response.errors) for nik in niks)


async def test_plain_reading_of_latin1_is_a_defect(registers: Path) -> None:
    """Without its declared encoding the latin1 register cannot be read, and says so."""
    settings = example_settings(registers)
    del settings["registers"][1]["encoding"]
    executor = await adapter.open(settings)
    response = await ask(executor, LIST, {"k": "31.71.02.1002", "first": 1000})
    await executor.aclose()
    assert response.data == {"suratKelurahan": None}
    assert [e.code for e in response.errors] == ["DATA_RUSAK"]


async def test_unknown_kelurahan_is_the_callers_error(executor: LocalExecutor) -> None:
    """A kelurahan whose register is not connected cannot be listed."""
    response = await ask(executor, LIST, {"k": "31.71.01.1001"})
    assert response.data == {"suratKelurahan": None}
    assert [e.code for e in response.errors] == ["BAD_USER_INPUT"]
