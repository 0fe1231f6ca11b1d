"""A register in a table finds NIKs in whatever spelling the clerks left them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from adapters.kelurahan.adapter import adapter
from tests.testkit.selections import ask_entities

pytestmark = pytest.mark.anyio

NIK = "3171990101909001"
COLUMNS = ("buku", "urut", "nomor", "tanggal", "jenis", "nama", "nik")


def write(file: Path, niks: list[Any]) -> None:
    """Write a register with one letter for each of these NIK texts."""
    with sqlite3.connect(file) as store:
        store.execute(f"CREATE TABLE surat ({', '.join(COLUMNS)})")
        for at, nik in enumerate(niks, start=1):
            line = (2026, at, f"{at}/2026", "2026-01-02", "SKTM", "QWOTVAM", nik)
            store.execute("INSERT INTO surat VALUES (?, ?, ?, ?, ?, ?, ?)", line)
    store.close()


def settings(file: Path) -> dict[str, Any]:
    """Settings for that register."""
    book = {"table": "surat", "columns": {name: name for name in COLUMNS}}
    register = {
        "kelurahan": "31.71.02.1001",
        "store": "sql",
        "url": f"sqlite+aiosqlite:///{file}",
        "books": [book],
    }
    return {"registers": [register]}


async def test_every_spelling_of_a_nik_is_found(tmp_path: Path) -> None:
    """Plain, with a leading blank, dashes, dots, or as a number: one resident's letters."""
    file = tmp_path / "register.sqlite"
    write(
        file,
        [NIK, f" {NIK}", "317199-010190-9001", "3171.9901.0190.9001", int(NIK), None, "x", "-"],
    )
    executor = await adapter.open(settings(file))
    response = await ask_entities(
        executor,
        "{ ... on Penduduk { surat { urut } } }",
        [{"__typename": "Penduduk", "nik": NIK}],
    )
    await executor.aclose()
    assert response.errors == ()
    assert sorted(letter["urut"] for letter in response.data[0]["surat"]) == [1, 2, 3, 4, 5]


async def test_unreadable_nik_is_a_letter_with_a_defect(tmp_path: Path) -> None:
    """A NIK that cannot be read costs the applicant, not the letter; an empty one is no letter."""
    file = tmp_path / "register.sqlite"
    write(file, [NIK, "x", "-", None])
    executor = await adapter.open(settings(file))
    key = {"__typename": "Surat", "kelurahan": {"kode": "31.71.02.1001"}, "tahun": 2026}
    response = await ask_entities(
        executor,
        "{ ... on Surat { urut pemohon { nik } } }",
        [{**key, "nomor": f"{at}/2026"} for at in (1, 2, 3, 4)],
    )
    await executor.aclose()
    assert response.data == [
        {"urut": 1, "pemohon": {"nik": NIK}},
        {"urut": 2, "pemohon": None},
        None,
        None,
    ]
    assert [(d.coordinate, d.count) for d in response.defects] == [("Surat.pemohon", 1)]
