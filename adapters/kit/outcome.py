"""What an adapter's functions return: outcomes by key, and marks for single fields.

In: nothing (pure values). Out: the values that the runtime turns into data, errors, defects and
reports. A record is a mapping of GraphQL field name -> value, or an object with such attributes.
A field that a record does not hold is loaded through the type's key lookup; ``None`` is an answer.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

from adapters.errors import SourceError

__all__ = [
    "NOT_GRANTED",
    "UNREADABLE",
    "Denied",
    "Failed",
    "FieldMark",
    "Found",
    "InvalidArgument",
    "Key",
    "NotFound",
    "Outcome",
    "Outcomes",
    "Page",
    "PageRequest",
    "Record",
    "Refused",
]

Record: TypeAlias = Any
"""A mapping or an object; any, because an author may return what the source gave."""

Key: TypeAlias = Hashable
"""The value of a key with one field, or the tuple of the values of a composite key."""


class FieldMark(Enum):
    """Why a single field of a record holds no value although the record was answered."""

    NOT_GRANTED = "TIDAK_ADA_HAK"  # the source left the key out: the agreement does not cover it
    UNREADABLE = "DATA_RUSAK"  # the source's value cannot be understood


NOT_GRANTED = FieldMark.NOT_GRANTED
UNREADABLE = FieldMark.UNREADABLE


@dataclass(frozen=True, slots=True)
class Failed:
    """The source did not answer; as an outcome, or as the value of one field of a record."""

    error: SourceError
    source: str | None = None  # None: the adapter's only source


@dataclass(slots=True)
class Found:
    """The answer for one key: a record, a list, a ``Page`` or a leaf value.

    Not frozen for speed: one is made per record, and a frozen one costs three times as much.
    """

    record: Record
    as_of: datetime | None = None  # None: live
    failures: tuple[Failed, ...] = ()  # sources whose part is missing from a list


@dataclass(frozen=True, slots=True)
class NotFound:
    """The source answered: there is no such record."""

    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Denied:
    """The credentials do not cover the record."""

    source: str | None = None


class InvalidArgument(Exception):
    """Raised by a function that refuses an argument; the text is safe to show."""

    def __init__(self, message: str, code: str = "BAD_USER_INPUT") -> None:
        super().__init__(message)
        self.code = code  # another where a client does something else about it


@dataclass(frozen=True, slots=True)
class Refused:
    """The caller's argument is refused: an error of the caller and not of the source."""

    message: str  # names the argument, never its value
    code: str = "BAD_USER_INPUT"


Outcome: TypeAlias = "Found | NotFound | Denied | Failed | Refused"

Outcomes: TypeAlias = Mapping[Any, Any]
"""Key -> ``Outcome``, or a bare record for ``Found(record)``; a missing key was not found."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The part of a long list that is asked for."""

    first: int = 100
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a long list, answered as ``{ nodes pageInfo { hasNextPage endCursor } }``."""

    nodes: Sequence[Record]
    has_next: bool = False
    end_cursor: str | None = None
