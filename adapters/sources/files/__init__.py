"""Registers that are files in a folder: CSV, XLSX, DBF.

Reading order: ``source``, ``table``, ``model``, ``readers``, ``delimited``, ``spreadsheet``,
``dbase``.
"""

from adapters.sources.files.delimited import read_delimited
from adapters.sources.files.model import Alarm, FileFormat, VersionRefused
from adapters.sources.files.source import FilesSettings, FilesSource, FileStatus
from adapters.sources.files.table import KeyOf, Row, Table

__all__ = [
    "Alarm",
    "FileFormat",
    "FileStatus",
    "FilesSettings",
    "FilesSource",
    "KeyOf",
    "Row",
    "Table",
    "VersionRefused",
    "read_delimited",
]
