"""Pasar Baru's form: a SQLite file in UTF-8; one NIK in five has a leading blank, as CHAR(17)."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from demo.registers.book import BookRow, read_books, read_introductions
from demo.registers.sql_store import Table, write_tables

__all__ = ["tables", "write"]

_HEAD = ("buku", "urut", "nomor_surat", "tanggal", "jenis_surat", "nama")
_TAIL = (
    *("jenis_kelamin", "tempat_lahir", "tanggal_lahir", "kewarganegaraan", "agama"),
    *("status_kawin", "alamat", "rt", "rw", "keterangan", "penandatangan"),
)
_OLD = (*_HEAD, *_TAIL)
_NEW = (*_HEAD, "nik", *_TAIL)
_INTRODUCTION = (
    *("nomor", "tahun", "tanggal", "rt", "rw", "nama", "nik", "keperluan", "nomor_surat"),
)


def tables(truth: sqlite3.Connection, kode: str) -> Iterator[Table]:
    """Stream the tables of this form."""
    numbers = frozenset({"urut", "tahun"})
    old = (_line(row, _head(row)) for row in read_books(truth, kode, 2023, 2024))
    new = (_line(row, (*_head(row), _nik(row))) for row in read_books(truth, kode, 2025, 2026))
    yield Table("register_surat_lama", _OLD, numbers, old)
    yield Table("register_surat", _NEW, numbers, new)
    introductions = (tuple(row) for row in read_introductions(truth, kode))
    yield Table("surat_pengantar", _INTRODUCTION, numbers | {"rt", "rw"}, introductions)


def write(truth: sqlite3.Connection, kode: str, folder: Path) -> None:
    """Write `register.sqlite`."""
    write_tables(folder / "register.sqlite", tables(truth, kode))


def _head(row: BookRow) -> tuple[object, ...]:
    return (str(row.year), row.number, row.letter, row.day, row.kind, row.name)


def _line(row: BookRow, head: tuple[object, ...]) -> tuple[object, ...]:
    return (
        *head,
        "P" if row.female else "L",
        row.birth_place,
        row.born,
        "WNI",
        row.religion,
        row.marital,
        row.street,
        row.rt,
        row.rw,
        row.remark or None,
        row.signer,
    )


def _nik(row: BookRow) -> str | None:
    return " " + row.nik if row.nik is not None and row.number % 5 == 0 else row.nik
