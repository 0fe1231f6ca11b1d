"""The declared example over a CSV: composite keys, relations, lists, and its age."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.kit.adapter import Opening
from adapters.kit.runtime import LocalExecutor
from adapters.registry import RegistryError, load_adapter
from tests.testkit.declared import opened_example
from tests.testkit.selections import ask, ask_entities

pytestmark = pytest.mark.anyio

KK = "3171020101100001"
TEXT = f"""TAHUN;TAHAP;NO_KK;PROGRAM;NILAI;TGL_CAIR;KD_KEL
2026;2;{KK};PKH;Rp 750.000,00;5 Mei 2026;3171021001
2026;1; {KK} ;PKH;750.000;05-02-2026;31.71.02.1001
2026;1;3171020101100002;KLJ;900.000;;31.71.02.1002
2025;1;{KK};PKH;600000;rusak;31.71.02.1001
"""


@pytest.fixture
async def executor(tmp_path: Path) -> AsyncIterator[LocalExecutor]:
    """The adapter over one month's file."""
    (tmp_path / "bansos-2026-05.csv").write_text(TEXT, encoding="cp1252")
    async with opened_example("bansos", tmp_path, folder=".") as opened:
        yield opened


async def test_relation_over_a_file(executor: LocalExecutor) -> None:
    """A key is found however the file spells it, and the file's age goes with the answer."""
    response = await ask_entities(
        executor,
        "{ ... on KartuKeluarga { bantuan { tahun tahap nilai tanggalCair } } }",
        [{"__typename": "KartuKeluarga", "noKk": KK}],
    )
    assert response.data[0]["bantuan"] == [
        {"tahun": 2026, "tahap": 2, "nilai": 750000, "tanggalCair": "2026-05-05"},
        {"tahun": 2026, "tahap": 1, "nilai": 750000, "tanggalCair": "2026-02-05"},
        {"tahun": 2025, "tahap": 1, "nilai": 600000, "tanggalCair": None},
    ]
    assert [defect.coordinate for defect in response.defects] == ["Bantuan.tanggalCair"]
    assert response.as_of is not None


async def test_entity_by_a_composite_key(executor: LocalExecutor) -> None:
    """All parts of a key must agree."""
    key = {"__typename": "Bantuan", "kk": KK, "tahun": 2026, "program": "PKH"}
    response = await ask_entities(
        executor, "{ ... on Bantuan { nilai } }", [{**key, "tahap": 2}, {**key, "tahap": 3}]
    )
    assert response.errors == ()
    assert response.data == [{"nilai": 750000}, None]


async def test_list(executor: LocalExecutor) -> None:
    """Filters hold on values as the rules read them; the order is that of the file's words."""
    response = await ask(
        executor,
        "{ a: daftarBantuan(tahun: 2026) { nodes { program tahap } }"
        ' b: daftarBantuan(tahun: 2026, kelurahan: "31.71.02.1001", first: 1)'
        " { nodes { program tahap } pageInfo { hasNextPage } } }",
    )
    assert response.errors == ()
    assert response.data["a"]["nodes"] == [
        {"program": "KLJ", "tahap": 1},
        {"program": "PKH", "tahap": 1},
        {"program": "PKH", "tahap": 2},
    ]
    assert response.data["b"] == {
        "nodes": [{"program": "PKH", "tahap": 1}],
        "pageInfo": {"hasNextPage": True},
    }


async def test_a_file_of_other_columns_is_refused(tmp_path: Path) -> None:
    """A version that is not what was declared never goes into service."""
    (tmp_path / "bansos-1.csv").write_text("A;B\n1;2\n", encoding="utf-8")
    async with opened_example("bansos", tmp_path, folder=".") as executor:
        response = await ask(executor, "{ daftarBantuan(tahun: 2026) { nodes { tahap } } }")
    assert [error.code for error in response.errors] == ["SUMBER_TIDAK_TERSEDIA"]


FIXED = """
name: pensiun
source: {kind: files, folder: .}
types:
  Pensiun:
    description: {id: Pensiun., en: A pension.}
    from:
      {file: PENSIUN.TXT, format: fixed, columns: [NO, NAMA, TMT], encoding: cp850, widths: WIDTHS}
    keys: nomor
    fields:
      nomor: {type: String, from: NO, description: {id: Nomor., en: Its number.}}
      nama: {type: String, from: NAMA, description: {id: Nama., en: A name.}}
      mulai: {type: Tanggal, from: TMT, description: {id: Sejak., en: Since.}}
lookups:
  pensiun: {type: Pensiun, description: {id: Menurut nomor., en: By number.}}
"""


async def test_lines_of_fixed_width(tmp_path: Path) -> None:
    """A mainframe's export in a DOS encoding; its state is shown to operators."""
    (tmp_path / "pensiun.yaml").write_text(FIXED.replace("WIDTHS", "[4, 10, 10]"), "utf-8")
    lines = ["0001José      31-01-2020", "0002Budi      2021-02-28"]
    (tmp_path / "PENSIUN.TXT").write_text("\r\n".join([*lines, ""]), "cp850", newline="")
    opening = Opening("pensiun", tmp_path)
    executor = await load_adapter(str(tmp_path / "pensiun.yaml")).open({}, opening)
    try:
        response = await ask(executor, '{ pensiun(nomor: "0001") { nama mulai } }')
        assert response.data == {"pensiun": {"nama": "José", "mulai": "2020-01-31"}}
        (tmp_path / "PENSIUN.TXT").unlink()
        told = opening.observed["pensiun/PENSIUN.TXT"]()
        assert (told["rows"], told["alarm"]) == (2, False)
    finally:
        await executor.aclose()


@pytest.mark.parametrize("widths", ["[4, 10]", "[]", "[4, 0, 20]"])
def test_widths_must_fit_the_columns(widths: str, tmp_path: Path) -> None:
    """One width a column, none of them nothing."""
    (tmp_path / "pensiun.yaml").write_text(FIXED.replace("WIDTHS", widths), "utf-8")
    with pytest.raises(RegistryError, match=r"pensiun\.yaml:[78]:"):
        load_adapter(str(tmp_path / "pensiun.yaml"))
