"""Writes the survey's drops: the one of this summer, and an older one that is still there.

In: the truth's survey. Out: `CARIK_2026-06-15.csv` (and `CARIK_2025-12-15.csv`, half of it):
cp1252, semicolons, CRLF, one line per person met, by family. Spreadsheets have been through it:
numbers with an apostrophe before them, dates dd/mm/yyyy, `-` for nothing.
"""

import csv
import os
import sqlite3
from datetime import datetime
from pathlib import Path

from demo.clock import WIB
from demo.tables import load_codes

__all__ = ["HEADER", "write_drops"]

HEADER = (
    *("NO_KK", "NIK", "NAMA", "JK", "TGL_LAHIR", "HUBUNGAN", "PEKERJAAN"),
    *("KODE_KEL", "ALAMAT", "RT", "RW", "DESIL", "TGL_SURVEI"),
)

_DROPS = (("2025-12-15", "AND no_kk % 2 = 0"), ("2026-06-15", ""))


def write_drops(truth: sqlite3.Connection, folder: Path) -> None:
    """Write both drops; each bears the time at which it was sent."""
    folder.mkdir(parents=True)
    for day, condition in _DROPS:
        path = folder / f"CARIK_{day}.csv"
        rows = truth.execute(
            "SELECT no_kk, nik, nama, perempuan, lahir, stat_hbkel, pekerjaan, kelurahan, alamat,"
            f" rt, rw, desil, tanggal FROM survey WHERE 1 {condition} ORDER BY no_kk, lahir, nik"
        )
        with path.open("w", encoding="cp1252", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow(HEADER)
            writer.writerows(_line(*row) for row in rows)
        sent = datetime.fromisoformat(f"{day}T17:00:00").replace(tzinfo=WIB).timestamp()
        os.utime(path, (sent, sent))


def _line(
    no_kk: int, nik: int, name: str, female: int, born: str, relation: int, job: str, *rest: object
) -> tuple[object, ...]:
    area, street, rt, rw, decile, day = rest
    mark = "'" if nik % 2 else ""
    return (
        f"'{no_kk:016d}",
        f"{mark}{nik:016d}",
        name.replace("'", "’"),
        "P" if female else "L",
        _day(born),
        load_codes()["STAT_HBKEL"][relation].title(),
        job if nik % 9 else "-",
        area,
        street,
        f"{rt:03d}" if nik % 3 else rt,
        f"{rw:03d}",
        decile,
        _day(str(day)),
    )


def _day(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))
