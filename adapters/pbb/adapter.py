"""The graph over the tax office.

In: NOPs, NIKs. Out: ``ObjekPajak`` with its taxes, and what the office adds to ``Penduduk``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import strawberry

from adapters.kit.adapter import Adapter
from adapters.kit.context import Context
from adapters.kit.data_spec import PolaSamaran, TingkatKelas
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Failed, Found, Outcome, Outcomes
from adapters.kit.python import by_key, define, field, lookup, reference_key, relation, text
from adapters.kit.scalars import NIK, KodeWilayah, Rupiah, Tanggal
from adapters.pbb.mapping import map_parcel, nik_of
from adapters.pbb.source import Pbb, PbbSettings, open_pbb

__all__ = ["adapter"]

UMUM: Final = TingkatKelas.UMUM


@lookup("ObjekPajak", key="nop")
async def parcels_by_nop(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give parcels by NOP."""
    pbb: Pbb = context.sources
    rows, failed = await pbb.find("nop", keys, context)
    parcels = [map_parcel(row) for row in rows]
    return {
        **{parcel["nop"]: parcel for parcel in parcels if parcel["nop"] is not None},
        **{nop: Failed(error) for nop, error in failed.items()},
    }


async def parcels_of_people(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give the parcels on which these residents pay the tax."""
    pbb: Pbb = context.sources
    rows, failed = await pbb.find("nik", keys, context)
    owned: dict[str, dict[str | None, object]] = {nik: {} for nik in keys if nik not in failed}
    for row in rows:
        nik = nik_of(row)
        if nik in owned:
            parcel = map_parcel(row)
            owned[nik][parcel["nop"]] = parcel
    outcomes: dict[str, Outcome] = {nik: Failed(error) for nik, error in failed.items()}
    return {**outcomes, **{nik: Found([*each.values()]) for nik, each in owned.items()}}


@strawberry.federation.type(
    keys=[reference_key("kode")], description=text("Kelurahan.", "An urban village.")
)
class Kelurahan:
    """An area, owned by the subgraph of areas."""

    kode: KodeWilayah = field("Kode Kemendagri.", "Code of the Ministry of Home Affairs.")


@strawberry.type(description=text("Tagihan PBB suatu tahun.", "Land tax of one year."))
class TagihanPbb:
    """One year's tax."""

    tahun: int | None = field("Tahun pajak.", "Year of the tax.")
    pokok: Rupiah | None = field("Pokok pajak.", "The tax.")
    denda: Rupiah | None = field("Denda.", "The fine.")
    tanggal_bayar: Tanggal | None = field("Tanggal bayar.", "Day on which it was paid.")
    lunas: bool | None = field("Apakah sudah lunas.", "Whether it is paid.")


@strawberry.federation.type(
    keys=["nop"], description=text("Objek pajak bumi dan bangunan.", "A parcel of taxed land.")
)
class ObjekPajak:
    """A parcel."""

    nop: str = field("Nomor objek pajak.", "Number of the parcel.")
    wajib_pajak: Penduduk | None = field(
        "Wajib pajak, menurut NIK yang tercatat.", "The taxpayer, by the NIK on record.", kelas=UMUM
    )
    nama_wajib_pajak: str | None = field(
        "Nama wajib pajak sebagaimana tercatat.",
        "Name of the taxpayer, as it is recorded.",
        kelas=UMUM,
        samarkan=PolaSamaran.NAMA,
    )
    alamat: str | None = field(
        "Letak objek.", "Address of the parcel.", kelas=UMUM, samarkan=PolaSamaran.ALAMAT
    )
    kelurahan: Kelurahan | None = field("Kelurahan letak objek.", "Kelurahan of the parcel.")
    luas_bumi: float | None = field("Luas bumi, m2.", "Area of the land, in square metres.")
    luas_bangunan: float | None = field(
        "Luas bangunan, m2.", "Area of the building, in square metres."
    )
    njop: Rupiah | None = field("Nilai jual objek pajak.", "Taxable value.")
    tagihan: list[TagihanPbb | None] | None = field("Tagihan per tahun.", "Taxes by year.")


@strawberry.federation.type(keys=["nik"], description=text("Penduduk.", "A resident."))
class Penduduk:
    """What the office adds to a resident."""

    nik: NIK = field(
        "Nomor induk kependudukan.", "Population number.", kelas=UMUM, samarkan=PolaSamaran.NIK
    )
    objek_pajak: list[ObjekPajak | None] | None = relation(
        parcels_of_people,
        "Objek pajak yang tercatat atas NIK ini.",
        "Taxed land on record under this NIK.",
        takes="nik",
        kelas=UMUM,
    )


@strawberry.type
class Query:
    """Where a question to the office begins."""

    objek_pajak: ObjekPajak | None = by_key("Objek menurut NOP.", "A parcel by its NOP.", nop=str)


definition = define("pbb", query=Query, types=[Penduduk], lookups=[parcels_by_nop])

adapter = Adapter(definition, PbbSettings, open_pbb)
