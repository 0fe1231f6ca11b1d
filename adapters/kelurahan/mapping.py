"""A register's lines as records of the graph.

In: a raw line by our field names. Out: ``Surat``, ``BarisRegister`` or ``SuratPengantar`` as
records; single normalised values that indexes use, which never raise.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from adapters.kelurahan.books import RawRow
from adapters.kit.normalize.codes import (
    normalize_marital_status,
    normalize_religion,
    normalize_sex,
)
from adapters.kit.normalize.date import normalize_date
from adapters.kit.normalize.nik import normalize_nik
from adapters.kit.normalize.null import clean_text, readable
from adapters.kit.normalize.person_name import normalize_name
from adapters.kit.normalize.rt_rw import normalize_rt, split_rt_rw
from adapters.kit.outcome import UNREADABLE

__all__ = [
    "birth_of",
    "day_of",
    "map_introduction",
    "map_letter",
    "map_line",
    "neighbourhood_of",
    "nik_of",
    "rt_code",
]


def map_letter(row: RawRow, kelurahan: str) -> dict[str, Any]:
    """Give a letter; only lines with a NIK are letters of somebody."""
    nik = readable(normalize_nik, row.get("nik"))
    return {
        "kelurahan": {"kode": kelurahan},
        "nomor": clean_text(row.get("nomor")),
        "tahun": _number(row.get("buku")),
        "urut": _number(row.get("urut")),
        "tanggal": readable(normalize_date, row.get("tanggal")),
        "jenis": clean_text(row.get("jenis")),
        "pemohon": {"nik": nik} if isinstance(nik, str) else nik,
        "namaTertulis": normalize_name(row.get("nama")),
        "rt": _written_rt(row, kelurahan),
        "keterangan": clean_text(row.get("keterangan")),
        "penandatangan": clean_text(row.get("penandatangan")),
    }


def map_line(row: RawRow, kelurahan: str) -> dict[str, Any]:
    """Give a line as the clerk wrote it; it was sought for nobody."""
    place, born = _birth(row)
    rt, rw = neighbourhood_of(row)
    return {
        "kelurahan": {"kode": kelurahan},
        "buku": _number(row.get("buku")),
        "urut": _number(row.get("urut")),
        "nomor": clean_text(row.get("nomor")),
        "tanggal": readable(normalize_date, row.get("tanggal")),
        "jenis": clean_text(row.get("jenis")),
        "nama": normalize_name(row.get("nama")),
        "jenisKelamin": readable(normalize_sex, row.get("jenisKelamin")),
        "tempatLahir": place,
        "tanggalLahir": born,
        "kewarganegaraan": clean_text(row.get("kewarganegaraan")),
        "agama": readable(normalize_religion, row.get("agama")),
        "statusKawin": readable(normalize_marital_status, row.get("statusKawin")),
        "alamat": clean_text(row.get("alamat")),
        "rt": rt,
        "rw": rw,
        "keterangan": clean_text(row.get("keterangan")),
        "penandatangan": clean_text(row.get("penandatangan")),
        "tingkatKecocokan": None,
        "tertaut": None,
    }


def map_introduction(row: RawRow, kelurahan: str) -> dict[str, Any]:
    """Give a letter of introduction."""
    rt, rw = neighbourhood_of(row)
    nik = readable(normalize_nik, row.get("nik"))
    letter = clean_text(row.get("nomorSurat"))
    year = _number(row.get("tahun"))
    return {
        "rt": {"kode": rt_code(kelurahan, rt, rw)},
        "nomor": clean_text(row.get("nomor")),
        "tahun": year,
        "tanggal": readable(normalize_date, row.get("tanggal")),
        "pemohon": {"nik": nik} if isinstance(nik, str) else nik,
        "namaTertulis": normalize_name(row.get("nama")),
        "keperluan": clean_text(row.get("keperluan")),
        "nomorSurat": letter,
        "kelurahan": {"kode": kelurahan},
    }


def rt_code(kelurahan: str, rt: Any, rw: Any) -> Any:
    """Name an RT: ``31.71.02.1001/RW005/RT003``; any, because a mark passes through."""
    if not isinstance(rt, str) or not isinstance(rw, str):
        return UNREADABLE
    return f"{kelurahan}/RW{rw}/RT{rt}"


def nik_of(row: RawRow) -> str | None:
    """Give the line's NIK; None if it has none that can be read. Never raises."""
    nik = readable(normalize_nik, row.get("nik"))
    return nik if isinstance(nik, str) else None


def birth_of(row: RawRow) -> date | None:
    """Give the birth date; None if it has none that can be read. Never raises."""
    born = _birth(row)[1]
    return born if isinstance(born, date) else None


def day_of(row: RawRow) -> date | None:
    """Give the letter's date; None if it has none that can be read. Never raises."""
    day = readable(normalize_date, row.get("tanggal"))
    return day if isinstance(day, date) else None


def neighbourhood_of(row: RawRow) -> tuple[Any, Any]:
    """Give RT and RW, each perhaps marked; a clerk may have put both into the first column."""
    rt, rw = row.get("rt"), row.get("rw")
    try:
        first, second = split_rt_rw(rt)
    except ValueError:
        return UNREADABLE, readable(normalize_rt, rw)
    return first, readable(normalize_rt, rw) if second is None else second


def _birth(row: RawRow) -> tuple[Any, Any]:
    """Give place and date of birth; some registers keep both in one column."""
    both = row.get("tempatTanggalLahir")
    if both is None:
        place = clean_text(row.get("tempatLahir"))
        return place, readable(normalize_date, row.get("tanggalLahir"))
    place, _, day = str(both).rpartition(",")
    return clean_text(place), readable(normalize_date, day.strip())


def _written_rt(row: RawRow, kelurahan: str) -> Any:
    """Give the RT that a letter names, perhaps marked; None where the clerk left it out."""
    rt, rw = neighbourhood_of(row)
    if rt is None or rw is None:
        return None
    code = rt_code(kelurahan, rt, rw)
    return {"kode": code} if isinstance(code, str) else code


def _number(value: Any) -> Any:
    try:
        return int(value)
    except (TypeError, ValueError):
        return UNREADABLE
