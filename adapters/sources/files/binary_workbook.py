"""XLS workbooks, as Excel wrote them until 2003 (BIFF in a compound document).

In: a path. Out: rows of text, whole numbers, floats, dates, truth values; error cells are empty.
The reader of XLSX would read them too, but a damaged one makes it take all memory, so they have a
reader of their own.
"""

from __future__ import annotations

import io
import struct
from datetime import time
from pathlib import Path
from typing import Any

import xlrd

from adapters.sources.files.cells import content_of
from adapters.sources.files.model import Alarm, Content, FileFormat, VersionRefused, refuse

__all__ = ["read_binary_workbook"]

_SECTOR_BYTES = 512  # a compound document is whole sectors
_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")


def read_binary_workbook(path: Path, file_format: FileFormat) -> Content:
    """Read one sheet; raises ``VersionRefused``."""
    data = path.read_bytes()
    if not data or (data.startswith(_MAGIC) and len(data) % _SECTOR_BYTES):
        refuse(Alarm.TRUNCATED, "the workbook is cut off or still being written")
    try:
        lines = _lines(data, file_format)
    except (struct.error, IndexError):
        refuse(Alarm.TRUNCATED, "the workbook ends before its end")
    except Exception as error:  # whatever a parser stumbles on; its text may quote a cell
        what = "the workbook or the sheet named in the settings cannot be read"
        raise VersionRefused(Alarm.UNREADABLE, f"{what} ({type(error).__name__})") from None
    return content_of(lines[file_format.header_row - 1 :])


def _lines(data: bytes, file_format: FileFormat) -> list[list[Any]]:
    encoding = None if file_format.encoding == "utf-8" else file_format.encoding
    with xlrd.open_workbook(
        file_contents=data,
        logfile=io.StringIO(),  # what it says of a damaged file
        encoding_override=encoding,  # of workbooks before 1997; later ones are Unicode
        on_demand=True,
    ) as book:
        name = file_format.sheet
        sheet = book.sheet_by_index(0) if name is None else book.sheet_by_name(name)
        return [[_value(cell, book.datemode) for cell in row] for row in sheet.get_rows()]


def _value(cell: Any, datemode: int) -> Any:
    match cell.ctype:
        case xlrd.XL_CELL_DATE:
            moment = xlrd.xldate.xldate_as_datetime(cell.value, datemode)
            return moment.date() if moment.time() == time.min else moment
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            return ""
        case _:
            return cell.value
