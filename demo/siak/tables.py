"""BIODATA_WNI, DATA_KELUARGA and the code masters as the registry's database holds them.

In: the truth. Out: rows for any database. Numbers of people have 17 characters with a leading
blank, codes two or three, nothing is written in three ways, names of codes are padded, areas are
four numbers, and one card in fifty has no head of family, another one two.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from demo.registers.sql_store import Table, write_tables
from demo.tables import load_codes

__all__ = ["TABLES", "has_no_head", "has_two_heads", "read_tables", "write"]

_AREA = ("no_prop", "no_kab", "no_kec", "no_kel")
TABLES = {
    "biodata_wni": (
        *("nik", "no_kk", "nama_lgkp", "jenis_klmin", "tmpt_lhr", "tgl_lhr", "stat_hbkel"),
        *("agama", "stat_kwn", "nik_lama", *_AREA),
    ),
    "data_keluarga": ("no_kk", "nama_kep", "alamat", "no_rt", "no_rw", *_AREA),
    "ref_siak_wni": ("sect", "no", "descrip"),
}
"""Table -> its columns."""

_NUMBERS = frozenset((*_AREA, "no_rt", "no_rw", "no"))
_NOTHING = ("-", " ", "0")
_HEAD, _SPOUSE, _OTHER = 1, 3, 11
_CARDS = 50  # of so many, one has no head of family and another one two


def has_no_head(no_kk: int) -> bool:
    """Tell whether the head of a card is recorded as something else."""
    return no_kk % _CARDS == 7


def has_two_heads(no_kk: int) -> bool:
    """Tell whether a wife on a card is recorded as a head too."""
    return no_kk % _CARDS == 8


def read_tables(truth: sqlite3.Connection) -> Iterator[Table]:
    """Give each table with its rows, streamed."""
    rows = (_read_people(truth), _read_families(truth), _read_codes())
    for (name, columns), each in zip(TABLES.items(), rows, strict=True):
        yield Table(name, columns, _NUMBERS & {*columns}, each)


def write(truth: sqlite3.Connection, path: Path) -> None:
    """Write a SQLite file of the tables."""
    write_tables(path, read_tables(truth))


def _read_people(truth: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    people = truth.execute(
        "SELECT pid, nik, no_kk, nama, perempuan, tempat, lahir, stat_hbkel, agama, stat_kwn,"
        " nik_lama, kelurahan FROM person ORDER BY pid"
    )
    for pid, nik, no_kk, name, female, place, born, role, faith, wed, former, area in people:
        nothing = _NOTHING[pid % 3]
        yield (
            _to_char(nik),
            _to_char(no_kk),
            name.upper(),
            "2" if female else "1",
            nothing if pid % 97 == 0 else place.upper(),
            born,
            str(_role(no_kk, role)),
            nothing if pid % 89 == 0 else f" {faith}",
            f" {wed}",
            nothing if former is None else _to_char(former),
            *_area(area),
        )


def _read_families(truth: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """Stream a card each, at the address of whoever came first on it."""
    cards = truth.execute(
        "SELECT no_kk, nama, alamat, rt, rw, kelurahan, min(stat_hbkel * 1000000000 + pid)"
        " FROM person GROUP BY no_kk ORDER BY no_kk"
    )
    for no_kk, name, street, rt, rw, area, _ in cards:
        head = "-" if has_no_head(no_kk) else name.upper()
        yield (_to_char(no_kk), head, street.upper(), rt, rw, *_area(area))


def _read_codes() -> Iterator[tuple[object, ...]]:
    for group, names in load_codes().items():
        for code, name in names.items():
            yield (group, code, f"{name:<40}")


def _area(code: str) -> tuple[int, ...]:
    return tuple(int(part) for part in code.split("."))


def _to_char(number: int) -> str:
    return f" {number:016}"


def _role(no_kk: int, role: int) -> int:
    if role == _HEAD and has_no_head(no_kk):
        return _OTHER
    return _HEAD if role == _SPOUSE and has_two_heads(no_kk) else role
