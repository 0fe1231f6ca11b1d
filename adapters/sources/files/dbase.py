"""DBF tables.

In: a path. Out: rows of text, numbers, dates, None. The header says how many records there are
and how long each is; a file that is shorter would be read without complaint, so it is measured
first. Deleted records are left out.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from dbfread import DBF, DBFNotFound
from dbfread.exceptions import MissingMemoFile

from adapters.sources.files.model import Alarm, Content, FileFormat, refuse

__all__ = ["read_dbase"]

_HEADER = struct.Struct("<4xIHH")  # date, number of records, bytes of header, bytes of record


def read_dbase(path: Path, file_format: FileFormat) -> Content:
    """Read a DBF file; raises ``VersionRefused``."""
    told = _measure(path)
    try:
        table = DBF(path, encoding=file_format.encoding, char_decode_errors="replace", raw=False)
        header = tuple(table.field_names)
        rows: list[list[Any]] = [list(record.values()) for record in table]
        found = len(rows) + len(table.deleted)
    except (DBFNotFound, MissingMemoFile, ValueError, LookupError, struct.error):
        # Their texts may quote a field.
        refuse(Alarm.UNREADABLE, "the file is no DBF, or a field cannot be read")
    if found != told:  # reading stops without a word at a mark of the end, wherever it stands
        refuse(Alarm.TRUNCATED, f"the header tells of {told} records, and {found} are there")
    return Content(header, rows)


def _measure(path: Path) -> int:
    """Give the number of records that the header tells of."""
    with path.open("rb") as file:
        head = file.read(_HEADER.size)
    if len(head) < _HEADER.size:
        refuse(Alarm.TRUNCATED, "the file is shorter than its header")
    records, header_bytes, record_bytes = _HEADER.unpack(head)
    if path.stat().st_size < header_bytes + records * record_bytes:
        refuse(Alarm.TRUNCATED, f"the header tells of {records} records, and the file ends before")
    return int(records)
