"""The graph's types of what a service would find and need, before anybody applies.

In: nothing. Out: the object types; what fills them stands in ``eligibility``.
"""

from __future__ import annotations

from typing import Final

import strawberry

from adapters.kit.data_spec import TingkatKelas
from adapters.kit.python import field, text
from adapters.loket.enums import Result
from adapters.loket.types import JenisLayanan, PemenuhanSyarat

__all__ = ["Kelayakan"]

SPESIFIK: Final = TingkatKelas.SPESIFIK


@strawberry.type(
    description=text("Pemeriksaan sebelum memohon.", "A check before anybody applies.")
)
class PemeriksaanAwal:
    """A check that was made for the asking."""

    kode: str = field("Kode pemeriksaan.", "Its code.")
    hasil: Result = field("Hasilnya.", "Its result.")
    alasan: str | None = field(
        "Kode alasan; ISIAN_KURANG bila isiannya belum ada.",
        "Code of the reason; ISIAN_KURANG while its fields are not filled in.",
        kelas=SPESIFIK,
    )
    menghalangi: bool = field("Menghalangi bila tidak lulus.", "It blocks unless it passes.")
    sumber: list[str] = field("Siapa yang ditanya.", "Who was asked.")


@strawberry.type(description=text("Kelayakan seseorang atas layanan.", "Whether one may apply."))
class Kelayakan:
    """What a service would find and need."""

    layanan: JenisLayanan = field("Layanannya di kelurahan itu.", "The service, as it holds there.")
    mungkin: bool = field("Tidak ada catatan yang menghalangi.", "No record is against it.")
    pemeriksaan: list[PemeriksaanAwal] = field("Pemeriksaannya.", "Its checks.")
    persyaratan: list[PemenuhanSyarat] = field(
        "Persyaratannya; yang terbukti tidak memerlukan berkas.",
        "Its requirements; what is proven needs no paper.",
    )
