"""Kartini's form: one XLSX, a sheet per book, titles above the header in row 4."""

import sqlite3
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from demo.registers.book import BookRow, read_books, read_introductions, split_day
from demo.tables import find_area

__all__ = ["write"]

_HEAD = ("No", "Nomor Surat", "Tanggal", "Jenis Surat", "Nama Lengkap")
_TAIL = (
    *("L/P", "Tempat, Tanggal Lahir", "Kewarganegaraan", "Agama", "Status", "Alamat"),
    *("RT", "RW", "Keterangan", "Penanda Tangan"),
)
_INTRODUCTION = (
    *("No Pengantar", "Tahun", "Tanggal", "RT", "RW"),
    *("Nama", "NIK", "Keperluan", "Nomor Surat"),
)
_EPOCH = date(1899, 12, 30).toordinal()


def write(truth: sqlite3.Connection, kode: str, folder: Path) -> None:
    """Write `register.xlsx`, row by row."""
    options = {"constant_memory": True}
    book = xlsxwriter.Workbook(str(folder / "register.xlsx"), options)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    name = find_area(kode).nama.upper()
    for year in (2023, 2024, 2025, 2026):
        new = year >= 2025
        header = (*_HEAD, "NIK", *_TAIL) if new else (*_HEAD, *_TAIL)
        title = f"KELURAHAN {name} TAHUN {year}"
        lines = (_line(row, new=new) for row in read_books(truth, kode, year, year))
        _fill(book.add_worksheet(str(year)), day, title, header, lines)
    lines = (
        (*row[:2], date.fromisoformat(row.day), *row[3:]) for row in read_introductions(truth, kode)
    )
    _fill(book.add_worksheet("Pengantar"), day, f"KELURAHAN {name}", _INTRODUCTION, lines)
    book.close()


def _line(row: BookRow, *, new: bool) -> tuple[object, ...]:
    return (
        row.number,
        row.letter,
        date.fromisoformat(row.day),
        row.kind,
        row.name,
        *((_nik(row),) if new else ()),
        "PEREMPUAN" if row.female else "LAKI-LAKI",
        f"{row.birth_place}, {split_day(row.born, '-')}",
        "WNI",
        row.religion,
        row.marital,
        row.street,
        row.rt,
        row.rw,
        row.remark,
        row.signer,
    )


def _nik(row: BookRow) -> str | None:
    if row.nik is None or row.number % 5:
        return row.nik
    return ".".join(row.nik[at : at + 4] for at in range(0, 16, 4))


def _fill(
    sheet: Any,  # xlsxwriter has no types
    day: Any,
    title: str,
    header: tuple[str, ...],
    lines: Iterable[tuple[object, ...]],
) -> None:
    sheet.write_string(0, 0, "BUKU REGISTER SURAT KETERANGAN")
    sheet.write_string(1, 0, title)
    for column, text in enumerate(header):
        sheet.write_string(3, column, text)
    for at, line in enumerate(lines, start=4):
        for column, value in enumerate(line):
            if isinstance(value, date):
                sheet.write_number(at, column, value.toordinal() - _EPOCH, day)
            elif isinstance(value, int):
                sheet.write_number(at, column, value)
            elif value:
                sheet.write_string(at, column, value)
