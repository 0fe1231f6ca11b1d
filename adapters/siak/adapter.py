"""The graph over the civil registry's own tables.

In: NIKs and family card numbers. Out: what the tables know and the registry's read service does
not tell: the NIK before a correction, the heads of a family as recorded (none, or two) beside the
one whom the card names, and the record as it stands in the table, under names of its own. Dukcapil
owns the resident; who has a direct grant on the tables sees here what the service's answer was made
of, and pays no quota.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

import strawberry

from adapters.kit.adapter import Adapter
from adapters.kit.context import Context
from adapters.kit.data_spec import PolaSamaran, TingkatKelas
from adapters.kit.definition import Wanted
from adapters.kit.normalize.nik import normalize_nik, normalize_no_kk
from adapters.kit.normalize.null import readable
from adapters.kit.outcome import Outcomes
from adapters.kit.python import define, field, listing, lookup, reference_key, relation, text
from adapters.kit.scalars import NIK, KodeWilayah, NomorKK, Tanggal
from adapters.siak.source import Siak, SiakSettings, open_siak
from adapters.siak.tables import map_family, map_person

__all__ = ["adapter"]

UMUM: Final = TingkatKelas.UMUM


@lookup("Penduduk", key="nik")
async def people_by_nik(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give residents; of two rows with one NIK the first counts."""
    siak: Siak = context.sources
    rows = await siak.people(keys, "nik", wanted, context)
    codes = await siak.codes(wanted, context) if rows else {}
    found: dict[Any, Any] = {}
    for row in rows:
        record = map_person(row, wanted, codes)
        found.setdefault(record["nik"], record)
    return found


async def person_by_former_nik(wanted: Wanted, context: Context, nik: NIK) -> Any:
    """Give who carries the number that replaced this one."""
    siak: Siak = context.sources
    rows = await siak.people([nik], "nik_lama", wanted, context)
    return map_person(rows[0], wanted, await siak.codes(wanted, context)) if rows else None


@lookup("KartuKeluarga", key="noKk")
async def families_by_number(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give family cards; of two rows with one number the first counts."""
    siak: Siak = context.sources
    found: dict[Any, Any] = {}
    for row in await siak.families(keys, context):
        family = map_family(row)
        found.setdefault(family["noKk"], family)
    return found


async def heads_of_families(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give the heads on each card, as many as there are."""
    siak: Siak = context.sources
    heads: dict[Any, dict[Any, dict[str, Any]]] = {key: {} for key in keys}
    for row in await siak.heads(keys, context):
        card, nik = readable(normalize_no_kk, row["no_kk"]), readable(normalize_nik, row["nik"])
        if card in heads:
            heads[card][nik] = {"nik": nik}
    return {card: [*found.values()] for card, found in heads.items()}


@strawberry.enum(description=text("Jenis kelamin.", "Sex."))
class JenisKelamin(Enum):
    """Sex."""

    LAKI_LAKI = "LAKI_LAKI"
    PEREMPUAN = "PEREMPUAN"


@strawberry.federation.type(
    keys=[reference_key("kode")], description=text("Kelurahan.", "An urban village.")
)
class Kelurahan:
    """An area, owned by the subgraph of areas."""

    kode: KodeWilayah = field("Kode Kemendagri.", "Code of the Ministry of Home Affairs.")


@strawberry.type(description=text("Alamat menurut tabel.", "An address in the tables."))
class AlamatSiak:
    """Where a family lives."""

    jalan: str | None = field("Jalan.", "Street.", kelas=UMUM, samarkan=PolaSamaran.ALAMAT)
    rt: str | None = field("RT, tiga angka.", "RT, three digits.", kelas=UMUM)
    rw: str | None = field("RW, tiga angka.", "RW, three digits.", kelas=UMUM)
    kelurahan: Kelurahan | None = field("Kelurahan.", "Urban village.", kelas=UMUM)


@strawberry.federation.type(keys=["noKk"], description=text("Kartu keluarga.", "A family card."))
class KartuKeluarga:
    """What the tables add to a family card."""

    no_kk: NomorKK = field("Nomor KK.", "Family card number.", kelas=UMUM, samarkan=PolaSamaran.KK)
    nama_kepala_siak: str | None = field(
        "Nama kepala keluarga pada kartu; dapat berbeda dari kepala yang tercatat.",
        "Head of the family named on the card; it may differ from the heads as recorded.",
        kelas=UMUM,
        samarkan=PolaSamaran.NAMA,
    )
    alamat_siak: AlamatSiak | None = field(
        "Alamat kartu menurut tabel.", "Address of the card in the table.", kelas=UMUM
    )
    kepala_keluarga_siak: list[Penduduk | None] | None = relation(
        heads_of_families,
        "Kepala keluarga sebagaimana tercatat; dapat kosong atau lebih dari satu.",
        "Heads of the family as recorded; there may be none, or more than one.",
        takes="noKk",
        kelas=UMUM,
    )


@strawberry.federation.type(keys=["nik"], description=text("Penduduk.", "A resident."))
class Penduduk:
    """What the tables add to a resident."""

    nik: NIK = field(
        "Nomor induk kependudukan.", "Population number.", kelas=UMUM, samarkan=PolaSamaran.NIK
    )
    nik_lama: NIK | None = field(
        "NIK sebelum pembetulan tanggal lahir atau jenis kelamin.",
        "The NIK before birth date or sex was corrected.",
        kelas=UMUM,
        samarkan=PolaSamaran.NIK,
    )
    nama_siak: str | None = field(
        "Nama menurut tabel.", "Name in the table.", kelas=UMUM, samarkan=PolaSamaran.NAMA
    )
    jenis_kelamin_siak: JenisKelamin | None = field(
        "Jenis kelamin menurut tabel.", "Sex in the table.", kelas=UMUM
    )
    tempat_lahir_siak: str | None = field(
        "Tempat lahir menurut tabel.", "Place of birth in the table.", kelas=UMUM
    )
    tanggal_lahir_siak: Tanggal | None = field(
        "Tanggal lahir menurut tabel.",
        "Birth date in the table.",
        kelas=UMUM,
        samarkan=PolaSamaran.TANGGAL,
    )
    agama_siak: str | None = field(
        "Agama menurut tabel, dengan kata-kata induk kodenya.",
        "Religion in the table, in the words of its code master.",
        kelas=UMUM,
    )
    status_kawin_siak: str | None = field(
        "Status kawin menurut tabel, dengan kata-kata induk kodenya.",
        "Marital status in the table, in the words of its code master.",
        kelas=UMUM,
    )
    hubungan_keluarga_siak: str | None = field(
        "Hubungan dalam keluarga menurut tabel, dengan kata-kata induk kodenya.",
        "Role in the family in the table, in the words of its code master.",
        kelas=UMUM,
    )
    kartu_keluarga_siak: KartuKeluarga | None = field(
        "Kartu keluarga menurut tabel.", "Family card in the table.", kelas=UMUM
    )
    kelurahan_siak: Kelurahan | None = field(
        "Kelurahan menurut tabel.", "Kelurahan in the table.", kelas=UMUM
    )


@strawberry.type
class Query:
    """Where a question to the tables begins."""

    penduduk_menurut_nik_lama: Penduduk | None = listing(
        person_by_former_nik,
        "Pemilik NIK yang telah diganti.",
        "Who carried a NIK that has been replaced.",
    )


definition = define(
    "siak",
    query=Query,
    types=[Penduduk, KartuKeluarga],
    lookups=[people_by_nik, families_by_number],
)

adapter = Adapter(definition, SiakSettings, open_siak)
