"""The registry's tables as they are asked and read: BIODATA_WNI, DATA_KELUARGA, code masters.

In: NIKs and family card numbers of the graph; rows. Out: statements, keys as the table may write
them, and records. A number comes from ``TO_CHAR`` in 17 characters with a leading blank, nothing
is ``-``, a blank or ``0``, an area is four numbers without leading zeros, and a code means what its
master says, whose names are padded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from adapters.kit.definition import Wanted
from adapters.kit.normalize.area_code import kemendagri_from_numbers
from adapters.kit.normalize.codes import normalize_sex
from adapters.kit.normalize.date import normalize_date
from adapters.kit.normalize.nik import normalize_nik, normalize_no_kk
from adapters.kit.normalize.null import clean_text, readable
from adapters.kit.normalize.person_name import normalize_name
from adapters.kit.normalize.rt_rw import normalize_rt
from adapters.kit.outcome import UNREADABLE, FieldMark
from adapters.sources.sql import Row, SelectRows, Term

__all__ = [
    "FAMILY_HEAD",
    "Codes",
    "codes_statement",
    "families_statement",
    "heads_statement",
    "map_family",
    "map_person",
    "people_statement",
    "read_codes",
    "sections_of",
    "spell",
]

Codes: TypeAlias = "Mapping[tuple[str, str], str]"
"""(section of the master, code) -> its name."""

_AREA = ("no_prop", "no_kab", "no_kec", "no_kel")

_FIELDS: Mapping[str, tuple[tuple[str, ...], Callable[..., Any]]] = MappingProxyType(
    {
        "nikLama": (("nik_lama",), normalize_nik),
        "namaSiak": (("nama_lgkp",), normalize_name),
        "jenisKelaminSiak": (("jenis_klmin",), normalize_sex),
        "tempatLahirSiak": (("tmpt_lhr",), clean_text),
        "tanggalLahirSiak": (("tgl_lhr",), normalize_date),
        "kartuKeluargaSiak": (("no_kk",), normalize_no_kk),
        "kelurahanSiak": (_AREA, kemendagri_from_numbers),
    }
)
"""Field -> the columns that it is read from, and how."""

_REFERENCES = {"kartuKeluargaSiak": "noKk", "kelurahanSiak": "kode"}

_CODED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "agamaSiak": ("agama", "AGAMA"),
        "statusKawinSiak": ("stat_kwn", "STAT_KWN"),
        "hubunganKeluargaSiak": ("stat_hbkel", "STAT_HBKEL"),
    }
)
"""Field -> the column of its code, and the section of the master that names it."""

_FAMILY = ("nama_kep", "alamat", "no_rt", "no_rw", *_AREA)

FAMILY_HEAD = "1"
"""Code of a head of family in STAT_HBKEL."""


def spell(number: str) -> tuple[str, str]:
    """Give how the tables may write a number."""
    return number, f" {number}"


def people_statement(wanted: Wanted, key: str) -> SelectRows:
    """Select the wanted columns of people by a column of numbers."""
    columns = [column for name in _names(wanted) for column in _FIELDS[name][0]]
    columns += [column for name, (column, _) in _CODED.items() if name in wanted]
    return SelectRows("biodata_wni", tuple(dict.fromkeys(("nik", key, *columns))), keys=(key,))


def heads_statement() -> SelectRows:
    """Select the heads of families; the term is for ``FAMILY_HEAD``."""
    head = Term("stat_hbkel", "in")
    order = (("nik", False),)
    return SelectRows("biodata_wni", ("nik", "no_kk"), keys=("no_kk",), terms=(head,), order=order)


def families_statement() -> SelectRows:
    """Select family cards by their numbers."""
    return SelectRows("data_keluarga", ("no_kk", *_FAMILY), keys=("no_kk",))


def codes_statement() -> SelectRows:
    """Select the names of codes; the term is for sections of the master."""
    return SelectRows("ref_siak_wni", ("sect", "no", "descrip"), terms=(Term("sect", "in"),))


def sections_of(wanted: Wanted) -> list[str]:
    """List the sections of the master that name what is wanted."""
    return [section for name, (_, section) in _CODED.items() if name in wanted]


def read_codes(rows: Iterable[Row]) -> Codes:
    """Read the master; a code without a name names nothing."""
    named = {(row["sect"], _code(row["no"])): clean_text(row["descrip"]) for row in rows}
    return {(section, code): name for (section, code), name in named.items() if code and name}


def map_person(row: Row, wanted: Wanted, codes: Codes) -> dict[str, Any]:
    """Give the wanted fields of a resident, and the NIK."""
    record: dict[str, Any] = {"nik": readable(normalize_nik, row["nik"])}
    for name in _names(wanted):
        columns, rule = _FIELDS[name]
        value = _read(rule, [row[column] for column in columns])
        part = _REFERENCES.get(name)
        record[name] = {part: value} if part is not None and isinstance(value, str) else value
    for name, (column, section) in _CODED.items():
        if name in wanted:
            record[name] = _named(section, row[column], codes)
    return record


def map_family(row: Row) -> dict[str, Any]:
    """Give a family card: whom it names as head, and where the family lives."""
    area = _read(kemendagri_from_numbers, [row[column] for column in _AREA])
    return {
        "noKk": readable(normalize_no_kk, row["no_kk"]),
        "namaKepalaSiak": readable(normalize_name, row["nama_kep"]),
        "alamatSiak": {
            "jalan": clean_text(row["alamat"]),
            "rt": readable(normalize_rt, row["no_rt"]),
            "rw": readable(normalize_rt, row["no_rw"]),
            "kelurahan": {"kode": area} if isinstance(area, str) else area,
        },
    }


def _names(wanted: Wanted) -> Iterable[str]:
    return (name for name in _FIELDS if name in wanted)


def _read(rule: Callable[..., Any], values: list[Any]) -> Any:
    return readable(lambda _: rule(*values), values[0])


def _code(value: object) -> str:
    """Give a code without blanks and leading zeros; "" for nothing."""
    return (clean_text(value) or "").lstrip("0")


def _named(section: str, value: object, codes: Codes) -> str | FieldMark | None:
    """Give a code's name; one that its master does not know is not readable."""
    code = _code(value)
    return codes.get((section, code), UNREADABLE) if code else None
