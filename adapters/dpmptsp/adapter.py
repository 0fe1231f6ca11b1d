"""The graph over the licensing agency.

In: decree numbers, NIKs, dates. Out: ``Izin``, and what the agency adds to ``Penduduk``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Any, Final, cast

import strawberry

from adapters.dpmptsp.functions import chosen, expiring, licences_by_decree, licences_of
from adapters.dpmptsp.settings import DpmptspSettings
from adapters.dpmptsp.source import open_dpmptsp
from adapters.kit.adapter import Adapter
from adapters.kit.comparisons import BandingKBLI, BandingString, BandingTanggal
from adapters.kit.context import Context
from adapters.kit.data_spec import PolaSamaran, TingkatKelas
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Outcomes, Page, PageRequest
from adapters.kit.page_info import PageInfo
from adapters.kit.python import (
    by_key,
    define,
    field,
    input_field,
    listing,
    reference_key,
    relation,
    text,
)
from adapters.kit.scalars import KBLI, NIK, KodeWilayah, Tanggal

__all__ = ["adapter"]

UMUM: Final = TingkatKelas.UMUM


@strawberry.enum(description=text("Jenis identitas.", "Kind of identity."))
class JenisIdentitas(Enum):
    """What the column of identities holds."""

    NIK = "NIK"
    NIB = "NIB"
    NPWP = "NPWP"
    PASPOR = "PASPOR"
    LAIN = "LAIN"


@strawberry.enum(description=text("Peran pada izin.", "Part in a licence."))
class PeranIzin(Enum):
    """The owner is not the applicant."""

    PEMILIK = "PEMILIK"
    PEMOHON = "PEMOHON"


_COLUMNS = {
    "PEMILIK": "owner_identity_number",
    "PEMOHON": "applicant_identity_number",
}


async def licences_of_people(
    keys: Sequence[str],
    wanted: Wanted,
    context: Context,
    sebagai: PeranIzin = PeranIzin.PEMILIK,
    aktif_pada: Tanggal | None = None,
) -> Outcomes:
    """Give the licences of these residents; the runtime gives names of enums, and dates."""
    active_on = cast("date | None", aktif_pada)
    return await licences_of(keys, context, _COLUMNS[str(sebagai)], active_on)


async def list_expiring(
    wanted: Wanted,
    context: Context,
    page: PageRequest,
    dari: Tanggal,
    sampai: Tanggal,
    jenis: str | None = None,
    kelurahan: KodeWilayah | None = None,
) -> Page:
    """List licences that end between two days."""
    span = (cast("date", dari), cast("date", sampai))
    return await expiring(span, (jenis, kelurahan), page, context)


@strawberry.input(
    description=text("Syarat yang harus dipenuhi semua.", "Conditions that must all hold.")
)
class SaringDaftarIzin:
    """Conditions; which comparisons the agency can do stands beside the function."""

    jenis: BandingString | None = input_field("Kode jenis izin.", "Code of the permit's type.")
    sektor: BandingString | None = input_field("Sektor.", "Sector.")
    kewenangan: BandingString | None = input_field("Unit yang berwenang.", "The unit in charge.")
    kbli: BandingKBLI | None = input_field("KBLI.", "KBLI.")
    tanggal_permohonan: BandingTanggal | None = input_field(
        "Tanggal permohonan.", "Date of application."
    )
    tanggal_terbit: BandingTanggal | None = input_field("Tanggal terbit.", "Date of issue.")
    tanggal_berakhir: BandingTanggal | None = input_field("Tanggal berakhir.", "Date of expiry.")


@strawberry.enum(
    description=text("Urutan; yang pertama didahulukan.", "An order; the first comes first.")
)
class UrutanDaftarIzin(Enum):
    """Orders."""

    NOMOR_SK_NAIK = "NOMOR_SK_NAIK"
    NOMOR_SK_TURUN = "NOMOR_SK_TURUN"
    TANGGAL_PERMOHONAN_NAIK = "TANGGAL_PERMOHONAN_NAIK"
    TANGGAL_PERMOHONAN_TURUN = "TANGGAL_PERMOHONAN_TURUN"
    TANGGAL_TERBIT_NAIK = "TANGGAL_TERBIT_NAIK"
    TANGGAL_TERBIT_TURUN = "TANGGAL_TERBIT_TURUN"
    TANGGAL_BERAKHIR_NAIK = "TANGGAL_BERAKHIR_NAIK"
    TANGGAL_BERAKHIR_TURUN = "TANGGAL_BERAKHIR_TURUN"


async def list_chosen(
    wanted: Wanted,
    context: Context,
    page: PageRequest,
    saring: SaringDaftarIzin | None = None,
    urutkan: list[UrutanDaftarIzin] | None = None,
) -> Page:
    """List licences as the caller chooses; the runtime gives inputs and enums as plain values."""
    filters = cast("dict[str, Any] | None", saring)
    return await chosen(filters, cast("list[str] | None", urutkan), page, context)


@strawberry.federation.type(
    keys=[reference_key("kode")], description=text("Kelurahan.", "An urban village.")
)
class Kelurahan:
    """An area, owned by the subgraph of areas."""

    kode: KodeWilayah = field("Kode Kemendagri.", "Code of the Ministry of Home Affairs.")


@strawberry.federation.type(
    keys=["nomorSk"], description=text("Izin yang diterbitkan DPMPTSP.", "A licence.")
)
class Izin:
    """A licence."""

    nomor_sk: str = field("Nomor SK.", "Decree number.")
    jenis: str | None = field("Kode jenis izin.", "Code of the permit's type.")
    nama: str | None = field("Nama jenis izin.", "Name of the permit's type.")
    sektor: str | None = field("Sektor.", "Sector.")
    kewenangan: str | None = field("Unit yang berwenang.", "The unit in charge.")
    kbli: KBLI | None = field("KBLI.", "KBLI.")
    tanggal_permohonan: Tanggal | None = field("Tanggal permohonan.", "Date of application.")
    tanggal_terbit: Tanggal | None = field("Tanggal terbit.", "Date of issue.")
    tanggal_berakhir: Tanggal | None = field(
        "Tanggal berakhir; kosong bila tanpa batas.", "Date of expiry; null if without end."
    )
    jenis_identitas_pemilik: JenisIdentitas | None = field(
        "Jenis identitas pemilik.", "Kind of the owner's identity."
    )
    identitas_pemilik: str | None = field(
        "Identitas pemilik sebagaimana tercatat.",
        "The owner's identity as it is recorded.",
        kelas=UMUM,
        samarkan=PolaSamaran.NIK,
    )
    nama_pemilik: str | None = field(
        "Nama pemilik.", "The owner's name.", kelas=UMUM, samarkan=PolaSamaran.NAMA
    )
    pemilik: Penduduk | None = field(
        "Pemilik, bila identitasnya NIK; pada izin makam ialah almarhum.",
        "The owner, if the identity is a NIK; of a grave permit the deceased.",
        kelas=UMUM,
    )
    jenis_identitas_pemohon: JenisIdentitas | None = field(
        "Jenis identitas pemohon.", "Kind of the applicant's identity."
    )
    identitas_pemohon: str | None = field(
        "Identitas pemohon sebagaimana tercatat.",
        "The applicant's identity as it is recorded.",
        kelas=UMUM,
        samarkan=PolaSamaran.NIK,
    )
    nama_pemohon: str | None = field(
        "Nama pemohon.", "The applicant's name.", kelas=UMUM, samarkan=PolaSamaran.NAMA
    )
    pemohon: Penduduk | None = field(
        "Pemohon, bila identitasnya NIK.", "The applicant, if the identity is a NIK.", kelas=UMUM
    )
    lokasi: str | None = field("Lokasi sebagaimana ditulis.", "The place as it is written.")
    kelurahan: Kelurahan | None = field(
        "Kelurahan menurut lokasi.", "The kelurahan that the place names."
    )


@strawberry.federation.type(keys=["nik"], description=text("Penduduk.", "A resident."))
class Penduduk:
    """What the agency adds to a resident."""

    nik: NIK = field(
        "Nomor induk kependudukan.", "Population number.", kelas=UMUM, samarkan=PolaSamaran.NIK
    )
    izin: list[Izin | None] | None = relation(
        licences_of_people,
        "Izin penduduk ini sebagai pemilik (atau pemohon), bila diminta hanya yang berlaku pada"
        " suatu tanggal.",
        "Licences of this resident as owner (or applicant), on demand only those in force on a"
        " day.",
        takes="nik",
        kelas=UMUM,
    )


@strawberry.type(description=text("Sehalaman izin.", "A page of licences."))
class KoneksiIzin:
    """A page of licences."""

    nodes: list[Izin | None] = field("Izinnya.", "The licences.")
    page_info: PageInfo = field("Letak halaman.", "The page's place.")


@strawberry.type
class Query:
    """Where a question to the agency begins."""

    izin: Izin | None = by_key("Izin menurut nomor SK.", "A licence by decree.", nomorSk=str)
    daftar_izin: KoneksiIzin | None = listing(
        list_chosen,
        "Izin menurut syarat dan urutan yang dipilih.",
        "Licences by conditions and order of the caller's choice.",
    )
    izin_berakhir: KoneksiIzin | None = listing(
        list_expiring,
        "Izin yang berakhir antara dua tanggal, keduanya termasuk.",
        "Licences that end between two days, both included.",
    )


definition = define("dpmptsp", query=Query, types=[Penduduk], lookups=[licences_by_decree])

adapter = Adapter(definition, DpmptspSettings, open_dpmptsp)
