"""The newer agencies while one of them fails: one operation about somebody all of them know.

In: a running ``FaultGraph``, and a row of docs/faults.md. Out: the answer, and whether it is what
the row says of it, compared with the answer when nothing is broken.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from demo.faults.files import FileFault, break_file, lock_file, restore
from tests.testkit.fault_graph import SLACK, TIMEOUT, Answered, FaultGraph, Row

__all__ = ["AGENCIES", "DROP", "ask_agencies", "assert_row", "broken_drop", "known_to_all"]

AGENCIES = {
    "pbb": "penduduk.objekPajak",
    "bsre": "penandaTanganElektronik",
    "carik": "penduduk.surveiCarik",
}
"""Source -> the place of what it gives."""

DROP = "CARIK_2026-06-15.csv"

_SIGNER = "3171990101709001"
_OPERATION = """query ($nik: NIK!, $petugas: NIK!) {
  penduduk(nik: $nik) {
    nik nama izin { nomorSk } surat { nomor } usaha { nib }
    objekPajak { nop } surveiCarik { noKk }
  }
  penandaTanganElektronik(nik: $petugas) { statusSertifikat }
}"""


def known_to_all(faults: FaultGraph) -> str:
    """Give the NIK of somebody who owns land and a licence, and whom the survey met."""
    with closing(sqlite3.connect(f"file:{faults.graph.truth.path}?mode=ro", uri=True)) as truth:
        (nik,) = truth.execute(
            "SELECT p.nik FROM person p JOIN land l ON l.nik = p.nik JOIN survey s ON s.nik = p.nik"
            " JOIN licence c ON c.nik = p.nik WHERE p.status = 'AKTIF' ORDER BY p.pid"
        ).fetchone()
    return f"{nik:016d}"


def ask_agencies(faults: FaultGraph, nik: str) -> Answered:
    """Ask all agencies about this person, and the certificate authority about an official."""
    begun = time.monotonic()
    variables = {"nik": nik, "petugas": _SIGNER}
    body = faults.graph.product.graphql(_OPERATION, variables, extensions={"sourceCalls": True})
    return Answered(body, time.monotonic() - begun)


@contextmanager
def broken_drop(faults: FaultGraph, fault: FileFault) -> Iterator[None]:
    """Break the survey's drop for as long as the block runs."""
    path = Path(faults.graph.fleet.addresses["carik"]) / DROP
    try:
        if fault is FileFault.LOCKED:
            with lock_file(path):
                yield
        else:
            break_file(path, fault)
            yield
    finally:
        restore(path)


def assert_row(answer: Answered, whole: Answered, row: Row) -> None:
    """Value, code, completeness, time and attempts are those of the row; all else is whole."""
    place = AGENCIES[row.source]
    entry = answer.source(row.source)
    assert (entry["status"], entry["code"] or "-") == (row.status, row.code)
    if row.value == "last version":
        assert answer.errors == set()
        assert answer.body["data"] == whole.body["data"]
        assert answer.incomplete() == ({row.source} if row.status == "STALE" else set())
    else:
        assert answer.errors == {(place, row.code)}
        assert answer.body["data"] == _without(whole.body["data"], place)
        assert answer.incomplete() == {row.source}
    within = TIMEOUT if row.within == "at once" else TIMEOUT + SLACK
    assert answer.came_within(within, whole)


def _without(data: Any, place: str) -> Any:
    *path, last = place.split(".")
    left = deepcopy(data)
    parent = left
    for name in path:
        parent = parent[name]
    assert parent[last] is not None
    parent[last] = None
    return left
