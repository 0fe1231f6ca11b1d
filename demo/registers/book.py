"""What stands in a kelurahan's books, before it is written in that kelurahan's way.

In: the truth's letters and introductions of one kelurahan. Out: `BookRow`s and
`IntroductionRow`s in book order, streamed.
"""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from demo.tables import load_codes

__all__ = ["BookRow", "IntroductionRow", "read_books", "read_introductions", "split_day"]

_SIGNERS = {"DISPENSASI-KAWIN": "CAMAT", "AHLI-WARIS": "LURAH, CAMAT"}


class BookRow(NamedTuple):
    """One line of a book, as the clerk knew and wrote it. Dates are ISO text."""

    year: int
    number: int  # running number in the book
    letter: str  # letter number
    day: str
    kind: str
    name: str
    nik: str | None  # 16 digits; None in the old books
    female: bool
    birth_place: str
    born: str
    religion: str
    marital: str
    street: str
    rt: str
    rw: str
    remark: str  # empty for none
    signer: str


class IntroductionRow(NamedTuple):
    """One letter of introduction by RT and RW."""

    letter: str  # its own number
    year: int
    day: str
    rt: int
    rw: int
    name: str
    nik: str | None
    purpose: str
    led_to: str  # the number of the kelurahan's letter


def read_books(truth: sqlite3.Connection, kode: str, first: int, last: int) -> Iterator[BookRow]:
    """Stream the lines of the books of the years first to last."""
    codes = load_codes()
    rows = truth.execute(
        "SELECT tahun, urut, nomor, tanggal, jenis, nama, nik, perempuan, tempat, lahir, agama, "
        "stat_kwn, alamat, rt_tulis, rw_tulis, keterangan FROM letter "
        "WHERE kelurahan = ? AND tahun BETWEEN ? AND ? ORDER BY tahun, urut",
        (kode, first, last),
    )
    for row in rows:
        religion, marital = codes["AGAMA"][row[10]], codes["STAT_KWN"][row[11]]
        signer = _SIGNERS.get(row[4], "LURAH")
        known = (*row[:6], _nik(row[6]), bool(row[7]), *row[8:10], religion, marital, *row[12:])
        yield BookRow._make((*known, signer))


def read_introductions(truth: sqlite3.Connection, kode: str) -> Iterator[IntroductionRow]:
    """Stream the letters of introduction, by date."""
    rows = truth.execute(
        "SELECT i.nomor, i.tahun, i.tanggal, i.rt, i.rw, i.nama, i.nik, i.keperluan, l.nomor "
        "FROM introduction i JOIN letter l ON l.id = i.letter_id "
        "WHERE i.kelurahan = ? ORDER BY i.tanggal, i.letter_id",
        (kode,),
    )
    for row in rows:
        yield IntroductionRow._make((*row[:6], _nik(row[6]), *row[7:]))


def _nik(number: int | None) -> str | None:
    return None if number is None else f"{number:016d}"


def split_day(iso: str, mark: str) -> str:
    """Write an ISO date as dd, mm, yyyy with a mark between."""
    year, month, day = iso.split("-")
    return f"{day}{mark}{month}{mark}{year}"
