"""The graph over the kelurahan's registers.

In: NIKs, kelurahan, letter numbers. Out: ``Surat``, ``BarisRegister``, ``SuratPengantar``, and what
the registers add to ``Penduduk``. Only a line with a NIK is somebody's letter; lines of the old
books are candidates with a score and never more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, cast

import strawberry

from adapters.kelurahan.functions import (
    Filter,
    candidate_lines,
    introductions_by_key,
    introductions_of,
    letters_by_key,
    letters_of,
    lines_by_key,
    list_letters,
)
from adapters.kelurahan.registers import open_registers
from adapters.kelurahan.settings import KelurahanSettings
from adapters.kit.adapter import Adapter
from adapters.kit.context import Context
from adapters.kit.data_spec import PolaSamaran, TingkatKelas
from adapters.kit.definition import Wanted
from adapters.kit.outcome import InvalidArgument, Outcomes, Page, PageRequest
from adapters.kit.page_info import PageInfo
from adapters.kit.python import by_key, define, field, listing, reference_key, relation, text
from adapters.kit.scalars import NIK, KodeWilayah, Tanggal

__all__ = ["adapter"]

UMUM: Final = TingkatKelas.UMUM
SPESIFIK: Final = TingkatKelas.SPESIFIK


async def letters_of_people(
    keys: Sequence[str],
    wanted: Wanted,
    context: Context,
    jenis: str | None = None,
    sejak: Tanggal | None = None,
    sampai: Tanggal | None = None,
) -> Outcomes:
    """Give the letters of these residents."""
    return await letters_of(keys, context, _filter(jenis, sejak, sampai))


async def introductions_of_people(
    keys: Sequence[str], wanted: Wanted, context: Context
) -> Outcomes:
    """Give the introductions of these residents."""
    return await introductions_of(keys, context)


async def lines_of_people(
    keys: Sequence[tuple[Any, ...]],
    wanted: Wanted,
    context: Context,
    minimal: float = 0.75,
    juga_kelurahan: list[KodeWilayah] | None = None,
) -> Outcomes:
    """Give candidate lines of the old books."""
    if not 0.0 <= minimal <= 1.0:
        raise InvalidArgument('The argument "minimal" must lie between 0 and 1.')
    return await candidate_lines(keys, context, minimal, juga_kelurahan or ())


async def letters_of_kelurahan(
    wanted: Wanted,
    context: Context,
    page: PageRequest,
    kelurahan: KodeWilayah,
    jenis: str | None = None,
    dari: Tanggal | None = None,
    sampai: Tanggal | None = None,
) -> Page:
    """List the letters of one kelurahan."""
    return await list_letters(kelurahan, _filter(jenis, dari, sampai), page, context)


def _filter(kind: str | None, since: Tanggal | None, until: Tanggal | None) -> Filter:
    """Join the arguments; the runtime gives days as dates."""
    return Filter(kind, cast("date | None", since), cast("date | None", until))


@strawberry.federation.type(
    keys=[reference_key("kode")], description=text("Kelurahan.", "An urban village.")
)
class Kelurahan:
    """An area, owned by the subgraph of areas."""

    kode: KodeWilayah = field("Kode Kemendagri.", "Code of the Ministry of Home Affairs.")


@strawberry.type(description=text("Alamat menurut KK.", "Address according to the family card."))
class Alamat:
    """What the match needs of a resident's address."""

    rt: str | None = field("RT, tiga angka.", "RT, three digits.", external=True)
    rw: str | None = field("RW, tiga angka.", "RW, three digits.", external=True)
    kelurahan: Kelurahan | None = field("Kelurahannya.", "Its kelurahan.", external=True)


@strawberry.type(description=text("Rukun tetangga.", "A neighbourhood (RT)."))
class RukunTetangga:
    """An RT."""

    kode: str = field("Kode RT.", "The RT's code.")


@strawberry.federation.type(
    keys=["kelurahan { kode } nomor tahun"],
    description=text(
        "Surat kelurahan: pada register dengan NIK, atau terbit lewat loket.",
        "A letter of a kelurahan: in a register with NIK, or issued at the counter.",
    ),
)
class Surat:
    """A letter."""

    kelurahan: Kelurahan = field("Kelurahan penerbit.", "The issuing kelurahan.")
    nomor: str = field("Nomor surat.", "Letter number.")
    tahun: int = field("Tahun buku.", "Year of the book.")
    urut: int | None = field("Nomor urut pada buku.", "Running number in the book.")
    tanggal: Tanggal | None = field("Tanggal surat.", "Date of the letter.", shareable=True)
    jenis: str | None = field(
        "Kode layanan, atau KEMATIAN.",
        "Code of the service, or KEMATIAN.",
        kelas=SPESIFIK,
        shareable=True,
    )
    pemohon: Penduduk | None = field(
        "Pemohon menurut NIK; pada surat kematian ialah almarhum.",
        "The applicant by NIK; of a death letter the deceased.",
        kelas=UMUM,
    )
    nama_tertulis: str | None = field(
        "Nama sebagaimana ditulis.",
        "The name as it is written.",
        kelas=UMUM,
        samarkan=PolaSamaran.NAMA,
    )
    rt: RukunTetangga | None = field(
        "RT pemohon sebagaimana ditulis; kosong bila tidak ditulis.",
        "The applicant's RT as it is written; null if it was not written.",
        kelas=UMUM,
    )
    keterangan: str | None = field("Keterangan.", "Remark.", kelas=SPESIFIK)
    penandatangan: str | None = field("Penanda tangan.", "Who signed.", shareable=True)


@strawberry.federation.type(
    keys=["kelurahan { kode } buku urut"],
    description=text(
        "Baris buku register sebagaimana ditulis; calon, bukan surat seseorang.",
        "A line of a register as it was written; a candidate, nobody's letter.",
    ),
)
class BarisRegister:
    """A line."""

    kelurahan: Kelurahan = field("Kelurahannya.", "Its kelurahan.")
    buku: int = field("Tahun buku.", "Year of the book.")
    urut: int = field("Nomor urut.", "Running number.")
    nomor: str | None = field("Nomor surat.", "Letter number.")
    tanggal: Tanggal | None = field("Tanggal surat.", "Date of the letter.")
    jenis: str | None = field("Kode layanan.", "Code of the service.", kelas=SPESIFIK)
    nama: str | None = field(
        "Nama sebagaimana ditulis.",
        "The name as it is written.",
        kelas=UMUM,
        samarkan=PolaSamaran.NAMA,
    )
    jenis_kelamin: str | None = field("Jenis kelamin.", "Sex.", kelas=UMUM)
    tempat_lahir: str | None = field("Tempat lahir.", "Place of birth.", kelas=UMUM)
    tanggal_lahir: Tanggal | None = field(
        "Tanggal lahir.", "Date of birth.", kelas=UMUM, samarkan=PolaSamaran.TANGGAL
    )
    kewarganegaraan: str | None = field("Kewarganegaraan.", "Citizenship.", kelas=UMUM)
    agama: str | None = field("Agama.", "Religion.", kelas=UMUM)
    status_kawin: str | None = field("Status perkawinan.", "Marital status.", kelas=UMUM)
    alamat: str | None = field(
        "Alamat sebagaimana ditulis.",
        "The address as it is written.",
        kelas=UMUM,
        samarkan=PolaSamaran.ALAMAT,
    )
    rt: str | None = field("RT.", "RT.", kelas=UMUM)
    rw: str | None = field("RW.", "RW.", kelas=UMUM)
    keterangan: str | None = field("Keterangan.", "Remark.", kelas=SPESIFIK)
    penandatangan: str | None = field("Penanda tangan.", "Who signed.")
    tingkat_kecocokan: float | None = field(
        "Kecocokan dengan penduduk yang dicari, 0 sampai 1; kosong bila tidak dicari.",
        "How well it fits the resident sought, 0 to 1; null if none was sought.",
    )
    tertaut: bool | None = field(
        "Cukup cocok untuk ditautkan dengan penduduk yang dicari; kosong bila tidak dicari.",
        "It fits the resident sought well enough to be linked; null if none was sought.",
    )


@strawberry.federation.type(
    keys=["rt { kode } nomor tahun"],
    description=text("Surat pengantar RT/RW.", "A letter of introduction by RT and RW."),
)
class SuratPengantar:
    """An introduction."""

    rt: RukunTetangga = field("RT-nya.", "Its RT.")
    nomor: str = field("Nomor pengantar.", "Its number.")
    tahun: int = field("Tahun.", "Year.")
    tanggal: Tanggal | None = field("Tanggal.", "Date.")
    kelurahan: Kelurahan | None = field("Kelurahannya.", "Its kelurahan.")
    pemohon: Penduduk | None = field("Pemohon menurut NIK.", "The applicant by NIK.", kelas=UMUM)
    nama_tertulis: str | None = field(
        "Nama sebagaimana ditulis.",
        "The name as it is written.",
        kelas=UMUM,
        samarkan=PolaSamaran.NAMA,
    )
    keperluan: str | None = field("Keperluan.", "Purpose.", kelas=SPESIFIK)
    nomor_surat: str | None = field(
        "Nomor surat kelurahan yang terbit.", "Number of the letter that it led to."
    )


@strawberry.federation.type(keys=["nik"], description=text("Penduduk.", "A resident."))
class Penduduk:
    """What the registers add to a resident."""

    nik: NIK = field(
        "Nomor induk kependudukan.", "Population number.", kelas=UMUM, samarkan=PolaSamaran.NIK
    )
    nama: str | None = field("Nama lengkap.", "Full name.", external=True)
    tanggal_lahir: Tanggal | None = field("Tanggal lahir.", "Date of birth.", external=True)
    alamat: Alamat | None = field("Alamat menurut KK.", "Registered address.", external=True)
    surat: list[Surat | None] | None = relation(
        letters_of_people,
        "Surat penduduk ini dari semua kelurahan yang terhubung.",
        "The resident's letters from all connected kelurahan.",
        takes="nik",
        kelas=UMUM,
    )
    surat_pengantar: list[SuratPengantar | None] | None = relation(
        introductions_of_people,
        "Surat pengantar RT/RW untuk penduduk ini.",
        "The resident's letters of introduction.",
        takes="nik",
        kelas=UMUM,
    )
    baris_register: list[BarisRegister | None] | None = relation(
        lines_of_people,
        "Baris buku lama tanpa NIK yang mungkin tentang penduduk ini, yang paling cocok lebih dulu;"
        " dicari pada kelurahan alamatnya, dan pada yang disebut.",
        "Lines of old books without NIK that may be about this resident, the best first; sought in"
        " the kelurahan of the address, and in those named.",
        takes=("nama", "tanggalLahir", "alamat.rt", "alamat.rw", "alamat.kelurahan.kode"),
        requires=["nama tanggalLahir alamat { rt rw kelurahan { kode } }"],
        kelas=UMUM,
    )


@strawberry.type(description=text("Sehalaman surat.", "A page of letters."))
class KoneksiSurat:
    """A page of letters."""

    nodes: list[Surat | None] = field("Suratnya.", "The letters.")
    page_info: PageInfo = field("Letak halaman.", "The page's place.")


@strawberry.type
class Query:
    """Where a question to the registers begins."""

    surat: Surat | None = by_key(
        "Surat menurut kelurahan, nomor, dan tahun.",
        "A letter by kelurahan, number and year.",
        paths={"kelurahan": "kelurahan.kode"},
        kelurahan=KodeWilayah,
        nomor=str,
        tahun=int,
    )
    surat_kelurahan: KoneksiSurat | None = listing(
        letters_of_kelurahan,
        "Surat satu kelurahan menurut urutan buku, bila diminta menurut jenis dan tanggal.",
        "The letters of one kelurahan in book order, on demand by kind and date.",
    )


definition = define(
    "kelurahan",
    query=Query,
    types=[Penduduk, Surat, BarisRegister, SuratPengantar],
    lookups=[letters_by_key, lines_by_key, introductions_by_key],
)

adapter = Adapter(definition, KelurahanSettings, open_registers)
