"""XLSX workbooks.

In: a path. Out: rows of text, whole numbers, floats, dates; error cells come out empty. A workbook
is a zip file whose directory stands at the end: a truncated one cannot be opened at all.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from adapters.sources.files.cells import content_of
from adapters.sources.files.model import Alarm, Content, FileFormat, refuse

__all__ = ["read_spreadsheet"]


def read_spreadsheet(path: Path, file_format: FileFormat) -> Content:
    """Read one sheet; raises ``VersionRefused``."""
    if not zipfile.is_zipfile(path):
        refuse(Alarm.TRUNCATED, "the workbook is cut off or still being written")
    try:
        lines = _sheet(path, file_format.sheet)[file_format.header_row - 1 :]
    except (CalamineError, ValueError, OSError):
        refuse(Alarm.UNREADABLE, "the workbook or the sheet named in the settings cannot be read")
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        refuse(Alarm.UNREADABLE, "the workbook is damaged")  # a crash within the library
    return content_of(lines)


def _sheet(path: Path, name: str | None) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(str(path))
    try:
        sheet = book.get_sheet_by_index(0) if name is None else book.get_sheet_by_name(name)
        return sheet.to_python()
    finally:
        book.close()
