"""The graph over the areas: a tree of four levels behind one interface.

In: Kemendagri codes. Out: ``Wilayah`` and its four types. BPS codes never enter here; an adapter
whose source keeps them converts first (``adapters.kit.normalize.area_code``).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import strawberry

from adapters.kit.adapter import Adapter, AdapterSettings, Opening
from adapters.kit.context import Context
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Outcomes, Page, PageRequest
from adapters.kit.page_info import PageInfo
from adapters.kit.paging import page_of
from adapters.kit.python import by_key, define, field, listing, lookup, relation, text
from adapters.kit.scalars import KodeWilayah
from adapters.wilayah.areas import DEFAULT_FILE, AreaTable, load_areas

__all__ = ["adapter"]


@lookup("Wilayah", key="kode")
async def areas_by_code(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give the areas of these codes."""
    table: AreaTable = context.sources
    return {key: table.by_code[key] for key in keys if key in table.by_code}


async def areas_below(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give the areas directly below each of these."""
    table: AreaTable = context.sources
    return {key: table.by_parent.get(key, ()) for key in keys}


@strawberry.enum(description=text("Tingkat wilayah.", "Level of an area."))
class TingkatWilayah(Enum):
    """The four levels."""

    PROVINSI = "PROVINSI"
    KOTA_KABUPATEN = "KOTA_KABUPATEN"
    KECAMATAN = "KECAMATAN"
    KELURAHAN = "KELURAHAN"


async def list_areas(
    wanted: Wanted,
    context: Context,
    page: PageRequest,
    tingkat: TingkatWilayah | None = None,
    induk: KodeWilayah | None = None,
) -> Page:
    """List areas of a level, below a parent."""
    table: AreaTable = context.sources
    level = None if tingkat is None else str(tingkat)
    return page_of(table.select(level, induk), page)


def _below(name_id: str, name_en: str) -> Any:
    """Declare a branch of the tree; any, because its items differ by level."""
    return relation(areas_below, f"{name_id} di bawahnya.", f"{name_en} below it.", takes="kode")


@strawberry.federation.interface(
    keys=["kode"],
    description=text("Wilayah administrasi menurut Kemendagri.", "An administrative area."),
)
class Wilayah:
    """Any area."""

    kode: KodeWilayah = field("Kode Kemendagri.", "Code of the Ministry of Home Affairs.")
    nama: str = field("Nama resmi.", "Official name.")
    tingkat: TingkatWilayah = field("Tingkatnya.", "Its level.")


@strawberry.federation.type(keys=["kode"], description=text("Provinsi.", "A province."))
class Provinsi(Wilayah):
    """A province."""

    kota_kabupaten: list[KotaKabupaten] = _below("Kota dan kabupaten", "Cities and regencies")


@strawberry.federation.type(
    keys=["kode"], description=text("Kota atau kabupaten administrasi.", "A city or regency.")
)
class KotaKabupaten(Wilayah):
    """A city or regency."""

    provinsi: Provinsi = field("Provinsinya.", "Its province.")
    kecamatan: list[Kecamatan] = _below("Kecamatan", "Districts")


@strawberry.federation.type(keys=["kode"], description=text("Kecamatan.", "A district."))
class Kecamatan(Wilayah):
    """A district."""

    kota_kabupaten: KotaKabupaten = field("Kota atau kabupatennya.", "Its city or regency.")
    kelurahan: list[Kelurahan] = _below("Kelurahan", "Urban villages")


@strawberry.federation.type(keys=["kode"], description=text("Kelurahan.", "An urban village."))
class Kelurahan(Wilayah):
    """An urban village."""

    kecamatan: Kecamatan = field("Kecamatannya.", "Its district.")
    kode_pos: str | None = field("Kode pos.", "Postal code; not a key, some are shared.")


@strawberry.type(description=text("Sehalaman wilayah.", "A page of areas."))
class KoneksiWilayah:
    """A page of areas."""

    nodes: list[Wilayah] = field("Wilayahnya.", "The areas.")
    page_info: PageInfo = field("Letak halaman.", "The page's place.")


@strawberry.type
class Query:
    """Where a question about areas begins."""

    wilayah: Wilayah | None = by_key("Wilayah menurut kode.", "An area by code.", kode=KodeWilayah)
    daftar_wilayah: KoneksiWilayah = listing(
        list_areas,
        "Wilayah menurut tingkat, di bawah suatu induk.",
        "Areas of a level, below a parent.",
    )


class WilayahSettings(AdapterSettings):
    """Settings of the area table."""

    file: Path | None = None  # another table of the same columns


async def _open(settings: WilayahSettings, opening: Opening) -> AreaTable:
    return load_areas(DEFAULT_FILE if settings.file is None else opening.base / settings.file)


definition = define(
    "wilayah",
    query=Query,
    types=[Provinsi, KotaKabupaten, Kecamatan, Kelurahan],
    lookups=[areas_by_code],
)

adapter = Adapter(definition, WilayahSettings, _open)
