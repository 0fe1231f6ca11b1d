"""What a file of each format holds, and what of it is no row."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from adapters.contract import CallContext
from adapters.sources.files import Alarm, FileFormat
from tests.testkit.file_registers import (
    HEADER,
    KINDS,
    ROWS,
    Kind,
    csv_bytes,
    fixed_bytes,
    register,
    xls_bytes,
)

pytestmark = pytest.mark.anyio


async def test_rows_of_another_width_are_left_out_and_counted(tmp_path: Path) -> None:
    """A misaligned row in the middle is dirt; it does not take the register down."""
    kind = KINDS["csv"]
    async with register(kind, tmp_path) as made:
        made.put(csv_bytes([ROWS[0], ("2", "x"), ("3", "y", "z", "q"), ROWS[2]]))
        assert await made.names() == ["José", "Ani"]
        assert made.source.status.skipped == 2


async def test_a_missing_final_newline_can_be_declared(tmp_path: Path) -> None:
    """Some programs never write one; then it is no sign of truncation."""
    file_format = FileFormat("csv", HEADER, "cp1252", ";", final_newline=False)
    async with register(Kind("r.csv", csv_bytes, file_format), tmp_path) as made:
        made.put(csv_bytes(ROWS).rstrip())
        assert len(await made.names()) == 3


async def test_bytes_that_the_encoding_does_not_know_are_marked(tmp_path: Path) -> None:
    """One stray byte becomes U+FFFD in its cell, and the rest is read."""
    kind = KINDS["csv"]
    async with register(kind, tmp_path) as made:
        made.put(csv_bytes(ROWS).replace(b"Budi", b"Bu\x81i"))
        assert await made.names() == ["José", "Bu\ufffdi", "Ani"]


async def test_a_workbook_gives_numbers_and_dates(tmp_path: Path) -> None:
    """Whole numbers are whole, dates are dates, empty rows are no rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Buku")
        sheet.write_row(0, 0, HEADER)
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(1, 0, [3171990101909001, 2.5])
        sheet.write_datetime(1, 2, date(2025, 1, 31), day)
        sheet.write_row(4, 0, ["x", "y", "z", "", "stray"])
    async with register(KINDS["xlsx"], tmp_path) as made:
        made.put(out.getvalue())
        await made.names()
        table = (await made.source.table(CallContext())).value
        assert table is not None
        assert [list(row.values()) for row in table.rows] == [
            [3171990101909001, 2.5, date(2025, 1, 31)],
            ["x", "y", "z"],
        ]


async def test_a_zip_without_a_workbook_is_unreadable(tmp_path: Path) -> None:
    """A zip file is not yet a workbook, and a workbook needs the sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    async with register(KINDS["xlsx"], tmp_path) as made:
        made.put(out.getvalue())
        assert (await made.source.table(CallContext())).error is not None
        assert made.alarm is Alarm.UNREADABLE


async def test_deleted_records_are_left_out(tmp_path: Path) -> None:
    """A record marked deleted counts for the header, and is no row."""
    kind = KINDS["dbf"]
    content = bytearray(kind.write(ROWS))
    header_bytes = int.from_bytes(content[8:10], "little")
    content[header_bytes] = ord("*")
    async with register(kind, tmp_path) as made:
        made.put(bytes(content))
        assert await made.names() == ["Budi", "Ani"]


async def test_a_mark_of_the_end_in_the_middle_is_a_truncation(tmp_path: Path) -> None:
    """Readers stop at it without a word; the header's count tells."""
    kind = KINDS["dbf"]
    content = bytearray(kind.write(ROWS))
    header_bytes = int.from_bytes(content[8:10], "little")
    record_bytes = int.from_bytes(content[10:12], "little")
    content[header_bytes + record_bytes] = 0x1A
    async with register(kind, tmp_path) as made:
        made.put(bytes(content))
        assert (await made.source.table(CallContext())).error is not None
        assert made.alarm is Alarm.TRUNCATED


async def test_an_old_workbook_gives_numbers_and_dates(tmp_path: Path) -> None:
    """XLS knows dates, truth values and errors as kinds of cell; whole numbers are whole."""
    out = io.BytesIO()
    book = xlwt.Workbook()
    sheet = book.add_sheet("Lain")
    sheet.write(0, 0, "Register")
    for column, name in enumerate(HEADER):
        sheet.write(1, column, name)
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for column, value in enumerate([3171990101909001, 2.5]):
        sheet.write(2, column, value)
    sheet.write(2, 2, date(2025, 1, 31), day)
    sheet.write(3, 0, True)
    sheet.write(3, 1, datetime(2025, 1, 31, 12, 30), day)
    sheet.row(3).set_cell_error(2, "#REF!")
    book.save(out)
    file_format = FileFormat("xls", HEADER, sheet="Lain", header_row=2)
    async with register(Kind("r.xls", xls_bytes, file_format), tmp_path) as made:
        made.put(out.getvalue())
        table = (await made.source.table(CallContext())).value
        assert table is not None
        assert [list(row.values()) for row in table.rows] == [
            [3171990101909001, 2.5, date(2025, 1, 31)],
            [True, datetime(2025, 1, 31, 12, 30), ""],
        ]


async def test_lines_of_another_width_are_left_out_and_counted(tmp_path: Path) -> None:
    """One bad line in the middle is dirt; a mark of the end from DOS is none."""
    kind = KINDS["fixed"]
    async with register(kind, tmp_path) as made:
        lines = fixed_bytes(ROWS).splitlines(keepends=True)
        made.put(lines[0] + b"short\r\n\r\n" + lines[2] + b"\x1a")
        assert await made.names() == ["José", "Ani"]
        assert made.source.status.skipped == 1
        made.put(lines[0] + lines[1] + lines[2][:30] + b"\r\n")
        await made.names()
        assert made.alarm is Alarm.TRUNCATED
