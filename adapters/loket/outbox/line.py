"""What a register is told of one letter.

In: a row of the outbox with its letter and application. Out: a ``Line``: what the applicant wrote
and the counter issued, and nothing of another agency's records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from adapters.loket.store.letters import LetterStatus

__all__ = ["COMPUTED", "REVOKED", "Line", "line_of"]

REVOKED = "dicabut"
"""The word of a remark that tells of a revocation."""

COMPUTED = "urut"
"""The running number in the book, which the register itself counts on."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a register."""

    nomor: str
    tahun: int
    tanggal: date
    jenis: str  # code of the service
    nama: str
    nik: str
    rt: str | None
    rw: str | None
    penandatangan: str | None
    keterangan: str

    @property
    def is_revoked(self) -> bool:
        """The letter was revoked."""
        return self.keterangan.endswith(REVOKED)


def line_of(row: Any) -> Line:
    """Give the line of a letter."""
    form = msgspec.json.decode(row.isian, type=dict[str, list[str]])
    return Line(
        row.nomor,
        row.tahun,
        date.fromisoformat(row.tanggal),
        row.jenis,
        form["nama"][0],
        row.pemohon_nik,
        row.rt,
        row.rw,
        row.nama_penandatangan,
        f"Loket, {REVOKED}" if row.status == LetterStatus.DICABUT else "Loket",
    )
