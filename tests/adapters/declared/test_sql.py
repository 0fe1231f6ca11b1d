"""The declared example over a table: lookups, relations, lists, and what the source is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.kit.runtime import LocalExecutor
from tests.testkit.declared import opened_example, write_table
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio

_CREATE = (
    "kunjungan (no_kunj TEXT, tgl TEXT, berat TEXT, sts_gizi TEXT, nik_anak TEXT, kd_kel TEXT)"
)
NIK, OTHER = "3171021503200001", "3171024107210002"
ROWS = (
    ("K-1", "2026-03-01", "9500", "B", NIK, "31.71.02.1001"),
    ("K-2", "2026-01-05", "nol koma", "k", NIK, "3171021001"),
    ("K-3", "2026-02-01", "0", None, OTHER, "31.71.02.1001"),
    ("K-4", "31-31-2026", "8100", "Z", "paspor", "31.71.02.1002"),
)


@pytest.fixture
async def executor(tmp_path: Path) -> AsyncIterator[LocalExecutor]:
    """The adapter over a table of four visits."""
    write_table(tmp_path / "p.sqlite", _CREATE, ROWS)
    async with opened_example("posyandu", tmp_path, url="sqlite+aiosqlite:///p.sqlite") as opened:
        yield opened


async def test_lookup_by_key(executor: LocalExecutor) -> None:
    """A record is found by its key and mapped by the rules of its types; aliases share a call."""
    response = await ask(
        executor,
        '{ a: kunjungan(nomor: "K-1") { nomor tanggal beratGram gizi anak { nik }'
        ' kelurahan { kode } } b: kunjungan(nomor: "K-9") { nomor }'
        ' c: kunjungan(nomor: "K-3") { beratGram gizi } }',
    )
    assert response.errors == ()
    assert response.data == {
        "a": {
            "nomor": "K-1",
            "tanggal": "2026-03-01",
            "beratGram": 9500,
            "gizi": "BAIK",
            "anak": {"nik": NIK},
            "kelurahan": {"kode": "31.71.02.1001"},
        },
        "b": None,
        "c": {"beratGram": 0, "gizi": None},
    }


async def test_relation_from_another_subgraphs_type(executor: LocalExecutor) -> None:
    """Records are grouped by the key that is read from them; who has none has an empty list."""
    response = await ask_entities(
        executor,
        "{ ... on Penduduk { kunjunganPosyandu { nomor kelurahan { kode } } } }",
        [
            {"__typename": "Penduduk", "nik": OTHER},
            {"__typename": "Penduduk", "nik": "3171020101900009"},
            {"__typename": "Penduduk", "nik": NIK},
        ],
    )
    assert response.errors == ()
    kode = {"kode": "31.71.02.1001"}
    assert response.data == [
        {"kunjunganPosyandu": [{"nomor": "K-3", "kelurahan": kode}]},
        {"kunjunganPosyandu": []},
        {
            "kunjunganPosyandu": [
                {"nomor": "K-1", "kelurahan": kode},
                {"nomor": "K-2", "kelurahan": kode},
            ]
        },
    ]
    assert [report.calls for report in response.reports] == [1]


async def test_values_that_cannot_be_read_are_marked(executor: LocalExecutor) -> None:
    """A broken value costs its field and not the record, and is told without being repeated."""
    response = await ask(
        executor, '{ kunjungan(nomor: "K-4") { nomor tanggal beratGram gizi anak { nik } } }'
    )
    assert response.data["kunjungan"] == {
        "nomor": "K-4",
        "tanggal": None,
        "beratGram": 8100,
        "gizi": None,
        "anak": None,
    }
    assert {defect.coordinate for defect in response.defects} == {
        "Kunjungan.tanggal",
        "Kunjungan.gizi",
        "Kunjungan.anak",
    }
    assert "paspor" not in str(response.defects)


async def test_list_filters_orders_and_pages(executor: LocalExecutor) -> None:
    """Filters are asked of the table in its own spellings; a cursor leads to the next page."""
    query = (
        '{ daftarKunjungan(kelurahan: "31.71.02.1001", first: 2%s)'
        " { nodes { nomor } pageInfo { hasNextPage endCursor } } }"
    )
    first = (await ask(executor, query % "")).data["daftarKunjungan"]
    assert [node["nomor"] for node in first["nodes"]] == ["K-2", "K-3"]
    assert first["pageInfo"]["hasNextPage"]
    after = f', after: "{first["pageInfo"]["endCursor"]}"'
    second = (await ask(executor, query % after)).data["daftarKunjungan"]
    assert [node["nomor"] for node in second["nodes"]] == ["K-1"]
    assert not second["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ('dari: "2026-02-01"', ["K-3", "K-1"]),
        ('dari: "2026-01-05", sampai: "2026-02-01"', ["K-2", "K-3"]),
        ("gizi: BAIK", ["K-1"]),
    ],
)
async def test_filters(executor: LocalExecutor, arguments: str, numbers: list[str]) -> None:
    """Bounds include their own day; an enum is asked as the source writes it."""
    query = (
        f'{{ daftarKunjungan(kelurahan: "31.71.02.1001", {arguments}) {{ nodes {{ nomor }} }} }}'
    )
    response = await ask(executor, query)
    assert response.errors == ()
    nodes = response.data["daftarKunjungan"]["nodes"]
    assert [node["nomor"] for node in nodes] == numbers


async def test_a_foreign_cursor_is_refused(executor: LocalExecutor) -> None:
    """What is no cursor of this list is the caller's mistake."""
    query = '{ daftarKunjungan(kelurahan: "31.71.02.1001", after: "x") { nodes { nomor } } }'
    response = await ask(executor, query)
    assert [error.code for error in response.errors] == ["BAD_USER_INPUT"]


async def test_a_source_that_is_gone(tmp_path: Path) -> None:
    """A missing database is an outage of the adapter's source, under its name."""
    async with opened_example("posyandu", tmp_path, url="sqlite+aiosqlite:///x.db") as executor:
        response = await ask(executor, '{ kunjungan(nomor: "K-1") { nomor } }')
    assert [(error.code, error.source) for error in response.errors] == [
        ("SUMBER_TIDAK_TERSEDIA", "posyandu")
    ]
