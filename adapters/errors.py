"""What may go wrong at an upstream, as codes: whose fault, and may it be tried again.

``SourceCode`` is the closed set of six codes that a source's failure carries to the client
(docs/errors.md). A source raises ``SourceError`` inside ``adapters``; the border (kit runtime,
remote executor) turns it into data. Tables that translate foreign exceptions stand beside each
source.

    SourceError                 an expected failure of an upstream, never a bug
    ├── SourceUnavailable       SUMBER_TIDAK_TERSEDIA   down, refused, reset, 5xx, breaker open
    ├── SourceTimeout           BATAS_WAKTU             no answer within the deadline
    ├── QuotaExhausted          KUOTA_HABIS             the day's quota or our own cap is used up
    ├── AccessDenied            TIDAK_ADA_HAK           credentials or grant do not cover it
    ├── RecordNotFound          TIDAK_DITEMUKAN         mutations only, never for a null entity
    └── BadRecord               DATA_RUSAK              an answer that cannot be read
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

__all__ = [
    "AccessDenied",
    "BadRecord",
    "QuotaExhausted",
    "RecordNotFound",
    "SourceCode",
    "SourceError",
    "SourceTimeout",
    "SourceUnavailable",
]


class SourceCode(StrEnum):
    """The six codes of a source's failure."""

    SUMBER_TIDAK_TERSEDIA = "SUMBER_TIDAK_TERSEDIA"
    KUOTA_HABIS = "KUOTA_HABIS"
    TIDAK_ADA_HAK = "TIDAK_ADA_HAK"
    TIDAK_DITEMUKAN = "TIDAK_DITEMUKAN"
    DATA_RUSAK = "DATA_RUSAK"
    BATAS_WAKTU = "BATAS_WAKTU"


class SourceError(Exception):
    """An expected failure of an upstream. Its text never holds a value of a person's record."""

    code: ClassVar[SourceCode] = SourceCode.SUMBER_TIDAK_TERSEDIA
    retryable: ClassVar[bool] = False  # may the same read be tried again now?
    counts: ClassVar[bool] = False  # does it count as a failure for the breaker?
    renews: ClassVar[bool] = False  # is the next attempt made with a renewed credential?

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after  # seconds that the upstream asks to wait; None: not said


class SourceUnavailable(SourceError):
    """Down, refused, reset, answered 5xx, or the breaker is open."""

    retryable = True
    counts = True


class SourceTimeout(SourceError):
    """No answer within the deadline."""

    code = SourceCode.BATAS_WAKTU
    counts = True


class QuotaExhausted(SourceError):
    """The source's quota, or our own cap on it, is used up."""

    code = SourceCode.KUOTA_HABIS


class AccessDenied(SourceError):
    """The credentials or the agreement do not cover what was asked."""

    code = SourceCode.TIDAK_ADA_HAK


class RecordNotFound(SourceError):
    """The record that a mutation names does not exist."""

    code = SourceCode.TIDAK_DITEMUKAN


class BadRecord(SourceError):
    """The answer, or one record of it, cannot be read."""

    code = SourceCode.DATA_RUSAK
    counts = True
