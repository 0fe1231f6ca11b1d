"""The graph over the national business registry.

In: NIBs, NIKs. Out: ``Usaha``, and what the registry adds to ``Penduduk``.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final

import strawberry

from adapters.kit.adapter import Adapter
from adapters.kit.context import Context
from adapters.kit.data_spec import PolaSamaran, TingkatKelas
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Outcomes
from adapters.kit.python import by_key, define, field, lookup, reference_key, relation, text
from adapters.kit.scalars import KBLI, NIB, NIK, KodeWilayah, Tanggal, Waktu
from adapters.oss.source import Oss, OssSettings, open_oss

__all__ = ["adapter"]

UMUM: Final = TingkatKelas.UMUM


@strawberry.enum(description=text("Tingkat risiko usaha.", "Risk class of a business."))
class RisikoUsaha(Enum):
    """Risk classes of PP 5/2021."""

    RENDAH = "RENDAH"
    MENENGAH_RENDAH = "MENENGAH_RENDAH"
    MENENGAH_TINGGI = "MENENGAH_TINGGI"
    TINGGI = "TINGGI"


@strawberry.enum(description=text("Status NIB.", "State of a NIB."))
class StatusUsaha(Enum):
    """States of a business."""

    AKTIF = "AKTIF"
    DIBEKUKAN = "DIBEKUKAN"
    DICABUT = "DICABUT"


@strawberry.enum(description=text("Status perizinan usaha.", "State of a business licence."))
class StatusPerizinan(Enum):
    """States of a licence."""

    PROSES = "PROSES"
    TERBIT = "TERBIT"
    DITOLAK = "DITOLAK"
    DIBEKUKAN = "DIBEKUKAN"
    DICABUT = "DICABUT"


@lookup("Usaha", key="nib")
async def businesses_by_nib(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give businesses by NIB."""
    oss: Oss = context.sources
    return await oss.by_nib(keys, context)


async def businesses_of_people(
    keys: Sequence[str], wanted: Wanted, context: Context, status: StatusUsaha | None = None
) -> Outcomes:
    """Give the businesses of these residents, perhaps only those in one state."""
    oss: Oss = context.sources
    owned = await oss.by_owner(keys, context)
    if status is None:
        return owned
    return {
        nik: [each for each in found if each["status"] == status] for nik, found in owned.items()
    }


@strawberry.federation.type(
    keys=[reference_key("kode")], description=text("Kelurahan.", "An urban village.")
)
class Kelurahan:
    """An area, owned by the subgraph of areas."""

    kode: KodeWilayah = field("Kode Kemendagri.", "Code of the Ministry of Home Affairs.")


@strawberry.type(description=text("Kegiatan usaha.", "An activity of a business."))
class KegiatanUsaha:
    """One line of business."""

    kbli: KBLI | None = field("KBLI.", "KBLI.")
    uraian: str | None = field("Uraian.", "Description.")
    risiko: RisikoUsaha | None = field("Tingkat risiko.", "Risk class.")
    skala: str | None = field("Skala usaha.", "Size of the business.")


@strawberry.type(description=text("Perizinan suatu usaha.", "A licence of a business."))
class PerizinanUsaha:
    """One licence and how far it is."""

    nomor: str | None = field("Nomor perizinan.", "Number of the licence.")
    nama: str | None = field("Nama perizinan.", "Name of the licence.")
    status: StatusPerizinan | None = field("Status.", "State.")
    tanggal_status: Tanggal | None = field("Tanggal status.", "Day of the state.")


@strawberry.federation.type(
    keys=["nib"], description=text("Usaha menurut OSS.", "A business as OSS knows it.")
)
class Usaha:
    """A business."""

    nib: NIB = field("Nomor induk berusaha.", "Business number.")
    nama: str | None = field(
        "Nama usaha; pada usaha perseorangan sering nama orangnya.",
        "Name of the business; a sole trader's is often the person's.",
        kelas=UMUM,
        samarkan=PolaSamaran.NAMA,
    )
    jenis_pelaku: str | None = field("Jenis pelaku usaha.", "Kind of entrepreneur.")
    pemilik: Penduduk | None = field(
        "Penanggung jawab, bila identitasnya NIK.",
        "The person in charge, if the identity is a NIK.",
        kelas=UMUM,
    )
    nama_penanggung_jawab: str | None = field(
        "Nama penanggung jawab sebagaimana tercatat.",
        "Name of the person in charge, as it is recorded.",
        kelas=UMUM,
        samarkan=PolaSamaran.NAMA,
    )
    tanggal_terbit: Tanggal | None = field("Tanggal terbit NIB.", "Date of the NIB.")
    status: StatusUsaha | None = field("Status NIB.", "State of the NIB.")
    kelurahan: Kelurahan | None = field("Kelurahan tempat usaha.", "Kelurahan of the business.")
    kegiatan: list[KegiatanUsaha | None] | None = field("Kegiatan usaha.", "Lines of business.")
    perizinan: list[PerizinanUsaha | None] | None = field(
        "Perizinan dan statusnya yang terakhir.", "Licences and their newest state."
    )
    diperbarui: Waktu | None = field(
        "Waktu kabar terakhir dari OSS.", "Time of the newest message of OSS."
    )


@strawberry.federation.type(keys=["nik"], description=text("Penduduk.", "A resident."))
class Penduduk:
    """What the registry adds to a resident."""

    nik: NIK = field(
        "Nomor induk kependudukan.", "Population number.", kelas=UMUM, samarkan=PolaSamaran.NIK
    )
    usaha: list[Usaha | None] | None = relation(
        businesses_of_people,
        "Usaha yang menjadi tanggung jawab penduduk ini.",
        "Businesses that this resident is in charge of.",
        takes="nik",
        kelas=UMUM,
    )


@strawberry.type
class Query:
    """Where a question to the registry begins."""

    usaha: Usaha | None = by_key("Usaha menurut NIB.", "A business by its NIB.", nib=NIB)


definition = define("oss", query=Query, types=[Penduduk], lookups=[businesses_by_nib])

adapter = Adapter(definition, OssSettings, open_oss)
