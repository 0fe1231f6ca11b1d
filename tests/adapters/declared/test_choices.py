"""Filters and orders that callers choose: pushed down to the table, or refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.kit.runtime import LocalExecutor
from tests.testkit.declared import opened_example, write_table
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio

_CREATE = (
    "kunjungan (no_kunj TEXT, tgl TEXT, berat INTEGER, sts_gizi TEXT, nik_anak TEXT, kd_kel TEXT)"
)
NIK, OTHER = "3171021503209001", "3171024107219002"
AREA = "31.71.02.1001"
ROWS = (
    ("K-1", "2026-03-01", 9500, "B", NIK, AREA),
    ("K-2", "2026-01-05", None, "k", NIK, "3171021001"),
    ("K-3", "2026-02-01", 8000, None, OTHER, AREA),
    ("K_4", "2026-02-01", 8100, "L", OTHER, AREA),
    ("K-5", "2026-05-01", 9000, "K", NIK, AREA),
)


@pytest.fixture
async def executor(tmp_path: Path) -> AsyncIterator[LocalExecutor]:
    """The adapter over a table of five visits in one kelurahan."""
    write_table(tmp_path / "p.sqlite", _CREATE, ROWS)
    async with opened_example("posyandu", tmp_path, url="sqlite+aiosqlite:///p.sqlite") as opened:
        yield opened


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ('saring: {nomor: {dalam: ["K-5", "K-1", "K-9"]}}', ["K-1", "K-5"]),
        ('saring: {nomor: {dalam: []}}', []),
        ('saring: {nomor: {awalan: "K_"}}', ["K_4"]),
        ('saring: {nomor: {awalan: "K%"}}', []),
        ("saring: {gizi: {dalam: [BAIK, LEBIH]}}", ["K_4", "K-1"]),
        ("saring: {gizi: {sama: null}, nomor: null}", ["K-2", "K-3", "K_4", "K-1", "K-5"]),
        ("urutkan: [TANGGAL_TURUN]", ["K-5", "K-1", "K-3", "K_4", "K-2"]),
        ("urutkan: [TANGGAL_NAIK, NOMOR_TURUN]", ["K-2", "K_4", "K-3", "K-1", "K-5"]),
        ('dari: "2026-02-01", saring: {gizi: {sama: BAIK}}', ["K-1"]),
    ],
)  # fmt: skip
async def test_lists(executor: LocalExecutor, arguments: str, numbers: list[str]) -> None:
    """All conditions hold; a null asks for nothing; patterns' own letters are plain letters."""
    query = f'{{ daftarKunjungan(kelurahan: "{AREA}", {arguments}) {{ nodes {{ nomor }} }} }}'
    response = await ask(executor, query)
    assert response.errors == ()
    assert [node["nomor"] for node in response.data["daftarKunjungan"]["nodes"]] == numbers
    assert [report.calls for report in response.reports] == [1]


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (
            'nomor: {dari: "K-1"}',
            '"saring.nomor.dari" cannot be asked of the source: '
            'allowed are "sama", "dalam", "awalan".',
        ),
        (
            f"nomor: {{dalam: {['K'] * 501}}}".replace("'", '"'),
            '"saring.nomor.dalam" holds more than 500 values.',
        ),
    ],
)
async def test_refusals(executor: LocalExecutor, filters: str, told: str) -> None:
    """What the source cannot be asked is the caller's mistake, told with what is allowed."""
    query = (
        f'{{ daftarKunjungan(kelurahan: "{AREA}", saring: {{{filters}}}) {{ nodes {{ nomor }} }} }}'
    )
    response = await ask(executor, query)
    assert [(error.code, error.message) for error in response.errors] == [("BAD_USER_INPUT", told)]


async def test_relations(executor: LocalExecutor) -> None:
    """Many parents with one statement, whose conditions and order hold within each."""
    response = await ask_entities(
        executor,
        '{ ... on Penduduk { kunjunganPosyandu(saring: {tanggal: {dari: "2026-02-01"},'
        " gizi: {dalam: [BAIK, KURANG]}}, urutkan: [TANGGAL_TURUN]) { nomor } } }",
        [{"__typename": "Penduduk", "nik": nik} for nik in (OTHER, NIK)],
    )
    assert response.errors == ()
    assert response.data == [
        {"kunjunganPosyandu": []},
        {"kunjunganPosyandu": [{"nomor": "K-5"}, {"nomor": "K-1"}]},
    ]
    assert [report.calls for report in response.reports] == [1]
