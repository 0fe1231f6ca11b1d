"""Why a step was not taken: an answer to who asked, never an exception to them.

In: a code, words, and what helps. Out: ``Refusal``, raised inside a transaction so that nothing of
it stays, and given back as data by ``desk``.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from adapters.loket.life import Step

__all__ = ["CALENDAR_MISSING", "Hidden", "Refusal", "RefusalCode"]

CALENDAR_MISSING = "KALENDER_TIDAK_ADA"
"""The code of a day in a year without a calendar: of a refusal, and of a field that tells days."""


class RefusalCode(StrEnum):
    """Why a step was not taken."""

    LANGKAH_TIDAK_SAH = "LANGKAH_TIDAK_SAH"
    PERAN_TIDAK_BERHAK = "PERAN_TIDAK_BERHAK"
    VERSI_BERUBAH = "VERSI_BERUBAH"
    KUNCI_TERPAKAI = "KUNCI_TERPAKAI"
    LAYANAN_TIDAK_ADA = "LAYANAN_TIDAK_ADA"
    ISIAN_TIDAK_SAH = "ISIAN_TIDAK_SAH"
    BERKAS_KURANG = "BERKAS_KURANG"
    PEMERIKSAAN_MENGHALANGI = "PEMERIKSAAN_MENGHALANGI"
    DRAF_BERUBAH = "DRAF_BERUBAH"
    BUKAN_GILIRAN = "BUKAN_GILIRAN"
    TANDA_TANGAN_KURANG = "TANDA_TANGAN_KURANG"
    TANDA_TANGAN_DITOLAK = "TANDA_TANGAN_DITOLAK"
    SURAT_BELUM_DAPAT = "SURAT_BELUM_DAPAT"
    ALASAN_WAJIB = "ALASAN_WAJIB"
    TUGAS_TERAMBIL = "TUGAS_TERAMBIL"
    KALENDER_TIDAK_ADA = CALENDAR_MISSING


class Refusal(Exception):
    """A step that is not taken; the text is safe to show."""

    def __init__(
        self,
        code: RefusalCode,
        message: str,
        *,
        details: Iterable[str] = (),
        legal: Iterable[Step] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.details = tuple(details)  # names of fields, papers or checks
        self.legal = tuple(legal)  # steps that may be taken instead


class Hidden(Refusal):
    """A refusal to who may not even see the application: nothing is told of it."""
