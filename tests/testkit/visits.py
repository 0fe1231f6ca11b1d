"""The table of visits of ``posyandu.yaml`` on a server, and what its aggregates must tell."""

from __future__ import annotations

from typing import Any

from adapters.registry import load_adapter
from tests.testkit.declared import EXAMPLES
from tests.testkit.selections import ask

__all__ = ["VISITS_SCRIPT", "check_summaries"]

PASAR_BARU, KARTINI = "31.71.02.1001", "31.71.02.1003"
_ROWS = [
    *((f"A-{n}", f"2026-01-0{n}", str(9000 + n), "BN"[n % 2], PASAR_BARU) for n in range(1, 8)),
    ("K-1", "2026-02-01", "7000", "K", KARTINI),
    ("K-2", "2026-02-02", "NULL", "K", "3171021003"),
]
VISITS_SCRIPT = (
    "CREATE TABLE kunjungan (no_kunj VARCHAR(10) PRIMARY KEY, tgl DATE, berat INT,"
    " sts_gizi CHAR(1), nik_anak CHAR(16), kd_kel VARCHAR(13));\n"
    "INSERT INTO kunjungan VALUES "
    + ", ".join(
        f"('{number}', '{day}', {grams}, '{status}', '3171991503209001', '{area}')"
        for number, day, grams, status, area in _ROWS
    )
    + ";\n"
)
"""Nine visits, whose statuses and areas are spelled in two ways."""


async def check_summaries(url: str) -> None:
    """Ask count, least, greatest and mean by enumerated fields, in one statement each."""
    executor = await load_adapter(str(EXAMPLES / "posyandu.yaml")).open({"url": url})
    try:
        weights = await ask(
            executor,
            "{ ringkasanBerat(menurut: [GIZI]) { nodes { gizi jumlah"
            " beratGram { terkecil terbesar rataRata } } } }",
        )
        areas = await ask(
            executor,
            '{ jumlahKunjungan(menurut: [KELURAHAN_KODE], saring: {tanggal: {dari: "2026-01-02"}})'
            " { nodes { kelurahan { kode } jumlah tertutup tanggal { terkecil terbesar } } } }",
        )
    finally:
        await executor.aclose()
    assert weights.errors == areas.errors == ()
    assert [report.calls for told in (weights, areas) for report in told.reports] == [1, 1]
    by_status: list[dict[str, Any]] = weights.data["ringkasanBerat"]["nodes"]
    assert sorted(by_status, key=lambda node: str(node["gizi"])) == [
        {
            "gizi": "BAIK",
            "jumlah": 7,
            "beratGram": {"terkecil": 9001, "terbesar": 9007, "rataRata": 9004},
        },
        {
            "gizi": "KURANG",
            "jumlah": 2,
            "beratGram": {"terkecil": 7000, "terbesar": 7000, "rataRata": 7000},
        },
    ]
    by_area: list[dict[str, Any]] = areas.data["jumlahKunjungan"]["nodes"]
    assert sorted(by_area, key=lambda node: str(node["kelurahan"]["kode"])) == [
        {
            "kelurahan": {"kode": PASAR_BARU},
            "jumlah": 6,
            "tertutup": False,
            "tanggal": {"terkecil": "2026-01-02", "terbesar": "2026-01-07"},
        },
        {"kelurahan": {"kode": KARTINI}, "jumlah": None, "tertutup": True, "tanggal": None},
    ]
