"""The file formats that offices keep registers in; each gives header and rows, or refuses.

Reading order: ``model``, ``delimited``, ``spreadsheet``, ``dbase``. Blocking: run in a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from adapters.sources.formats.dbase import read_dbase
from adapters.sources.formats.delimited import read_delimited
from adapters.sources.formats.model import Alarm, Content, FileFormat, VersionRefused
from adapters.sources.formats.spreadsheet import read_spreadsheet

__all__ = ["READERS", "Alarm", "Content", "FileFormat", "VersionRefused"]

READERS: dict[str, Callable[[Path, FileFormat], Content]] = {
    "csv": read_delimited,
    "dbf": read_dbase,
    "xlsx": read_spreadsheet,
}
