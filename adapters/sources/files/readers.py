"""The readers of the formats, by kind; each blocks, so it runs in a thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from adapters.sources.files.dbase import read_dbase
from adapters.sources.files.delimited import read_delimited
from adapters.sources.files.model import Content, FileFormat
from adapters.sources.files.spreadsheet import read_spreadsheet

__all__ = ["READERS"]

READERS: dict[str, Callable[[Path, FileFormat], Content]] = {
    "csv": read_delimited,
    "dbf": read_dbase,
    "xlsx": read_spreadsheet,
}
