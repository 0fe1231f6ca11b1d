"""Karang Anyar's form: a SQLite file whose TEXT columns hold raw latin1 bytes.

SQLite keeps what it is given: `CAST(blob AS TEXT)` stores the bytes as text without looking at
them, so a reader that declares latin1 reads it and a plain one fails at the first accent.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from demo.registers.book import BookRow, read_books, read_introductions, split_day
from demo.registers.sql_store import Table, write_tables

__all__ = ["tables", "write"]

_HEAD = ("thn", "no_urut", "no_surat", "tgl_surat", "kode_surat", "nm_lengkap")
_TAIL = (*("jk", "tmp_lhr", "tgl_lhr", "wn", "agama", "st_kawin", "alamat", "rt_rw", "ket", "ttd"),)
_OLD = (*_HEAD, *_TAIL)
_NEW = (*_HEAD, "no_nik", *_TAIL)
_INTRODUCTION = (
    *("no_pengantar", "thn", "tgl", "rt", "rw", "nm_lengkap", "no_nik", "perlu", "no_surat"),
)


def tables(truth: sqlite3.Connection, kode: str) -> Iterator[Table]:
    """Stream the tables of this form."""
    numbers = frozenset({"thn", "no_urut"})
    old = (_line(row, _head(row)) for row in read_books(truth, kode, 2023, 2024))
    new = (_line(row, (*_head(row), row.nik)) for row in read_books(truth, kode, 2025, 2026))
    yield Table("buku_register", _OLD, numbers, old)
    yield Table("buku_register_nik", _NEW, numbers, new)
    introductions = (
        tuple(row._replace(day=split_day(row.day, "-"))) for row in read_introductions(truth, kode)
    )
    yield Table("pengantar_rtrw", _INTRODUCTION, numbers | {"rt", "rw"}, introductions)


def write(truth: sqlite3.Connection, kode: str, folder: Path) -> None:
    """Write `register.sqlite` in latin1."""
    write_tables(folder / "register.sqlite", tables(truth, kode), encoding="latin1")


def _head(row: BookRow) -> tuple[object, ...]:
    day = split_day(row.day, "-")
    return (row.year, row.number, row.letter, day, row.kind, row.name)


def _line(row: BookRow, head: tuple[object, ...]) -> tuple[object, ...]:
    return (
        *head,
        "Perempuan" if row.female else "Laki-laki",
        row.birth_place,
        split_day(row.born, "-"),
        "WNI",
        row.religion,
        row.marital,
        row.street,
        _rt_rw(row),
        row.remark or "-",
        row.signer,
    )


def _rt_rw(row: BookRow) -> str:
    """Write both in one column; a line that is malformed already stays as it is."""
    if "/" in row.rt or not row.rt:
        return row.rt
    return f"{row.rt}/{row.rw}"
