"""Aggregates of declared adapters: counted by the source, closed where groups are small."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.kit.runtime import LocalExecutor
from adapters.registry import RegistryError, load_adapter
from tests.testkit.declared import EXAMPLES, opened_example, write_table
from tests.testkit.selections import ask

pytestmark = pytest.mark.anyio

_CREATE = (
    "kunjungan (no_kunj TEXT, tgl TEXT, berat INTEGER, sts_gizi TEXT, nik_anak TEXT, kd_kel TEXT)"
)
PASAR_BARU, KARTINI = "31.71.02.1001", "31.71.02.1003"
ROWS = [
    *((f"A-{n}", f"2026-01-0{n}", 9000 + n, "BN"[n % 2], PASAR_BARU) for n in range(1, 8)),
    ("K-1", "2026-02-01", 7000, "K", KARTINI),
    ("K-2", "2026-02-02", None, "K", "3171021003"),
]


@pytest.fixture
async def executor(tmp_path: Path) -> AsyncIterator[LocalExecutor]:
    """The adapter over a table of nine visits, whose statuses and areas are spelled in two ways."""
    rows = [(*row[:4], "3171021503209001", row[4]) for row in ROWS]
    write_table(tmp_path / "p.sqlite", _CREATE, rows)
    async with opened_example("posyandu", tmp_path, url="sqlite+aiosqlite:///p.sqlite") as opened:
        yield opened


async def test_measures_by_group(executor: LocalExecutor) -> None:
    """Groups that are spelled in several ways are one; a mean is weighed by who has a value."""
    response = await ask(
        executor,
        "{ ringkasanBerat(menurut: [GIZI]) { nodes { gizi jumlah tertutup"
        " beratGram { terkecil terbesar rataRata } } } }",
    )
    assert response.errors == ()
    assert [report.calls for report in response.reports] == [1]
    nodes = sorted(response.data["ringkasanBerat"]["nodes"], key=lambda node: node["gizi"])
    assert nodes == [
        {
            "gizi": "BAIK",
            "jumlah": 7,
            "tertutup": False,
            "beratGram": {"terkecil": 9001, "terbesar": 9007, "rataRata": 9004},
        },
        {
            "gizi": "KURANG",
            "jumlah": 2,
            "tertutup": False,
            "beratGram": {"terkecil": 7000, "terbesar": 7000, "rataRata": 7000},
        },
    ]


async def test_small_groups_are_closed_to_everybody(executor: LocalExecutor) -> None:
    """Below five neither count nor values are shown, and nothing tells none from one."""
    query = (
        "{ jumlahKunjungan(%s) { nodes { kelurahan { kode } jumlah tertutup"
        " tanggal { terkecil terbesar } } } }"
    )
    grouped = await ask(executor, query % "menurut: [KELURAHAN_KODE]")
    assert grouped.errors == ()
    assert grouped.data["jumlahKunjungan"]["nodes"] == [
        {
            "kelurahan": {"kode": PASAR_BARU},
            "jumlah": 7,
            "tertutup": False,
            "tanggal": {"terkecil": "2026-01-01", "terbesar": "2026-01-07"},
        },
        {"kelurahan": {"kode": KARTINI}, "jumlah": None, "tertutup": True, "tanggal": None},
    ]
    closed = {"kelurahan": None, "jumlah": None, "tertutup": True, "tanggal": None}
    for day in ("2026-02-01", "2027-01-01"):
        given = f'saring: {{tanggal: {{dari: "{day}"}}}}'
        alone = await ask(executor, query % given)
        assert alone.data["jumlahKunjungan"]["nodes"] == [closed]
    below = 'saring: {kelurahanKode: {awalan: "31.71.02.1001"}}'
    counted = await ask(executor, query % below)
    assert counted.data["jumlahKunjungan"]["nodes"][0]["jumlah"] == 7


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("groups: [gizi, kelurahan.kode]", "groups: [nomor]", '"nomor" is not enumerated'),
        ("values: tanggal", "values: nomor", '"nomor" is no number and no date'),
        ("    kelas: SPESIFIK #", "    #", '"beratGram" is protected'),
        ("where: {kelurahan.kode", "where: {anak.nik", '"anak.nik" tells who somebody is'),
        ("groups: gizi", "groups: [gizi, gisi]", 'there is no value "gisi"'),
        ("ringkasanBerat:", "kunjungan:", "a lookup or list has this name"),
    ],
)
def test_mistakes(tmp_path: Path, old: str, new: str, told: str) -> None:
    """What cannot be counted, or must not be shown to everybody, is refused at its place."""
    text = (EXAMPLES / "posyandu.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1 or old == "ringkasanBerat:"
    (tmp_path / "p.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(RegistryError, match=told):
        load_adapter(str(tmp_path / "p.yaml"))


async def test_files_are_counted_in_memory(tmp_path: Path) -> None:
    """A file's rows are counted as its rules read them, with the version's age."""
    rows = "\n".join(["no,jenis,biaya,tgl", *(f"{n},A,{n}00,0{n}-03-2026" for n in range(1, 7))])
    (tmp_path / "i.csv").write_text(rows + "\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text(FILE, encoding="utf-8")
    executor = await load_adapter(str(tmp_path / "a.yaml")).open({})
    response = await ask(
        executor,
        "{ rekap(menurut: [JENIS]) { nodes { jenis jumlah biaya { terkecil rataRata }"
        " tgl { terbesar } } } }",
    )
    nothing = await ask(executor, "{ rekap(jenis: B) { nodes { jumlah } } }")
    await executor.aclose()
    assert response.data["rekap"]["nodes"] == [
        {
            "jenis": "A",
            "jumlah": 6,
            "biaya": {"terkecil": 100, "rataRata": 350},
            "tgl": {"terbesar": "2026-03-06"},
        }
    ]
    assert nothing.data["rekap"]["nodes"] == [{"jumlah": None}]
    assert response.reports[0].as_of is not None


FILE = """\
name: iuran
source: {kind: files, folder: .}
types:
  Iuran:
    description: {id: Iuran., en: A fee.}
    from: {file: i.csv, format: csv, columns: [no, jenis, biaya, tgl]}
    keys: no
    fields:
      no: {type: ID, description: {id: Nomor., en: Number.}}
      jenis: {type: Jenis, description: {id: Jenis., en: Kind.}}
      biaya: {type: Rupiah, description: {id: Biaya., en: Fee.}}
      tgl: {type: Tanggal, description: {id: Tanggal., en: Date.}}
enums:
  Jenis:
    description: {id: Jenis., en: Kind.}
    values: {A: {description: {id: A., en: A.}}, B: {description: {id: B., en: B.}}}
summaries:
  rekap:
    type: Iuran
    description: {id: Rekap., en: Summary.}
    filters: {jenis: {path: jenis}}
    groups: jenis
    values: [biaya, tgl]
"""
