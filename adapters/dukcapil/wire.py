"""What goes over the registry's wire: request bodies, and the failures told inside a 200.

In: credentials and a number; a decoded answer. Out: a body in the method's own spelling of keys;
the rows, or the ``SourceError`` that a row tells. The registry answers 200 always: a failure is a
row ``RESPON`` or ``RESPONSE`` whose text varies in case and points. "Not found" is no failure.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from adapters.errors import AccessDenied, BadRecord, QuotaExhausted, SourceError

__all__ = ["Method", "Row", "build_body", "find_error", "rows_of"]

Row = dict[str, Any]
"""One row of an answer's ``content``."""


class Method(StrEnum):
    """The registry's methods."""

    NIK = "call_nik"
    KK = "call_kk"
    STATUS = "call_status"
    VERIFY = "CALL_VERIFY_BY_ELEMEN"


_NUMBER_KEYS = {
    Method.NIK: "nik",
    Method.KK: "NO_KK",
    Method.STATUS: "nik",
    Method.VERIFY: "NIK",
}
_UPPER = frozenset({Method.KK, Method.VERIFY})

_NOT_FOUND = "tidak ditemukan"
_REFUSALS: tuple[tuple[str, type[SourceError], str], ...] = (
    ("kuota", QuotaExhausted, "the registry's quota of the day is used up"),
    ("login", AccessDenied, "the registry refuses our credentials"),
    ("hak akses", AccessDenied, "the registry does not grant us this method"),
    ("ip tidak", AccessDenied, "the registry does not know our address"),
    ("format", BadRecord, "the registry cannot read our request"),
)


def build_body(
    method: Method, number: str, credentials: Mapping[str, str], **more: Any
) -> dict[str, Any]:
    """Write a request body; the case of its keys differs by method."""
    body: dict[str, Any] = {_NUMBER_KEYS[method]: number}
    for key, value in credentials.items():
        body[key.upper() if method in _UPPER else key] = value
    return body | more


def find_error(answer: Any) -> SourceError | None:
    """Find the failure that a 200 tells; None if there is none, or only "not found"."""
    rows = answer.get("content") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return BadRecord('the registry\'s answer has no list "content"')
    told = _told(rows)
    if told is None or _NOT_FOUND in told:
        return None
    for word, kind, text in _REFUSALS:
        if word in told:
            return kind(text)
    return BadRecord("the registry answers with a text that is not known")


def rows_of(answer: Any) -> list[Row]:
    """Give the rows of an answer without failure, each once; none if it tells "not found"."""
    rows: list[Row] = answer["content"]
    if _told(rows) is not None:
        return []
    return [row for place, row in enumerate(rows) if row not in rows[:place]]


def _told(rows: list[Row]) -> str | None:
    for row in rows:
        for key in ("RESPON", "RESPONSE"):
            if key in row:
                return " ".join(str(row[key]).lower().split())
    return None
