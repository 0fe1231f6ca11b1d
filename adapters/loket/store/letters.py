"""What one transaction does to letters: prepare one, keep its file, change its status, find it.

In: an open transaction. Out: rows. A letter is prepared once a year for an application and keeps
number and code, whatever happens to it: a number is used, or it is cancelled, but never lost or
doubled.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Update, bindparam, delete, insert, select, update

from adapters.loket.store.tables import documents, letters

__all__ = [
    "KNOWN",
    "LetterStatus",
    "change_letter",
    "drop_document",
    "find_by_code",
    "insert_letter",
    "keep_document",
    "letter_of",
    "read_document",
    "read_document_hashes",
]


class LetterStatus(StrEnum):
    """How a letter stands."""

    DISIAPKAN = "DISIAPKAN"  # it has its number, and is being signed
    TERBIT = "TERBIT"
    DICABUT = "DICABUT"
    BATAL = "BATAL"  # its application ended without it, or has another; the number is used up


KNOWN = (LetterStatus.TERBIT, LetterStatus.DICABUT)
"""What the public may be told of."""

_OF = select(letters).where(
    (letters.c.permohonan == bindparam("of")) & (letters.c.status != LetterStatus.BATAL)
)
_DROP = delete(documents).where(documents.c.permohonan == bindparam("of"))
_DOCUMENT = select(documents).where(documents.c.permohonan == bindparam("of"))
_HASHES = select(documents.c.permohonan, documents.c.sha256).where(
    documents.c.permohonan.in_(bindparam("of", expanding=True))
)
_BY_CODE = (
    select(letters, documents.c.sha256)
    .outerjoin(documents, documents.c.permohonan == letters.c.permohonan)
    .where((letters.c.kode_verifikasi == bindparam("code")) & letters.c.status.in_(KNOWN))
)


def letter_of(tx: Connection, application: str) -> Row[Any] | None:
    """Give the letter of an application; None: it has no number, or none that is good."""
    return tx.execute(_OF, {"of": application}).one_or_none()


def insert_letter(tx: Connection, **values: Any) -> None:
    """Write a letter that is being prepared."""
    tx.execute(insert(letters).values(status=LetterStatus.DISIAPKAN, **values))


def change_letter(tx: Connection, application: str, before: LetterStatus, **values: Any) -> bool:
    """Change the letter of an application if it stands at ``before``; tell whether it did."""
    new = {f"new_{name}": value for name, value in values.items()}
    asked = {"of": application, "before": before, **new}
    return bool(tx.execute(_change((*values,)), asked).rowcount)


def keep_document(tx: Connection, application: str, **values: Any) -> None:
    """Keep the file of a letter in place of the one before."""
    drop_document(tx, application)
    tx.execute(insert(documents).values(permohonan=application, **values))


def drop_document(tx: Connection, application: str) -> None:
    """Forget a file that will not be issued."""
    tx.execute(_DROP, {"of": application})


def read_document(tx: Connection, application: str) -> Row[Any] | None:
    """Give the file of a letter with its hash and the draft that it was made for."""
    return tx.execute(_DOCUMENT, {"of": application}).one_or_none()


def read_document_hashes(tx: Connection, applications: Iterable[str]) -> dict[str, str]:
    """Give the hashes of files by application, without the files."""
    rows = tx.execute(_HASHES, {"of": [*applications]})
    return {row.permohonan: row.sha256 for row in rows}


def find_by_code(tx: Connection, code: str) -> Row[Any] | None:
    """Give a letter that the public may be told of, with the hash of its file; one statement."""
    return tx.execute(_BY_CODE, {"code": code}).one_or_none()


@lru_cache(maxsize=16)  # as many as there are steps that change other columns
def _change(names: tuple[str, ...]) -> Update:
    own = (letters.c.permohonan == bindparam("of")) & (letters.c.status == bindparam("before"))
    return update(letters).where(own).values({name: bindparam(f"new_{name}") for name in names})
