"""What is told about a file, what comes out of it, and why a version is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, NoReturn

__all__ = ["Alarm", "Content", "FileFormat", "VersionRefused", "refuse"]


class Alarm(StrEnum):
    """Why the newest version of a file is not in service."""

    MISSING = "MISSING"  # no file is there
    UNREACHABLE = "UNREACHABLE"  # the server that keeps it is down, or fails
    SLOW = "SLOW"  # its place does not answer in time
    DENIED = "DENIED"  # the server refuses our sign-on, or is not the one that we know
    LOCKED = "LOCKED"  # someone is writing, or we may not read
    CHANGING = "CHANGING"  # it changed while it was read
    TRUNCATED = "TRUNCATED"  # it ends before its end
    WRONG_HEADER = "WRONG_HEADER"  # other columns than expected
    UNREADABLE = "UNREADABLE"  # not the format that was told
    SHRUNK = "SHRUNK"  # far fewer rows than the version in service


class VersionRefused(Exception):
    """A version that may not go into service. The text holds no value of a row."""

    def __init__(self, alarm: Alarm, why: str) -> None:
        super().__init__(why)
        self.alarm = alarm


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a file is to be read."""

    kind: Literal["csv", "dbf", "fixed", "xls", "xlsx"]
    header: tuple[str, ...]  # the columns expected, in order
    encoding: str = "utf-8"  # of texts; what it cannot decode becomes U+FFFD
    delimiter: str = ","  # csv
    final_newline: bool = True  # csv, fixed: a file without one is taken for truncated
    sheet: str | None = None  # xls, xlsx; None: the first
    header_row: int = 1  # xls, xlsx: the row that names the columns; titles stand above it
    widths: tuple[int, ...] = ()  # fixed: of each column, in characters


@dataclass(frozen=True, slots=True)
class Content:
    """A whole file, read: rows as wide as the header."""

    header: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    skipped: int = 0  # rows of another width than the header, left out


def refuse(alarm: Alarm, why: str) -> NoReturn:
    """Refuse the version."""
    raise VersionRefused(alarm, why)
