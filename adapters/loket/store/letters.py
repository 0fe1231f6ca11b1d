"""What one transaction does to letters: prepare one, keep its file, change its status, find it.

In: an open transaction. Out: rows. A letter is prepared once for an application and keeps number
and code, whatever happens to it: a number is used, or it is cancelled, but never lost or doubled.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

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
    BATAL = "BATAL"  # its application ended without it; the number is used up


KNOWN = (LetterStatus.TERBIT, LetterStatus.DICABUT)
"""What the public may be told of."""


async def letter_of(tx: AsyncConnection, application: str) -> Row[Any] | None:
    """Give the letter of an application; None: it has no number yet."""
    found = select(letters).where(letters.c.permohonan == application)
    return (await tx.execute(found)).one_or_none()


async def insert_letter(tx: AsyncConnection, **values: Any) -> None:
    """Write a letter that is being prepared."""
    await tx.execute(insert(letters).values(status=LetterStatus.DISIAPKAN, **values))


async def change_letter(
    tx: AsyncConnection, application: str, before: LetterStatus, **values: Any
) -> bool:
    """Change the letter of an application if it stands at ``before``; tell whether it did."""
    own = (letters.c.permohonan == application) & (letters.c.status == before)
    return bool((await tx.execute(update(letters).where(own).values(**values))).rowcount)


async def keep_document(tx: AsyncConnection, application: str, **values: Any) -> None:
    """Keep the file of a letter in place of the one before."""
    await drop_document(tx, application)
    await tx.execute(insert(documents).values(permohonan=application, **values))


async def drop_document(tx: AsyncConnection, application: str) -> None:
    """Forget a file that will not be issued."""
    await tx.execute(delete(documents).where(documents.c.permohonan == application))


async def read_document(tx: AsyncConnection, application: str) -> Row[Any] | None:
    """Give the file of a letter with its hash and the draft that it was made for."""
    found = select(documents).where(documents.c.permohonan == application)
    return (await tx.execute(found)).one_or_none()


async def read_document_hashes(tx: AsyncConnection, applications: Iterable[str]) -> dict[str, str]:
    """Give the hashes of files by application, without the files."""
    columns = select(documents.c.permohonan, documents.c.sha256)
    rows = await tx.execute(columns.where(documents.c.permohonan.in_([*applications])))
    return {row.permohonan: row.sha256 for row in rows}


async def find_by_code(tx: AsyncConnection, code: str) -> Row[Any] | None:
    """Give a letter that the public may be told of, with the hash of its file; one statement."""
    found = (
        select(letters, documents.c.sha256)
        .outerjoin(documents, documents.c.permohonan == letters.c.permohonan)
        .where((letters.c.kode_verifikasi == code) & letters.c.status.in_(KNOWN))
    )
    return (await tx.execute(found)).one_or_none()
