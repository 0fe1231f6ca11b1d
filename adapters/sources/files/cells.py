"""The cells of a sheet, whatever kind of workbook it comes from.

In: the lines of a sheet from the one that names the columns. Out: ``Content``. Whole numbers come
out of workbooks as floats and are made whole again where a float is exact; lines without a cell
are no rows.
"""

from __future__ import annotations

from typing import Any

from adapters.sources.files.model import Content

__all__ = ["content_of"]

_EXACT = 2**53  # beyond it a float no longer holds every whole number


def content_of(lines: list[list[Any]]) -> Content:
    """Give the rows under the header."""
    header = _header(lines)
    cut = (line[: len(header)] for line in lines[1:])
    return Content(header, [[_whole(cell) for cell in line] for line in cut if _is_filled(line)])


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
