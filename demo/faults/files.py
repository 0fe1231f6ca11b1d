"""Faults of registers that are files: SQLite, XLSX, CSV, DBF.

In: a file and a fault. Out: the file broken that way; its pristine copy is kept in `.asli/` at the
top of the registers' folder, from where `restore` brings it back. Every change is one rename, as
long as the fault itself is not a half-written file.
"""

import csv
import fcntl
import shutil
import sqlite3
import zipfile
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

__all__ = ["FileFault", "FileLock", "break_file", "lock_file", "restore", "restore_all"]

_PRISTINE = ".asli"
_WRONG = "KOLOM9"


class FileFault(StrEnum):
    """What may happen to a file; `LOCKED` lasts as long as its `FileLock`."""

    MISSING = "missing"
    TRUNCATED = "truncated"  # ends in the middle
    HALF_WRITTEN = "half_written"  # full length, the second half still zeros
    WRONG_HEADER = "wrong_header"  # another column name
    LOCKED = "locked"  # somebody works in it


@dataclass(slots=True)
class FileLock:
    """Somebody who works in the file; release it, or leave the context."""

    marker: Path | None = None
    _held: BinaryIO | None = None
    _store: sqlite3.Connection | None = field(default=None)

    def release(self) -> None:
        """Stop working in the file."""
        if self._store is not None:
            self._store.close()
            self._store = None
        if self._held is not None:
            self._held.close()
            self._held = None
        if self.marker is not None:
            self.marker.unlink(missing_ok=True)

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(self, *error: object) -> None:
        self.release()


def break_file(path: Path, fault: FileFault) -> None:
    """Break a file; a fault put on before is replaced. For `LOCKED` use `lock_file`."""
    pristine = _keep(path)
    match fault:
        case FileFault.MISSING:
            path.unlink(missing_ok=True)
        case FileFault.TRUNCATED:
            content = pristine.read_bytes()
            _replace(path, content[: len(content) // 2 + 7])
        case FileFault.HALF_WRITTEN:
            content = pristine.read_bytes()
            half = len(content) // 2
            _replace(path, content[:half] + bytes(len(content) - half))
        case FileFault.WRONG_HEADER:
            _write_wrong_header(pristine, path)
        case FileFault.LOCKED:
            raise ValueError("a lock is held by somebody: use lock_file")


def lock_file(path: Path) -> FileLock:
    """Work in a file: SQLite exclusively, others with an advisory lock and an office lock file."""
    if path.suffix == ".sqlite":
        store = sqlite3.connect(path, isolation_level=None, timeout=0)
        store.execute("BEGIN EXCLUSIVE")
        return FileLock(_store=store)
    marker = path.with_name(f".~lock.{path.name}#")
    marker.write_text(",petugas,loket,01.07.2026 09:00,file:///;", encoding="ascii")
    held = path.open("rb+")
    fcntl.flock(held, fcntl.LOCK_EX)
    return FileLock(marker, held)


def restore(path: Path) -> None:
    """Bring a file back as it was made."""
    path.with_name(f".~lock.{path.name}#").unlink(missing_ok=True)
    pristine = _pristine(path)
    if pristine.exists():
        pristine.replace(path)


def restore_all(registers: Path) -> None:
    """Bring every file of a registers' folder back."""
    for pristine in (registers / _PRISTINE).glob("*/*"):
        restore(registers / pristine.parent.name / pristine.name)
    for marker in registers.glob("*/.~lock.*#"):
        marker.unlink()


def _pristine(path: Path) -> Path:
    return path.parent.parent / _PRISTINE / path.parent.name / path.name


def _keep(path: Path) -> Path:
    pristine = _pristine(path)
    if not pristine.exists():
        pristine.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, pristine)
    return pristine


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(path.name + ".baru")
    fresh.write_bytes(content)
    fresh.replace(path)


def _write_wrong_header(pristine: Path, path: Path) -> None:
    match path.suffix.lower():
        case ".sqlite":
            _rename_columns(pristine, path)
        case ".xlsx":
            _rename_cells(pristine, path)
        case ".csv":
            header, line, rest = pristine.read_bytes().partition(b"\r\n")
            names = next(csv.reader([header.decode("cp1252")], delimiter=";"))
            _replace(
                path, ";".join([*names[:2], _WRONG, *names[3:]]).encode("cp1252") + line + rest
            )
        case ".dbf":
            content = bytearray(pristine.read_bytes())
            # The third field descriptor starts at byte 32 + 2 * 32; its name takes 11 bytes.
            content[96:107] = _WRONG.encode("ascii").ljust(11, b"\0")
            _replace(path, bytes(content))
        case suffix:
            raise ValueError(f'no header is known for files "{suffix}"')


def _rename_columns(pristine: Path, path: Path) -> None:
    fresh = path.with_name(path.name + ".baru")
    shutil.copy2(pristine, fresh)
    store = sqlite3.connect(fresh)
    for (table,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        column = store.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchall()[2][0]
        store.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO {_WRONG}")
    store.commit()
    store.close()
    fresh.replace(path)


def _rename_cells(pristine: Path, path: Path) -> None:
    fresh = path.with_name(path.name + ".baru")
    with (
        zipfile.ZipFile(pristine) as source,
        zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            content = source.read(item)
            if item.filename.startswith("xl/worksheets/") or "sharedStrings" in item.filename:
                for name in (b"Nomor Surat", b"No Pengantar"):
                    content = content.replace(b">" + name + b"<", b">" + _WRONG.encode() + b"<")
            target.writestr(item, content)
    fresh.replace(path)
