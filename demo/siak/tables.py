"""BIODATA_WNI as the registry's database holds it.

In: the truth. Out: rows for any database. Numbers of people have 17 characters with a leading
blank, nothing is written in three ways, areas are four numbers, and one card in fifty has no head
of family, another one two.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from demo.registers.sql_store import Table, write_tables

__all__ = ["COLUMNS", "has_no_head", "has_two_heads", "read_people", "write"]

COLUMNS = (
    *("nik", "no_kk", "nama_lgkp", "jenis_klmin", "tmpt_lhr", "tgl_lhr", "stat_hbkel"),
    *("nik_lama", "no_prop", "no_kab", "no_kec", "no_kel"),
)
_NUMBERS = frozenset(COLUMNS[8:])
_NOTHING = ("-", " ", "0")
_HEAD, _SPOUSE, _OTHER = 1, 3, 11
_CARDS = 50  # of so many, one has no head of family and another one two


def has_no_head(no_kk: int) -> bool:
    """Tell whether the head of a card is recorded as something else."""
    return no_kk % _CARDS == 7


def has_two_heads(no_kk: int) -> bool:
    """Tell whether a wife on a card is recorded as a head too."""
    return no_kk % _CARDS == 8


def read_people(truth: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """Stream the rows, a resident each."""
    people = truth.execute(
        "SELECT pid, nik, no_kk, nama, perempuan, tempat, lahir, stat_hbkel, nik_lama, kelurahan"
        " FROM person ORDER BY pid"
    )
    for pid, nik, no_kk, name, female, place, born, role, former, area in people:
        nothing = _NOTHING[pid % 3]
        yield (
            _to_char(nik),
            _to_char(no_kk),
            name.upper(),
            "2" if female else "1",
            nothing if pid % 97 == 0 else place.upper(),
            born,
            str(_role(no_kk, role)),
            nothing if former is None else _to_char(former),
            *(int(part) for part in area.split(".")),
        )


def write(truth: sqlite3.Connection, path: Path) -> None:
    """Write a SQLite file of the table."""
    write_tables(path, [Table("biodata_wni", COLUMNS, _NUMBERS, read_people(truth))])


def _to_char(number: int) -> str:
    return f" {number:016}"


def _role(no_kk: int, role: int) -> int:
    if role == _HEAD and has_no_head(no_kk):
        return _OTHER
    return _HEAD if role == _SPOUSE and has_two_heads(no_kk) else role
