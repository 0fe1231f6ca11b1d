"""The readers of the formats, by kind; each blocks, so it runs in a thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from adapters.sources.files.binary_workbook import read_binary_workbook
from adapters.sources.files.dbase import read_dbase
from adapters.sources.files.delimited import read_delimited
from adapters.sources.files.fixed_width import read_fixed_width
from adapters.sources.files.model import Content, FileFormat
from adapters.sources.files.spreadsheet import read_spreadsheet

__all__ = ["READERS"]

READERS: dict[str, Callable[[Path, FileFormat], Content]] = {
    "csv": read_delimited,
    "dbf": read_dbase,
    "fixed": read_fixed_width,
    "xls": read_binary_workbook,
    "xlsx": read_spreadsheet,
}
