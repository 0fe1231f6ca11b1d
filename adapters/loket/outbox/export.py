"""The lines of a kelurahan as CSV text, for a register that is no table: a sheet, a file, a book.

In: lines. Out: text with a head, separated by semicolons as spreadsheets here expect it. A text
that a spreadsheet would take for a formula is marked as text: names are what applicants wrote.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, fields

from adapters.loket.outbox.line import Line

__all__ = ["render_lines"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render_lines(lines: Iterable[Line]) -> str:
    """Write the lines."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([each.name for each in fields(Line)])
    for line in lines:
        writer.writerow([_cell(value) for value in astuple(line)])
    return text.getvalue()


def _cell(value: object) -> str:
    written = "" if value is None else str(value)
    return f"'{written}" if written.startswith(_FORMULA) else written
