"""Lines of the survey as families of the graph.

In: the lines of one family. Out: all fields of ``SurveiKeluarga``. What a line says of the family
is taken from its first line that says it; whether that is so by the family card, others know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.kit.normalize.area_code import normalize_area_code
from adapters.kit.normalize.date import normalize_date
from adapters.kit.normalize.nik import is_nik, normalize_nik, normalize_no_kk
from adapters.kit.normalize.null import Unreadable, clean_text, readable
from adapters.kit.normalize.person_name import normalize_name

__all__ = ["HEADER", "area_of", "map_family", "nik_of", "no_kk_of"]

HEADER = (
    *("NO_KK", "NIK", "NAMA", "JK", "TGL_LAHIR", "HUBUNGAN", "PEKERJAAN"),
    *("KODE_KEL", "ALAMAT", "RT", "RW", "DESIL", "TGL_SURVEI"),
)
"""The columns of a drop, in order."""

Row = dict[str, Any]


def map_family(no_kk: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Give all fields of a surveyed family."""
    area = readable(normalize_area_code, _first(rows, "KODE_KEL"))
    return {
        "noKk": no_kk,
        "tanggal": readable(normalize_date, _first(rows, "TGL_SURVEI")),
        "alamat": _first(rows, "ALAMAT"),
        "rt": readable(_three_digits, _first(rows, "RT")),
        "rw": readable(_three_digits, _first(rows, "RW")),
        "kelurahan": {"kode": area} if isinstance(area, str) else area,
        "desil": readable(_decile, _first(rows, "DESIL")),
        "anggota": [_map_member(row) for row in _once(rows)],
    }


def nik_of(row: Row) -> str | None:
    """Give a line's NIK; None where it is none, or unreadable."""
    try:
        nik = normalize_nik(row.get("NIK"))
    except ValueError:
        return None
    return nik if is_nik(nik) else None


def no_kk_of(row: Row) -> str | None:
    """Give a line's family card number; None where it is none, or unreadable."""
    try:
        return normalize_no_kk(row.get("NO_KK"))
    except ValueError:
        return None


def area_of(row: Row) -> str | None:
    """Give the code of a line's kelurahan; None where it is none, or unreadable."""
    try:
        return normalize_area_code(row.get("KODE_KEL"))
    except ValueError:
        return None


def _map_member(row: Row) -> dict[str, Any]:
    nik = nik_of(row)
    relation = clean_text(row.get("HUBUNGAN"))
    return {
        "penduduk": None if nik is None else {"nik": nik},
        "nama": normalize_name(row.get("NAMA")),
        "hubungan": None if relation is None else relation.upper(),
        "pekerjaan": clean_text(row.get("PEKERJAAN")),
    }


def _once(rows: Sequence[Row]) -> list[Row]:
    """Leave out what was entered twice."""
    seen: list[Row] = []
    for row in rows:
        if row not in seen:
            seen.append(row)
    return seen


def _first(rows: Sequence[Row], column: str) -> str | None:
    return next((text for row in rows if (text := clean_text(row.get(column)))), None)


def _three_digits(value: str | None) -> str | None:
    if value is None:
        return None
    if not value.isdecimal() or len(value) > 3:
        raise Unreadable("RT and RW are numbers of three digits")
    return value.zfill(3)


def _decile(value: str | None) -> int | None:
    if value is None:
        return None
    if not value.isdecimal() or not 1 <= int(value) <= 10:
        raise Unreadable("a decile is 1 to 10")
    return int(value)
