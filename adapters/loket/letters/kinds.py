"""The nine letters: title, whose letterhead they bear, and what they must be told.

One template per service stands in ``templates/`` under the service's code; ``facts`` are the names
that it prints, and ``others`` how many further persons it speaks of, at least and at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = ["KINDS", "LetterKind"]

Head = Literal["KELURAHAN", "KECAMATAN", "PTSP"]


@dataclass(frozen=True, slots=True)
class LetterKind:
    """What is fixed about the letters of one service."""

    title: str
    head: Head
    facts: tuple[str, ...]
    others: tuple[int, int] = (0, 0)


KINDS: Mapping[str, LetterKind] = MappingProxyType(
    {
        "SKTM": LetterKind("Surat Keterangan Tidak Mampu", "KELURAHAN", ("keperluan",)),
        "PM1-UMUM": LetterKind("Surat Keterangan", "KELURAHAN", ("keperluan",)),
        "KAWIN-1": LetterKind(
            "Surat Pengantar Perkawinan", "KELURAHAN", ("status", "tanggalAkad"), (1, 3)
        ),
        "KAWIN-2": LetterKind(
            "Surat Pengantar Perkawinan", "KELURAHAN", ("status", "tanggalAkad", "putus"), (1, 3)
        ),
        "DISPENSASI-KAWIN": LetterKind(
            "Surat Dispensasi Kawin", "KECAMATAN", ("nomorN1", "tanggalAkad", "hariKerja"), (1, 1)
        ),
        "AHLI-WARIS": LetterKind(
            "Surat Pernyataan Ahli Waris", "KELURAHAN", ("tanggalMeninggal",), (2, 40)
        ),
        "RIWAYAT-TANAH": LetterKind(
            "Surat Keterangan Riwayat Tanah", "KELURAHAN", ("nop", "nomorLetterC", "letak", "luas")
        ),
        "SKU-NIB": LetterKind(
            "Surat Keterangan Usaha", "KELURAHAN", ("namaUsaha", "kegiatan", "nib")
        ),
        "IPTM": LetterKind(
            "Izin Penggunaan Tanah Makam", "PTSP", ("jenisIptm", "letak", "berlakuSampai"), (1, 1)
        ),
    }
)
