"""The table of areas, in memory.

In: ``data/wilayah_dki.csv`` (see ``data/SOURCES.md``). Out: ``AreaTable``: rows by Kemendagri code
and by level and parent, in the order of their codes. Loaded once; nothing here waits for anything.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

__all__ = ["DEFAULT_FILE", "Area", "AreaTable", "load_areas"]

DEFAULT_FILE = Path(__file__).parent / "data" / "wilayah_dki.csv"

_TYPE_NAMES = {
    "PROVINSI": "Provinsi",
    "KOTA_KABUPATEN": "KotaKabupaten",
    "KECAMATAN": "Kecamatan",
    "KELURAHAN": "Kelurahan",
}

Area: TypeAlias = "dict[str, object]"
"""One area as a record of the graph."""


@dataclass(frozen=True, slots=True)
class AreaTable:
    """All areas, indexed."""

    by_code: Mapping[str, Area]
    by_parent: Mapping[str, Sequence[Area]]
    by_level: Mapping[str, Sequence[Area]]

    def select(self, level: str | None, parent: str | None) -> Sequence[Area]:
        """List areas of a level, below a parent at any depth; None means any."""
        rows = [*self.by_code.values()] if level is None else self.by_level.get(level, ())
        if parent is None:
            return rows
        return [row for row in rows if str(row["kode"]).startswith(f"{parent}.")]


def load_areas(file: Path = DEFAULT_FILE) -> AreaTable:
    """Read the table."""
    by_code: dict[str, Area] = {}
    by_parent: dict[str, list[Area]] = {}
    by_level: dict[str, list[Area]] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in sorted(csv.DictReader(lines), key=lambda row: row["kode"]):
            area = _area(row)
            by_code[row["kode"]] = area
            by_parent.setdefault(row["induk"], []).append(area)
            by_level.setdefault(row["tingkat"], []).append(area)
    return AreaTable(by_code, by_parent, by_level)


def _area(row: Mapping[str, str]) -> Area:
    parent = row["induk"]
    return {
        "__typename": _TYPE_NAMES[row["tingkat"]],
        "kode": row["kode"],
        "nama": row["nama"],
        "tingkat": row["tingkat"],
        "kodePos": row["kode_pos"] or None,
        "induk": {"kode": parent} if parent else None,
        "provinsi": {"kode": parent} if parent else None,
        "kotaKabupaten": {"kode": parent} if parent else None,
        "kecamatan": {"kode": parent} if parent else None,
    }
