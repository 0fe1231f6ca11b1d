"""The managers' part of the counter's graph: three reports, counted by the store.

In: nothing. Out: the types, and ``ReportQuery``, from which the counter's ``Query`` takes its three
root fields; the functions behind them stand in ``reports``.
"""

from __future__ import annotations

from typing import Any, Final, cast

import strawberry

from adapters.kit.context import Context
from adapters.kit.data_spec import TingkatKelas
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Page, PageRequest
from adapters.kit.page_info import PageInfo
from adapters.kit.python import field, listing, text
from adapters.kit.scalars import KodeWilayah, Tanggal
from adapters.loket.reports import LetterBasis, list_frequent, list_refusals, list_times
from adapters.loket.types import JenisLayanan, Kelurahan, Penduduk

__all__ = ["ReportQuery"]

UMUM: Final = TingkatKelas.UMUM

strawberry.enum(
    LetterBasis,
    name="DasarHitungan",
    description=text("Dasar hitungan surat.", "By what letters are counted."),
)


async def times(
    wanted: Wanted,
    context: Context,
    page: PageRequest,
    wilayah: KodeWilayah,
    dari: Tanggal,
    sampai: Tanggal,
) -> Page:
    """List the working days used; the runtime gives days as dates."""
    return await list_times(context, page, wilayah, cast("Any", (dari, sampai)))


async def refusals(
    wanted: Wanted,
    context: Context,
    page: PageRequest,
    wilayah: KodeWilayah,
    dari: Tanggal,
    sampai: Tanggal,
) -> Page:
    """List refusals."""
    return await list_refusals(context, page, wilayah, cast("Any", (dari, sampai)))


async def frequent(
    wanted: Wanted,
    context: Context,
    page: PageRequest,
    wilayah: KodeWilayah,
    menurut: LetterBasis,
    lebih_dari: int,
    sampai: Tanggal,
    hari: int = 30,
) -> Page:
    """List who has many letters."""
    asked = {"basis": menurut, "more": lebih_dari, "days": hari}
    return await list_frequent(context, page, wilayah, cast("Any", sampai), asked)


@strawberry.type(description=text("Waktu layanan sebulan.", "A month's times of a service."))
class RingkasanWaktu:
    """Times of a service in a kelurahan and month."""

    kelurahan: Kelurahan | None = field("Kelurahan.", "The kelurahan.")
    layanan: JenisLayanan = field("Layanan.", "The service.")
    bulan: str = field("Bulan keputusan, 2026-07.", "Month of the decision, 2026-07.")
    janji: int = field("Hari kerja yang dijanjikan.", "Promised working days.")
    jumlah: int | None = field(
        "Permohonan lengkap yang diputus; kosong bagi publik.",
        "Complete applications that were decided; null to the public.",
    )
    median: int | None = field(
        "Hari kerja yang cukup bagi separuhnya; kosong bagi publik bila kurang dari lima.",
        "Working days that sufficed for half of them; null to the public if fewer than five.",
    )
    p90: int | None = field(
        "Hari kerja yang cukup bagi sembilan dari sepuluh.",
        "Working days that sufficed for nine of ten.",
    )
    terlambat: int | None = field("Melewati janji.", "Later than promised.")


@strawberry.type(description=text("Syarat yang kurang.", "A requirement that was not met."))
class SyaratKurang:
    """A requirement that refused applications lacked."""

    kode: str = field("Kode syarat.", "Its code.")
    nama: str = field("Namanya.", "Its name.")
    jumlah: int = field("Permohonan ditolak tanpanya.", "Refused applications without it.")


@strawberry.type(description=text("Penolakan sebulan.", "A month's refusals of a service."))
class RingkasanPenolakan:
    """Refusals of a service in a kelurahan and month."""

    kelurahan: Kelurahan | None = field("Kelurahan.", "The kelurahan.")
    layanan: JenisLayanan = field("Layanan.", "The service.")
    bulan: str = field("Bulan keputusan, 2026-07.", "Month of the decision, 2026-07.")
    jumlah: int | None = field(
        "Permohonan yang diputus; kosong bila kurang dari lima dan pemanggil publik.",
        "Decided applications; null to the public if fewer than five.",
    )
    ditolak: int | None = field("Yang ditolak.", "Those refused.")
    bagian_ditolak: float | None = field("Bagian yang ditolak, 0 sampai 1.", "Share refused, 0-1.")
    kurang: list[SyaratKurang] = field(
        "Syarat yang kurang pada yang ditolak, terbanyak lebih dulu.",
        "What refused ones lacked, the most frequent first.",
    )


@strawberry.type(description=text("Surat yang sering.", "Many letters."))
class SeringBersurat:
    """A person or an RT with many letters."""

    penduduk: Penduduk | None = field(
        "Pemohon atau penerima kuasa.", "The applicant or the proxy.", kelas=UMUM
    )
    kelurahan: Kelurahan | None = field("Kelurahan RT itu.", "The kelurahan of the RT.")
    rt: str | None = field("RT.", "RT.", kelas=UMUM)
    rw: str | None = field("RW.", "RW.", kelas=UMUM)
    surat: int = field("Surat yang terbit.", "Letters issued.")
    pemohon: int = field("Pemohon yang berbeda.", "Different applicants.")


@strawberry.type(description=text("Sehalaman waktu layanan.", "A page of times."))
class KoneksiRingkasanWaktu:
    """A page of times."""

    nodes: list[RingkasanWaktu] = field("Barisnya.", "The lines.")
    page_info: PageInfo = field("Letak halaman.", "The page's place.")


@strawberry.type(description=text("Sehalaman penolakan.", "A page of refusals."))
class KoneksiRingkasanPenolakan:
    """A page of refusals."""

    nodes: list[RingkasanPenolakan] = field("Barisnya.", "The lines.")
    page_info: PageInfo = field("Letak halaman.", "The page's place.")


@strawberry.type(description=text("Sehalaman surat yang sering.", "A page of many letters."))
class KoneksiSeringBersurat:
    """A page of persons or RTs with many letters."""

    nodes: list[SeringBersurat] = field("Barisnya.", "The lines.")
    page_info: PageInfo = field("Letak halaman.", "The page's place.")


@strawberry.type
class ReportQuery:
    """What managers ask."""

    ringkasan_waktu: KoneksiRingkasanWaktu | None = listing(
        times,
        "Hari kerja terpakai per kelurahan, layanan, bulan, dan janji; bulan dari kedua tanggal"
        " dihitung penuh.",
        "Working days used by kelurahan, service, month and promise; the months of both days are"
        " taken whole.",
    )
    ringkasan_penolakan: KoneksiRingkasanPenolakan | None = listing(
        refusals,
        "Penolakan dan syarat yang kurang per kelurahan, layanan, dan bulan.",
        "Refusals and what was missing, by kelurahan, service and month.",
    )
    sering_bersurat: KoneksiSeringBersurat | None = listing(
        frequent,
        "Siapa yang mendapat lebih dari sekian surat dalam hari-hari sampai tanggal itu; hanya"
        " bagi kepala wilayah.",
        "Who has more than so many letters in the days up to that day; only for who heads the"
        " area.",
    )
