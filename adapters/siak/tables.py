"""The registry's tables as they are asked and read: BIODATA_WNI and its traps.

In: NIKs and family card numbers of the graph; rows. Out: statements, keys as the table may write
them, and records. A number comes from ``TO_CHAR`` in 17 characters with a leading blank, nothing
is ``-``, a blank or ``0``, and an area is four numbers without leading zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from adapters.kit.definition import Wanted
from adapters.kit.normalize.area_code import kemendagri_from_numbers
from adapters.kit.normalize.codes import normalize_sex
from adapters.kit.normalize.date import normalize_date
from adapters.kit.normalize.nik import normalize_nik, normalize_no_kk
from adapters.kit.normalize.null import clean_text, readable
from adapters.kit.normalize.person_name import normalize_name
from adapters.sources.sql import Row, SelectRows, Term

__all__ = ["FAMILY_HEAD", "heads_statement", "map_record", "people_statement", "spell"]

_TABLE = "biodata_wni"
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

FAMILY_HEAD = "1"
"""Code of a head of family in STAT_HBKEL."""


def spell(number: str) -> tuple[str, str]:
    """Give how the tables may write a number."""
    return number, f" {number}"


def people_statement(wanted: Wanted, key: str) -> SelectRows:
    """Select the wanted columns of people by a column of numbers."""
    columns = [column for name in _names(wanted) for column in _FIELDS[name][0]]
    return SelectRows(_TABLE, tuple(dict.fromkeys(("nik", key, *columns))), keys=(key,))


def heads_statement() -> SelectRows:
    """Select the heads of families; the term is for ``FAMILY_HEAD``."""
    head = Term("stat_hbkel", "in")
    order = (("nik", False),)
    return SelectRows(_TABLE, ("nik", "no_kk"), keys=("no_kk",), terms=(head,), order=order)


def map_record(row: Row, wanted: Wanted) -> dict[str, Any]:
    """Give the wanted fields of a row, and its NIK."""
    record: dict[str, Any] = {"nik": readable(normalize_nik, row["nik"])}
    for name in _names(wanted):
        columns, rule = _FIELDS[name]
        value = _read(rule, [row[column] for column in columns])
        part = _REFERENCES.get(name)
        record[name] = {part: value} if part is not None and isinstance(value, str) else value
    return record


def _names(wanted: Wanted) -> Iterable[str]:
    return (name for name in _FIELDS if name in wanted)


def _read(rule: Callable[..., Any], values: list[Any]) -> Any:
    return readable(lambda _: rule(*values), values[0])
