"""The registry's rows as records of the graph.

In: a row of ``call_nik``, ``call_kk`` or ``call_status``. Out: the wanted fields. A key that the
row lacks is ``NOT_GRANTED`` (the agreement leaves it out), which is another thing than a null;
a value that its rule cannot read is ``UNREADABLE``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from adapters.dukcapil.wire import Row
from adapters.kit.normalize.area_code import kemendagri_from_numbers
from adapters.kit.normalize.codes import (
    normalize_family_role,
    normalize_marital_status,
    normalize_nik_status,
    normalize_religion,
    normalize_sex,
)
from adapters.kit.normalize.date import normalize_date
from adapters.kit.normalize.nik import normalize_nik, normalize_no_kk
from adapters.kit.normalize.null import clean_text, readable
from adapters.kit.normalize.person_name import normalize_name
from adapters.kit.normalize.rt_rw import normalize_rt
from adapters.kit.outcome import NOT_GRANTED, UNREADABLE

__all__ = [
    "BIODATA_FIELDS",
    "STATUS_FIELDS",
    "card_of",
    "map_address",
    "map_biodata",
    "map_status",
    "nik_of",
    "spouse_of",
]

Rule = Callable[[Any], Any]

_PLAIN: dict[str, tuple[str, Rule]] = {
    "nama": ("NAMA_LGKP", normalize_name),
    "jenisKelamin": ("JENIS_KLMIN", normalize_sex),
    "tempatLahir": ("TMPT_LHR", clean_text),
    "tanggalLahir": ("TGL_LHR", normalize_date),
    "nomorAktaLahir": ("NO_AKTA_LHR", clean_text),
    "golonganDarah": ("GOL_DARAH", clean_text),
    "agama": ("AGAMA", normalize_religion),
    "statusKawin": ("STATUS_KAWIN", normalize_marital_status),
    "tanggalKawin": ("TGL_KWN", normalize_date),
    "nomorAktaKawin": ("NO_AKTA_KWN", clean_text),
    "tanggalCerai": ("TGL_CRAI", normalize_date),
    "nomorAktaCerai": ("NO_AKTA_CRAI", clean_text),
    "pendidikan": ("PDDK_AKH", clean_text),
    "pekerjaan": ("JENIS_PKRJN", clean_text),
    "hubunganKeluarga": ("STAT_HBKEL", normalize_family_role),
    "namaAyah": ("NAMA_LGKP_AYAH", normalize_name),
    "namaIbu": ("NAMA_LGKP_IBU", normalize_name),
}
_STATUS: dict[str, tuple[str, Rule]] = {
    "statusNik": ("STATUS_NIK", normalize_nik_status),
    "statusNikSejak": ("TGL_STATUS", normalize_date),
    "tanggalMeninggal": ("TGL_MATI", normalize_date),
    "nikBaru": ("NIK_BARU", normalize_nik),
}
_STUBS: dict[str, tuple[str, str, Rule]] = {
    "kartuKeluarga": ("NO_KK", "noKk", normalize_no_kk),
    "ayah": ("NIK_AYAH", "nik", normalize_nik),
    "ibu": ("NIK_IBU", "nik", normalize_nik),
}
_AREA_KEYS = ("NO_PROP", "NO_KAB", "NO_KEC", "NO_KEL")
_ADDRESS_KEYS = ("ALAMAT", "NO_RT", "NO_RW", *_AREA_KEYS)

BIODATA_FIELDS = frozenset({*_PLAIN, *_STUBS, "alamat"})
"""The fields that ``call_nik`` and ``call_kk`` answer."""

STATUS_FIELDS = frozenset(_STATUS)
"""The fields that ``call_status`` answers."""

_SPOUSES = {
    "KEPALA_KELUARGA": ("ISTRI", "SUAMI"),
    "ISTRI": ("KEPALA_KELUARGA", "SUAMI"),
    "SUAMI": ("KEPALA_KELUARGA", "ISTRI"),
}


def map_biodata(row: Row, fields: Iterable[str]) -> dict[str, Any]:
    """Give the wanted ``fields`` of a biodata row, and its NIK."""
    record: dict[str, Any] = {"nik": _value(row, "NIK", normalize_nik)}
    for name in fields:
        if name in _PLAIN:
            record[name] = _value(row, *_PLAIN[name])
        elif name in _STUBS:
            record[name] = _stub(row, *_STUBS[name])
        elif name == "alamat":
            record[name] = map_address(row)
    return record


def map_status(row: Row | None, fields: Iterable[str]) -> dict[str, Any]:
    """Give the wanted ``fields`` of a status row; without a row the registry knows none."""
    if row is None:
        return {name: None for name in fields if name in _STATUS}
    return {name: _value(row, *_STATUS[name]) for name in fields if name in _STATUS}


def map_address(row: Row) -> Any:
    """Give the address, each part on its own; NOT_GRANTED if no part of it came."""
    if not any(key in row for key in _ADDRESS_KEYS):
        return NOT_GRANTED
    return {
        "jalan": _value(row, "ALAMAT", clean_text),
        "rt": _value(row, "NO_RT", normalize_rt),
        "rw": _value(row, "NO_RW", normalize_rt),
        "kelurahan": _area(row),
    }


def nik_of(row: Row) -> str | None:
    """Give the row's own NIK; None if it has none that can be read."""
    value = _value(row, "NIK", normalize_nik)
    return value if isinstance(value, str) else None


def card_of(row: Row) -> str | None:
    """Give the row's own family card; None if none is granted, or none can be read."""
    value = _value(row, "NO_KK", normalize_no_kk)
    return value if isinstance(value, str) else None


def spouse_of(nik: str, rows: Iterable[Row]) -> str | None:
    """Find the spouse on a family card by the places in the family.

    None if the card leaves any doubt (two wives, two heads, a married child): the registry has no
    key for the spouse, and a guess here would end up in an heirs' statement.
    """
    roles: dict[str, Any] = {}
    for row in rows:
        member = nik_of(row)
        if member is not None:
            roles[member] = _value(row, "STAT_HBKEL", normalize_family_role)
    wanted = _SPOUSES.get(roles.get(nik, ""), ())
    found = [member for member, role in roles.items() if role in wanted and member != nik]
    same = [member for member, role in roles.items() if role == roles.get(nik)]
    return found[0] if len(found) == len(same) == 1 else None


def _value(row: Row, key: str, rule: Rule) -> Any:
    return readable(rule, row[key]) if key in row else NOT_GRANTED


def _stub(row: Row, key: str, field: str, rule: Rule) -> Any:
    value = _value(row, key, rule)
    return {field: value} if isinstance(value, str) else value


def _area(row: Row) -> Any:
    if not all(key in row for key in _AREA_KEYS):
        return NOT_GRANTED
    try:
        code = kemendagri_from_numbers(*(row[key] for key in _AREA_KEYS))
    except ValueError:
        return UNREADABLE
    return None if code is None else {"kode": code}
