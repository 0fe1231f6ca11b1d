"""XLSX workbooks.

In: a path. Out: rows of text, whole numbers, floats, dates. Whole numbers come out of the library
as floats and are made whole again where a float is exact; error cells come out empty. A workbook
is a zip file whose directory stands at the end: a truncated one cannot be opened at all.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from adapters.sources.files.model import Alarm, Content, FileFormat, refuse

__all__ = ["read_spreadsheet"]

_EXACT = 2**53  # beyond it a float no longer holds every whole number


def read_spreadsheet(path: Path, file_format: FileFormat) -> Content:
    """Read one sheet; raises ``VersionRefused``."""
    if not zipfile.is_zipfile(path):
        refuse(Alarm.TRUNCATED, "the workbook is cut off or still being written")
    try:
        lines = _sheet(path, file_format.sheet)[file_format.header_row - 1 :]
    except (CalamineError, ValueError, OSError):
        refuse(Alarm.UNREADABLE, "the workbook or the sheet named in the settings cannot be read")
    header = _header(lines)
    cut = (line[: len(header)] for line in lines[1:])
    return Content(header, [[_whole(cell) for cell in line] for line in cut if _is_filled(line)])


def _sheet(path: Path, name: str | None) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(str(path))
    try:
        sheet = book.get_sheet_by_index(0) if name is None else book.get_sheet_by_name(name)
        return sheet.to_python()
    finally:
        book.close()


def _header(lines: list[list[Any]]) -> tuple[str, ...]:
    """Give the columns' names; a sheet is as wide as its furthest cell, named or not."""
    names = [str(cell).strip() for cell in lines[0]] if lines else []
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _whole(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= _EXACT:
        return int(cell)
    return cell


def _is_filled(line: list[Any]) -> bool:
    return any(cell not in ("", None) for cell in line)
