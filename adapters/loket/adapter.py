"""The graph over the counter: what may be asked, and every step as a mutation.

In: numbers, filters, steps. Out: ``Permohonan`` and what belongs to it, and what became of a step.
Each mutation is one line: its step, its own arguments; the life of an application stands in
``life``, what a step demands in ``steps``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import strawberry

from adapters.kit.adapter import Adapter
from adapters.kit.context import Context
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Page, PageRequest
from adapters.kit.python import by_key, define, listing, mutation
from adapters.kit.scalars import NIK, NIP, KodeWilayah, Rahasia, Tanggal
from adapters.loket.counter import open_counter, verify_counter
from adapters.loket.eligibility_types import Kelayakan
from adapters.loket.functions import (
    applications_by_number,
    export_lines,
    form_of,
    judge_eligibility,
    letters_by_key,
    list_applications,
    needs_dispensation,
    officers_by_nip,
    paper_of,
    services_by_code,
    sign,
    submit,
    take,
    verify_letter,
)
from adapters.loket.inputs import (
    BerkasMasukan,
    IsianMasukan,
    PermohonanMasukan,
    SaringPermohonan,
)
from adapters.loket.letter_types import EksporRegister, KeaslianSurat
from adapters.loket.life import Step
from adapters.loket.mapping import service_record
from adapters.loket.report_types import ReportQuery
from adapters.loket.settings import LoketSettings
from adapters.loket.types import (
    HasilLangkah,
    JenisLayanan,
    Kelurahan,
    KoneksiPermohonan,
    Penduduk,
    Permohonan,
    Petugas,
    Surat,
)

__all__ = ["adapter"]

ID = strawberry.ID


async def list_services(wanted: Wanted, context: Context) -> list[dict[str, Any]]:
    """List the nine services."""
    return [service_record(each) for each in context.sources.catalog.template.values()]


async def find(
    wanted: Wanted, context: Context, page: PageRequest, saring: SaringPermohonan | None = None
) -> Page:
    """List applications."""
    return await list_applications(context, page, cast("Any", saring) or {})


async def dispensation(wanted: Wanted, context: Context, tanggal_akad: Tanggal) -> bool:
    """Tell whether a wedding needs a dispensation; the runtime gives days as dates."""
    return await needs_dispensation(context, cast("Any", tanggal_akad))


async def eligibility(
    wanted: Wanted,
    context: Context,
    layanan: str,
    kelurahan: KodeWilayah,
    pemohon: NIK,
    kuasa: NIK | None = None,
    isian: list[IsianMasukan] | None = None,
) -> dict[str, Any]:
    """Tell whether one may apply."""
    asked = {"service": layanan, "kelurahan": kelurahan, "applicant": pemohon, "proxy": kuasa}
    return await judge_eligibility(context, asked, cast("Any", isian) or ())


async def submit_application(
    wanted: Wanted, context: Context, masukan: PermohonanMasukan, kunci_idempotensi: ID
) -> dict[str, Any]:
    """Submit."""
    return await submit(context, kunci_idempotensi, cast("Any", masukan))


def plain(step: Step) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Give the function of a step that is asked with nothing of its own."""

    async def taken(
        wanted: Wanted, context: Context, nomor: str, versi: int, kunci_idempotensi: ID
    ) -> dict[str, Any]:
        return await take(context, step, (kunci_idempotensi, nomor, versi))

    return taken


def reasoned(step: Step) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Give the function of a step that is asked with a reason in words."""

    async def taken(
        wanted: Wanted, context: Context, nomor: str, versi: int, kunci_idempotensi: ID, alasan: str
    ) -> dict[str, Any]:
        return await take(context, step, (kunci_idempotensi, nomor, versi), reason=alasan)

    return taken


async def add_paper(
    wanted: Wanted,
    context: Context,
    nomor: str,
    versi: int,
    kunci_idempotensi: ID,
    berkas: BerkasMasukan,
) -> dict[str, Any]:
    """Add a paper."""
    order = (kunci_idempotensi, nomor, versi)
    return await take(context, Step.TAMBAH_BERKAS, order, berkas=paper_of(cast("Any", berkas)))


async def introduce(
    wanted: Wanted,
    context: Context,
    nomor: str,
    versi: int,
    kunci_idempotensi: ID,
    nomor_pengantar: str,
) -> dict[str, Any]:
    """Introduce the applicant, as head of RT or RW."""
    order = (kunci_idempotensi, nomor, versi)
    return await take(context, Step.CATAT_PENGANTAR, order, nomorPengantar=nomor_pengantar)


async def confirm(
    wanted: Wanted,
    context: Context,
    nomor: str,
    versi: int,
    kunci_idempotensi: ID,
    pemeriksaan: str,
    berkas: int,
) -> dict[str, Any]:
    """Confirm a check by a paper."""
    order = (kunci_idempotensi, nomor, versi)
    return await take(context, Step.KONFIRMASI, order, pemeriksaan=pemeriksaan, berkas=berkas)


async def resubmit(
    wanted: Wanted,
    context: Context,
    nomor: str,
    versi: int,
    kunci_idempotensi: ID,
    isian: list[IsianMasukan] | None = None,
) -> dict[str, Any]:
    """Submit again; without a form, the one before stands."""
    form = form_of(cast("Any", isian)) if isian else None
    return await take(context, Step.AJUKAN_ULANG, (kunci_idempotensi, nomor, versi), isian=form)


async def draft(
    wanted: Wanted, context: Context, nomor: str, versi: int, kunci_idempotensi: ID, teks: str
) -> dict[str, Any]:
    """Draw up the letter's text."""
    return await take(context, Step.SUSUN_DRAF, (kunci_idempotensi, nomor, versi), teks=teks)


async def sign_draft(
    wanted: Wanted,
    context: Context,
    nomor: str,
    versi: int,
    kunci_idempotensi: ID,
    sidik_draf: str,
    frasa_sandi: Rahasia,
) -> dict[str, Any]:
    """Sign the text that was read."""
    return await sign(context, (kunci_idempotensi, nomor, versi), sidik_draf, frasa_sandi)


async def verify_code(
    wanted: Wanted, context: Context, kode_verifikasi: ID, sidik_jari: str | None = None
) -> dict[str, Any]:
    """Verify a letter by its code."""
    return await verify_letter(context, kode_verifikasi, sidik_jari)


async def export_register(
    wanted: Wanted,
    context: Context,
    kelurahan: KodeWilayah,
    dari: Tanggal | None = None,
    sampai: Tanggal | None = None,
) -> dict[str, Any]:
    """Export a kelurahan's lines; the runtime gives days as dates."""
    return await export_lines(context, kelurahan, cast("Any", dari), cast("Any", sampai))


@strawberry.type
class Query(ReportQuery):
    """Where a question to the counter begins."""

    permohonan: Permohonan | None = by_key(
        "Permohonan menurut nomor.", "An application by number.", nomor=str
    )
    jenis_layanan: list[JenisLayanan] | None = listing(
        list_services, "Semua jenis layanan.", "All services."
    )
    layanan: JenisLayanan | None = by_key(
        "Jenis layanan menurut kode.", "A service by code.", kode=str
    )
    petugas: Petugas | None = by_key("Petugas menurut NIP.", "An officer by NIP.", nip=NIP)
    daftar_permohonan: KoneksiPermohonan | None = listing(
        find,
        "Permohonan menurut saringan, yang terlama lebih dulu.",
        "Applications by filter, the oldest first.",
    )
    perlu_dispensasi_camat: bool | None = listing(
        dispensation,
        "Apakah akad pada tanggal itu memerlukan dispensasi camat bila dimohon hari ini.",
        "Whether a wedding on that day needs the camat's dispensation if it is asked today.",
    )
    kelayakan: Kelayakan | None = listing(
        eligibility,
        "Apa yang akan ditemukan dan diperlukan suatu layanan; tidak ada yang dicatat.",
        "What a service would find and need; nothing is written.",
    )
    ekspor_register: EksporRegister | None = listing(
        export_register,
        "Surat yang terbit lewat loket, untuk disalin ke register; menurut tanggal surat.",
        "Letters issued here, to be copied into the kelurahan's register; by date of the letter.",
    )
    verifikasi_surat: KeaslianSurat | None = listing(
        verify_code,
        "Keaslian surat menurut kode pada QR; sidikJari ialah SHA-256 berkas PDF yang dipegang.",
        "Whether a letter is genuine, by the code of its QR; sidikJari is the SHA-256 of a PDF.",
    )


@strawberry.type
class Mutation:
    """The steps; each takes a key of the caller's own, and the version that the caller read."""

    ajukan_permohonan: HasilLangkah | None = mutation(
        submit_application, "Ajukan permohonan.", "Submit an application."
    )
    tambah_berkas: HasilLangkah | None = mutation(add_paper, "Tambah berkas.", "Add a paper.")
    catat_pengantar: HasilLangkah | None = mutation(
        introduce, "Catat surat pengantar RT/RW.", "Introduce the applicant, as head of RT or RW."
    )
    ambil_tugas: HasilLangkah | None = mutation(
        plain(Step.AMBIL_TUGAS), "Ambil tugas.", "Take the task."
    )
    lengkapkan_permohonan: HasilLangkah | None = mutation(
        plain(Step.LENGKAPKAN),
        "Nyatakan berkas lengkap.",
        "Call the file complete; the clock begins.",
    )
    periksa_permohonan: HasilLangkah | None = mutation(
        plain(Step.PERIKSA),
        "Periksa pada catatan instansi.",
        "Check against the agencies' records.",
    )
    konfirmasi_pemeriksaan: HasilLangkah | None = mutation(
        confirm, "Kuatkan pemeriksaan dengan berkas.", "Confirm a check by a paper."
    )
    verifikasi_permohonan: HasilLangkah | None = mutation(
        plain(Step.VERIFIKASI), "Nyatakan terverifikasi.", "Call the file verified."
    )
    minta_perbaikan: HasilLangkah | None = mutation(
        reasoned(Step.MINTA_PERBAIKAN), "Minta perbaikan.", "Ask for repair; the clock stops."
    )
    ajukan_ulang: HasilLangkah | None = mutation(
        resubmit, "Ajukan ulang sesudah perbaikan.", "Submit again after repair."
    )
    susun_draf: HasilLangkah | None = mutation(draft, "Susun naskah.", "Draw up the text.")
    tanda_tangani: HasilLangkah | None = mutation(
        sign_draft,
        "Tanda tangani naskah yang dibaca; frasa sandi diteruskan ke BSrE dan tidak disimpan.",
        "Sign the text that was read; the passphrase is passed on to BSrE and kept nowhere.",
    )
    terbitkan_surat: HasilLangkah | None = mutation(
        plain(Step.TERBITKAN), "Terbitkan surat.", "Issue the letter."
    )
    serahkan_surat: HasilLangkah | None = mutation(
        plain(Step.SERAHKAN), "Serahkan surat.", "Hand the letter over."
    )
    tolak_permohonan: HasilLangkah | None = mutation(reasoned(Step.TOLAK), "Tolak.", "Refuse.")
    batalkan_permohonan: HasilLangkah | None = mutation(
        reasoned(Step.BATALKAN), "Batalkan.", "Cancel."
    )
    cabut_surat: HasilLangkah | None = mutation(
        reasoned(Step.CABUT), "Cabut surat yang terbit.", "Revoke a letter that was issued."
    )


definition = define(
    "loket",
    query=Query,
    mutation=Mutation,
    types=[Penduduk, Kelurahan, Surat, Petugas],
    lookups=[applications_by_number, services_by_code, officers_by_nip, letters_by_key],
)

adapter = Adapter(
    definition,
    LoketSettings,
    open_counter,
    documents=Path(__file__).parent / "documents",
    verify=verify_counter,
)
