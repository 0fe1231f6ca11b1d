"""Registers as files of every format, and a files source over one of them.

In: rows, or a source's settings. Out: the bytes of a file, and a ``Register``: the source, its file
and a clock by hand. The writer of DBF can only write files: ``SIMPUL_TEST_DBF`` names its place.
"""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dbf
import xlsxwriter
import xlwt

from adapters.contract import CallContext
from adapters.resilience import GuardSettings, SourceGuard
from adapters.sources.files import Alarm, FileFormat, FilesSettings, FilesSource

__all__ = [
    "HEADER",
    "KINDS",
    "ROWS",
    "Clock",
    "Kind",
    "Register",
    "csv_bytes",
    "fixed_bytes",
    "register",
    "xls_bytes",
]

HEADER = ("NOMOR", "NAMA", "TANGGAL")
Rows = list[tuple[Any, ...]]
ROWS: Rows = [("1", "José", "2025-01-31"), ("2", "Budi", "2025-02-01"), ("3", "Ani", "2025-02-02")]


def csv_bytes(rows: Rows, header: tuple[str, ...] = HEADER) -> bytes:
    """Write a register as cp1252 CSV."""
    lines = [";".join(map(str, row)) for row in (header, *rows)]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def xlsx_bytes(rows: Rows, header: tuple[str, ...] = HEADER) -> bytes:
    """Write a register as a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Buku")
        for number, row in enumerate((header, *rows)):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def dbf_bytes(rows: Rows, header: tuple[str, ...] = HEADER) -> bytes:
    """Write a register as DBF in cp1252."""
    fields = "; ".join(f"{name} C(20)" for name in header)
    path = Path(os.environ["SIMPUL_TEST_DBF"])
    table = dbf.Table(str(path), fields, codepage="cp1252")
    table.open(mode=dbf.READ_WRITE)
    for row in rows:
        table.append(tuple(map(str, row)))
    table.close()
    return path.read_bytes()


def xls_bytes(rows: Rows, header: tuple[str, ...] = HEADER) -> bytes:
    """Write a register as a workbook of Excel 97."""
    out = io.BytesIO()
    book = xlwt.Workbook(encoding="cp1252")
    sheet = book.add_sheet("Buku")
    for number, row in enumerate((header, *rows)):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.save(out)
    return out.getvalue()


def fixed_bytes(rows: Rows, header: tuple[str, ...] = HEADER) -> bytes:
    """Write a register as lines of fixed width; another header stands for other widths."""
    width = 20 if header == HEADER else 25
    lines = ["".join(str(cell).ljust(width) for cell in row) for row in rows]
    return "".join(f"{line}\r\n" for line in lines).encode("cp1252")


@dataclass(frozen=True)
class Kind:
    """One format: how to write and how to read it."""

    name: str
    write: Callable[..., bytes]
    file_format: FileFormat


KINDS = {
    "csv": Kind("r.csv", csv_bytes, FileFormat("csv", HEADER, "cp1252", ";")),
    "xlsx": Kind("r.xlsx", xlsx_bytes, FileFormat("xlsx", HEADER, sheet="Buku")),
    "dbf": Kind("r.dbf", dbf_bytes, FileFormat("dbf", HEADER, "cp1252")),
    "xls": Kind("r.xls", xls_bytes, FileFormat("xls", HEADER, sheet="Buku")),
    "fixed": Kind("r.txt", fixed_bytes, FileFormat("fixed", HEADER, "cp1252", widths=(20, 20, 20))),
}


class Clock:
    """Seconds, by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Register:
    """A source, its file and its clock."""

    source: FilesSource
    path: Path
    clock: Clock
    written: int = 0

    def put(self, content: bytes) -> None:
        """Replace the file by another version, of another time."""
        self.path.write_bytes(content)
        self.written += 1
        os.utime(self.path, (self.written, self.written))

    async def names(self) -> list[str]:
        """Look again, and give the names in service."""
        self.clock.now += 10
        table = (await self.source.table(CallContext())).value
        assert table is not None
        return [row["NAMA"] for row in table.rows]

    @property
    def alarm(self) -> Alarm | None:
        """The alarm that is raised."""
        return self.source.status.alarm


@asynccontextmanager
async def register(
    kind: Kind, folder: Path, pattern: str | None = None, **options: Any
) -> AsyncIterator[Register]:
    """Open a source over a folder."""
    guard, clock = SourceGuard("kelurahan/x", GuardSettings()), Clock()
    settings = FilesSettings(
        folder,
        pattern or kind.name,
        kind.file_format,
        {
            "nomor": lambda row: row["NOMOR"],
            "besar": lambda row: str(row["NAMA"]).isupper() or None,
        },
        **options,
    )
    source = FilesSource("kelurahan/x", settings, guard, clock=clock)
    try:
        yield Register(source, folder / kind.name, clock)
    finally:
        await source.aclose()
        await guard.aclose()
