"""Gunung Sahari Utara's form: CSV in cp1252, semicolons, CRLF, dates dd/mm/yyyy, sex 1/2."""

import csv
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from demo.registers.book import BookRow, read_books, read_introductions, split_day

__all__ = ["write"]

_HEAD = ("TAHUN", "URUT", "NOMOR", "TANGGAL", "JENIS", "NAMA")
_TAIL = (
    *("JK", "TEMPAT_LAHIR", "TGL_LAHIR", "WN", "AGAMA", "KAWIN", "ALAMAT"),
    *("RT", "RW", "KET", "TTD"),
)
_INTRODUCTION = (
    *("NOMOR", "TAHUN", "TANGGAL", "RT", "RW", "NAMA", "NIK", "KEPERLUAN", "NOMOR_SURAT"),
)


def write(truth: sqlite3.Connection, kode: str, folder: Path) -> None:
    """Write `register_lama.csv`, `register_baru.csv` and `pengantar.csv`."""
    old = (_line(row, ()) for row in read_books(truth, kode, 2023, 2024))
    new = (_line(row, (_nik(row),)) for row in read_books(truth, kode, 2025, 2026))
    introductions = (
        tuple(row._replace(day=split_day(row.day, "/"), name=_curly(row.name)))
        for row in read_introductions(truth, kode)
    )
    _write(folder / "register_lama.csv", (*_HEAD, *_TAIL), old)
    _write(folder / "register_baru.csv", (*_HEAD, "NIK", *_TAIL), new)
    _write(folder / "pengantar.csv", _INTRODUCTION, introductions)


def _line(row: BookRow, nik: tuple[str | None, ...]) -> tuple[object, ...]:
    return (
        row.year,
        row.number,
        row.letter,
        split_day(row.day, "/"),
        row.kind,
        _curly(row.name),
        *nik,
        2 if row.female else 1,
        row.birth_place,
        split_day(row.born, "/"),
        "WNI",
        row.religion,
        row.marital,
        row.street,
        row.rt,
        row.rw,
        row.remark or "null",
        row.signer,
    )


def _nik(row: BookRow) -> str | None:
    if row.nik is None or row.number % 5:
        return row.nik
    mark = "-" if row.number % 2 else " "
    return mark.join((row.nik[:6], row.nik[6:12], row.nik[12:]))


def _curly(name: str) -> str:
    """Write the apostrophe as office programs do."""
    return name.replace("'", "’")


def _write(path: Path, header: tuple[str, ...], lines: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(lines)
