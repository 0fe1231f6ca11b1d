"""DBF tables, with their memos.

In: a path. Out: rows of text, numbers, dates, None. The header says how many records there are
and how long each is; a file that is shorter would be read without complaint, so it is measured
first. Deleted records are left out. Long texts stand in a memo file beside the table (FPT of
FoxPro, DBT of dBase III and IV), which is measured too: a version is both.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dbfread import DBF, DBFNotFound
from dbfread.exceptions import MissingMemoFile

from adapters.sources.files.model import Alarm, Content, FileFormat, refuse

__all__ = ["find_memo", "read_dbase"]

_MEMO_ENDINGS = ("fpt", "dbt")
_FPT_HEADER = struct.Struct(">I2xH")  # next free block, bytes of a block
_DBT_HEADER = struct.Struct("<I")  # next free block
_DBT_BLOCK_BYTES = 512
_DBASE_3_WITH_MEMO = 0x83  # its memos have no length but an end
_END_OF_MEMO = b"\x1a"
_HEADER = struct.Struct("<4xIHH")  # date, number of records, bytes of header, bytes of record


def read_dbase(path: Path, file_format: FileFormat) -> Content:
    """Read a DBF file; raises ``VersionRefused``."""
    told = _measure(path)
    memo = find_memo(path.name, (each.name for each in path.parent.iterdir()))
    if memo is not None:
        _measure_memo(path.with_name(memo), ends_marked=_version_of(path) == _DBASE_3_WITH_MEMO)
    try:
        table = DBF(path, encoding=file_format.encoding, char_decode_errors="replace", raw=False)
        header = tuple(table.field_names)
        rows: list[list[Any]] = [list(record.values()) for record in table]
        found = len(rows) + len(table.deleted)
    except MissingMemoFile:
        refuse(Alarm.MISSING, "the table has memos, and their file is not beside it")
    except OSError as error:
        if error.errno is not None:
            raise
        refuse(Alarm.TRUNCATED, "the memo file ends within a memo")
    except (DBFNotFound, ValueError, LookupError, struct.error):
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


def find_memo(table: str, names: Iterable[str]) -> str | None:
    """Find the memo file of a table among the names beside it, in capitals or not."""
    if not table.lower().endswith(".dbf"):
        return None
    sought = [f"{table[:-3].lower()}{ending}" for ending in _MEMO_ENDINGS]
    return next((name for name in sorted(names) if name.lower() in sought), None)


def _version_of(path: Path) -> int:
    with path.open("rb") as file:
        return file.read(1)[0]


def _measure_memo(path: Path, *, ends_marked: bool) -> None:
    """Refuse a memo file that is shorter than its header tells."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_FPT_HEADER.size)
        if len(head) < _FPT_HEADER.size:
            refuse(Alarm.TRUNCATED, "the memo file is shorter than its header")
        if path.suffix.lower() == ".fpt":
            blocks, block_bytes = _FPT_HEADER.unpack(head)
        else:
            (blocks,), block_bytes = _DBT_HEADER.unpack(head[: _DBT_HEADER.size]), _DBT_BLOCK_BYTES
        # The last block need not be full.
        if size <= (blocks - 1) * block_bytes and blocks > 1:
            refuse(Alarm.TRUNCATED, f"the memo file ends before its block {blocks}")
        if ends_marked and blocks > 1:
            file.seek(-_DBT_BLOCK_BYTES, 2)
            if _END_OF_MEMO not in file.read():
                refuse(Alarm.TRUNCATED, "the memo file ends within a memo")
