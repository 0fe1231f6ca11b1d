"""CSV in any encoding.

In: a path. Out: rows of text. A row of another width is left out and counted: its cells may
belong to other columns. But a short *last* row, an open quote or a missing final newline mean
that the file ends before its end, and then nothing of it can be trusted.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from adapters.sources.files.model import Alarm, Content, FileFormat, refuse

__all__ = ["read_delimited"]


def read_delimited(path: Path, file_format: FileFormat) -> Content:
    """Read a CSV file; raises ``VersionRefused``."""
    text = path.read_bytes().decode(file_format.encoding, "replace").removeprefix("\ufeff")
    if "\0" in text:
        refuse(Alarm.UNREADABLE, "the file holds zero bytes: it is no CSV or half written")
    if text and file_format.final_newline and text[-1] not in "\r\n":
        refuse(
            Alarm.TRUNCATED,
            "the last line has no end; if the file is always so, set final_newline to false",
        )
    lines = _lines(text, file_format.delimiter)
    header = tuple(cell.strip() for cell in lines[0]) if lines else ()
    width = len(header)
    if len(lines) > 1 and len(lines[-1]) < width:
        refuse(Alarm.TRUNCATED, "the last row is short")
    rows = [line for line in lines[1:] if len(line) == width]
    return Content(header, rows, skipped=len(lines) - 1 - len(rows) if lines else 0)


def _lines(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [line for line in reader if line]
    except csv.Error:
        # Its text may quote a cell.
        refuse(Alarm.TRUNCATED, f"line {reader.line_num} is no CSV, or a quote is never closed")
