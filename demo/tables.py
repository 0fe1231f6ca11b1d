"""The public tables that the demo stands on: areas, services, registry codes, holidays.

In: the CSV files of `demo/data/`. Out: frozen values; every synthetic record refers to them.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

__all__ = ["Area", "find_area", "is_working_day", "load_areas", "load_codes", "load_kelurahan"]

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Area:
    """One administrative area by its Kemendagri code."""

    kode: str  # "31.71.02.1001"
    nama: str  # "Pasar Baru"
    tingkat: str  # PROVINSI, KOTA_KABUPATEN, KECAMATAN or KELURAHAN
    induk: str  # the parent's code; empty for the province


@lru_cache(maxsize=1)
def load_areas() -> dict[str, Area]:
    """Load the 318 areas of DKI Jakarta by code."""
    return {
        row["kode"]: Area(row["kode"], row["nama"], row["tingkat"], row["induk"])
        for row in _rows("wilayah_dki.csv")
    }


def find_area(kode: str) -> Area:
    """Find one area; raises KeyError for a code that does not exist."""
    return load_areas()[kode]


def load_kelurahan(prefix: str) -> list[Area]:
    """Load the kelurahan under a code such as "31.71" or "31.71.02", in code order."""
    return [
        area
        for kode, area in sorted(load_areas().items())
        if area.tingkat == "KELURAHAN" and kode.startswith(prefix + ".")
    ]


@lru_cache(maxsize=1)
def load_codes() -> dict[str, dict[int, str]]:
    """Load the registry's code masters: group to code to name."""
    masters: dict[str, dict[int, str]] = {}
    for row in _rows("kode_siak.csv"):
        masters.setdefault(row["grup"], {})[int(row["kode"])] = row["nama"]
    return masters


def is_working_day(day: date) -> bool:
    """Tell whether an office is open; holidays are known for 2026 only, weekends always."""
    return day.weekday() < 5 and day.isoformat() not in _holidays()


@lru_cache(maxsize=1)
def _holidays() -> frozenset[str]:
    return frozenset(row["tanggal"] for row in _rows("hari_libur_2026.csv"))


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
