"""Registers that are files: CSV, lines of fixed width, XLSX, XLS, DBF.

Reading order: ``source``, ``folder``, ``table``, ``model``, ``readers``, and a file per format:
``delimited``, ``fixed_width``, ``cells``, ``spreadsheet``, ``binary_workbook``, ``dbase``.
"""

from adapters.sources.files.delimited import read_delimited
from adapters.sources.files.folder import Folder
from adapters.sources.files.model import Alarm, FileFormat, VersionRefused
from adapters.sources.files.source import FilesSettings, FilesSource, FileStatus
from adapters.sources.files.table import KeyOf, Row, Table

__all__ = [
    "Alarm",
    "FileFormat",
    "FileStatus",
    "FilesSettings",
    "FilesSource",
    "Folder",
    "KeyOf",
    "Row",
    "Table",
    "VersionRefused",
    "read_delimited",
]
