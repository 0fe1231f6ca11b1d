"""Mangga Dua Selatan's form: dBase III tables in cp1252.

The format is a 32-byte header, 32 bytes per field, then fixed-width records; it is written here
directly because a register of a large world streams through, and the record count is put into the
header at the end. Layout: dBase III file structure, header bytes 0-31 and field descriptors.
"""

import sqlite3
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from demo.registers.book import BookRow, read_books, read_introductions

__all__ = ["Field", "write", "write_dbf"]


class Field(NamedTuple):
    """One column of a dBase table."""

    name: str  # at most 10 letters
    kind: str  # C text, N number, D date (given as ISO text)
    width: int


_HEAD = (
    *(Field("THN", "N", 4), Field("URUT", "N", 6), Field("NOMOR", "C", 30)),
    *(Field("TGL", "D", 8), Field("JENIS", "C", 16), Field("NAMA", "C", 60)),
)
_TAIL = (
    *(Field("JK", "C", 2), Field("TMPLHR", "C", 20), Field("TGLLHR", "D", 8)),
    *(Field("WN", "C", 3), Field("AGAMA", "C", 36), Field("KAWIN", "C", 12)),
    *(Field("ALAMAT", "C", 60), Field("RT", "C", 8), Field("RW", "C", 8)),
    *(Field("KET", "C", 40), Field("TTD", "C", 20)),
)
_NIK = Field("NIK", "C", 16)
_INTRODUCTION = (
    *(Field("NOMOR", "C", 30), Field("THN", "N", 4), Field("TGL", "D", 8)),
    *(Field("RT", "N", 3), Field("RW", "N", 3), Field("NAMA", "C", 60)),
    *(_NIK, Field("PERLU", "C", 16), Field("NOSURAT", "C", 30)),
)


def write(truth: sqlite3.Connection, kode: str, folder: Path) -> None:
    """Write `REGLAMA.DBF`, `REGBARU.DBF` and `PENGANTR.DBF`."""
    old = (_line(row, ()) for row in read_books(truth, kode, 2023, 2024))
    new = (_line(row, (row.nik,)) for row in read_books(truth, kode, 2025, 2026))
    write_dbf(folder / "REGLAMA.DBF", (*_HEAD, *_TAIL), old)
    write_dbf(folder / "REGBARU.DBF", (*_HEAD, _NIK, *_TAIL), new)
    write_dbf(
        folder / "PENGANTR.DBF",
        _INTRODUCTION,
        (tuple(row._replace(name=_curly(row.name))) for row in read_introductions(truth, kode)),
    )


def write_dbf(path: Path, fields: tuple[Field, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """Write one table; raises ValueError for a text that is wider than its field."""
    width = 1 + sum(field.width for field in fields)
    size = 32 + 32 * len(fields) + 1
    count = 0
    with path.open("wb") as file:
        file.write(_header(0, size, width))
        for field in fields:
            name = field.name.encode("ascii").ljust(11, b"\0")
            file.write(struct.pack("<11sc4xBB14x", name, field.kind.encode(), field.width, 0))
        file.write(b"\r")
        for row in rows:
            cells = (_cell(field, value) for field, value in zip(fields, row, strict=True))
            file.write(b" " + b"".join(cells))
            count += 1
        file.write(b"\x1a")
        file.seek(0)
        file.write(_header(count, size, width))


def _header(count: int, size: int, width: int) -> bytes:
    """Write the first 32 bytes; the day of the last update is the demo's, byte 29 says cp1252."""
    return struct.pack("<BBBBIHH17xB2x", 0x03, 126, 7, 1, count, size, width, 0x03)


def _cell(field: Field, value: object) -> bytes:
    if field.kind == "D":
        return str(value).replace("-", "").encode("ascii")
    text = "" if value is None else str(value)
    cell = text.encode("cp1252")
    if len(cell) > field.width:
        raise ValueError(f'a text of {len(cell)} bytes does not fit field "{field.name}"')
    return cell.rjust(field.width) if field.kind == "N" else cell.ljust(field.width)


def _line(row: BookRow, nik: tuple[str | None, ...]) -> tuple[object, ...]:
    return (
        row.year,
        row.number,
        row.letter,
        row.day,
        row.kind,
        _curly(row.name),
        *nik,
        "PR" if row.female else "LK",
        row.birth_place,
        row.born,
        "WNI",
        row.religion,
        row.marital,
        row.street,
        row.rt,
        row.rw,
        row.remark,
        row.signer,
    )


def _curly(name: str) -> str:
    """Write the apostrophe as office programs do."""
    return name.replace("'", "’")
