"""Writes every kelurahan's books in its own form.

In: the truth's letters and introductions. Out: `registers/<kode>/…`. The five kelurahan of Sawah
Besar keep five forms; a larger world repeats them in order.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from demo.registers import dbase, delimited, sheet, sql_latin1, sql_plain
from demo.tables import Area

__all__ = ["write_registers"]

_FORMS: tuple[Callable[[sqlite3.Connection, str, Path], None], ...] = (
    sql_plain.write,
    sql_latin1.write,
    sheet.write,
    delimited.write,
    dbase.write,
)


def write_registers(
    truth: sqlite3.Connection,
    folder: Path,
    kelurahan: list[Area],
    progress: Callable[[str, int, int], None],
) -> None:
    """Write the books; the last digit of a code decides the form, 1 the first."""
    for at, area in enumerate(kelurahan):
        progress("registers", at, len(kelurahan))
        home = folder / area.kode
        home.mkdir(parents=True)
        form = _FORMS[(int(area.kode[-1]) - 1) % len(_FORMS)]
        form(truth, area.kode, home)
    progress("registers", len(kelurahan), len(kelurahan))
