"""The graph over the family survey.

In: family card numbers, NIKs. Out: ``surveiCarik``, what the survey adds to ``KartuKeluarga`` and
``Penduduk``. It disagrees with the card, and the graph shows both: who is right, nobody here says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import strawberry

from adapters.carik.source import Carik, CarikSettings, open_carik
from adapters.kit.adapter import Adapter
from adapters.kit.context import Context
from adapters.kit.data_spec import PolaSamaran, TingkatKelas
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Outcomes, Page, PageRequest
from adapters.kit.page_info import PageInfo
from adapters.kit.python import define, field, listing, reference_key, relation, text
from adapters.kit.scalars import NIK, KodeWilayah, NomorKK, Tanggal

__all__ = ["adapter"]

UMUM: Final = TingkatKelas.UMUM


async def surveys_of_cards(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give the survey of these family cards."""
    carik: Carik = context.sources
    return await carik.by_card(keys, context)


async def surveys_of_people(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give the survey of the families in which these people were met."""
    carik: Carik = context.sources
    return await carik.by_member(keys, context)


async def list_surveys(
    wanted: Wanted, context: Context, page: PageRequest, kelurahan: KodeWilayah
) -> Page:
    """List the families of a kelurahan."""
    carik: Carik = context.sources
    return await carik.list_area(kelurahan, page, context)


@strawberry.federation.type(
    keys=[reference_key("kode")], description=text("Kelurahan.", "An urban village.")
)
class Kelurahan:
    """An area, owned by the subgraph of areas."""

    kode: KodeWilayah = field("Kode Kemendagri.", "Code of the Ministry of Home Affairs.")


@strawberry.type(description=text("Anggota keluarga yang dijumpai.", "A member who was met."))
class AnggotaSurvei:
    """One person at the door."""

    penduduk: Penduduk | None = field(
        "Penduduk, menurut NIK yang dicatat.", "The resident, by the NIK written down.", kelas=UMUM
    )
    nama: str | None = field(
        "Nama sebagaimana dicatat.",
        "Name as it was written down.",
        kelas=UMUM,
        samarkan=PolaSamaran.NAMA,
    )
    hubungan: str | None = field(
        "Hubungan dengan kepala keluarga.", "Relation to the head of the family.", kelas=UMUM
    )
    pekerjaan: str | None = field("Pekerjaan.", "Occupation.", kelas=UMUM)


@strawberry.type(
    description=text(
        "Keluarga menurut pendataan kader; dapat berbeda dari kartu keluarga.",
        "A family as volunteers met it; it may differ from the family card.",
    )
)
class SurveiKeluarga:
    """One surveyed family."""

    no_kk: NomorKK | None = field(
        "Nomor KK yang ditunjukkan.",
        "The family card number that was shown.",
        kelas=UMUM,
        samarkan=PolaSamaran.KK,
    )
    tanggal: Tanggal | None = field("Tanggal pendataan.", "Day of the survey.")
    alamat: str | None = field(
        "Alamat yang didatangi.", "Address of the visit.", kelas=UMUM, samarkan=PolaSamaran.ALAMAT
    )
    rt: str | None = field("RT.", "RT.", kelas=UMUM)
    rw: str | None = field("RW.", "RW.", kelas=UMUM)
    kelurahan: Kelurahan | None = field("Kelurahan.", "Kelurahan.", kelas=UMUM)
    desil: int | None = field(
        "Desil kesejahteraan, 1 terendah.",
        "Decile of welfare, 1 the lowest.",
        kelas=TingkatKelas.SPESIFIK,
    )
    anggota: list[AnggotaSurvei | None] | None = field(
        "Anggota yang dijumpai.", "The members who were met.", kelas=UMUM
    )


@strawberry.federation.type(keys=["noKk"], description=text("Kartu keluarga.", "A family card."))
class KartuKeluarga:
    """What the survey adds to a family card."""

    no_kk: NomorKK = field("Nomor KK.", "Family card number.", kelas=UMUM, samarkan=PolaSamaran.KK)
    survei_carik: SurveiKeluarga | None = relation(
        surveys_of_cards,
        "Pendataan keluarga yang menunjukkan kartu ini.",
        "The survey of the family that showed this card.",
        takes="noKk",
        kelas=UMUM,
    )


@strawberry.federation.type(keys=["nik"], description=text("Penduduk.", "A resident."))
class Penduduk:
    """What the survey adds to a resident."""

    nik: NIK = field(
        "Nomor induk kependudukan.", "Population number.", kelas=UMUM, samarkan=PolaSamaran.NIK
    )
    survei_carik: SurveiKeluarga | None = relation(
        surveys_of_people,
        "Pendataan keluarga tempat penduduk ini dijumpai.",
        "The survey of the family in which this resident was met.",
        takes="nik",
        kelas=UMUM,
    )


@strawberry.type(description=text("Sehalaman pendataan keluarga.", "A page of surveys."))
class KoneksiSurvei:
    """A page of surveys."""

    nodes: list[SurveiKeluarga | None] = field("Pendataannya.", "The surveys.")
    page_info: PageInfo = field("Letak halaman.", "The page's place.")


@strawberry.type
class Query:
    """Where a question to the survey begins."""

    survei_kelurahan: KoneksiSurvei | None = listing(
        list_surveys,
        "Pendataan keluarga suatu kelurahan.",
        "The surveys of a kelurahan.",
    )


definition = define("carik", query=Query, types=[KartuKeluarga, Penduduk])

adapter = Adapter(definition, CarikSettings, open_carik)
