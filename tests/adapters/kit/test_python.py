"""What an author declares with strawberry becomes an adapter that answers."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import pytest
import strawberry

from adapters.kit.context import Context
from adapters.kit.data_spec import DATA_SPEC, PolaSamaran, TingkatKelas
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Outcomes, Page, PageRequest
from adapters.kit.page_info import PageInfo
from adapters.kit.paging import page_of
from adapters.kit.python import (
    by_key,
    define,
    field,
    listing,
    lookup,
    mutation,
    reference_key,
    relation,
)
from adapters.kit.runtime import LocalExecutor
from adapters.kit.scalars import NIK, Tanggal
from tests.testkit.selections import ask

pytestmark = pytest.mark.anyio


@strawberry.enum
class Jenis(Enum):
    """A kind."""

    A = "A"
    B = "B"


@lookup("Orang", key="nik")
async def people(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give people."""
    return {key: {"nik": key, "namaLengkap": "Nama", "kota": {"kode": "x"}} for key in keys}


async def letters(
    keys: Sequence[str],
    wanted: Wanted,
    context: Context,
    page: PageRequest,
    jenis_surat: Jenis = Jenis.A,
    sejak_tanggal: Tanggal | None = None,
) -> Outcomes:
    """Give pages of letters."""
    rows = [{"isi": f"{jenis_surat} {sejak_tanggal} {number}"} for number in range(3)]
    return {key: page_of(rows, page) for key in keys}


async def everyone(wanted: Wanted, context: Context, page: PageRequest) -> Page:
    """List people."""
    return page_of([{"nik": "3171990101909001"}], page)


async def rename(wanted: Wanted, context: Context, nama_baru: str) -> str:
    """Rename somebody."""
    return nama_baru.upper()


@strawberry.federation.type(keys=[reference_key("kode")])
class Kota:
    """A city of another subgraph."""

    kode: str = field("Kode.", "Code.")


@strawberry.type
class Surat:
    """A letter."""

    isi: str = field("Isi.", "Text.")


@strawberry.type
class KoneksiSurat:
    """Letters."""

    nodes: list[Surat] = field("Surat.", "Letters.")
    page_info: PageInfo = field("Letak.", "Place.")


@strawberry.federation.type(keys=["nik"])
class Orang:
    """A person."""

    nik: NIK = field("NIK.", "NIK.", kelas=TingkatKelas.UMUM, samarkan=PolaSamaran.NIK)
    nama_lengkap: str | None = field("Nama.", "Name.")
    kota: Kota | None = field("Kota.", "City.")
    surat: KoneksiSurat | None = relation(letters, "Surat.", "Letters.", takes="nik")


@strawberry.type
class KoneksiOrang:
    """People."""

    nodes: list[Orang] = field("Orang.", "People.")
    page_info: PageInfo = field("Letak.", "Place.")


@strawberry.type
class Query:
    """Reads."""

    orang: Orang | None = by_key("Orang.", "A person.", nik=NIK)
    semua: KoneksiOrang = listing(everyone, "Semua.", "Everyone.")


@strawberry.type
class Mutation:
    """Changes."""

    ganti_nama: str | None = mutation(rename, "Ganti.", "Rename.")


definition = define("contoh", query=Query, mutation=Mutation, lookups=[people])


@pytest.mark.parametrize(
    "line",
    [
        'type Orang @key(fields: "nik") {',
        "  nik: NIK! @kelas(tingkat: UMUM) @samarkan(pola: NIK)",
        "  surat(first: Int, after: String, jenisSurat: Jenis! = A, sejakTanggal: Tanggal): "
        "KoneksiSurat",
        'type Kota @key(fields: "kode", resolvable: false) {',
        "  orang(nik: NIK!): Orang",
        "  gantiNama(namaBaru: String!): String",
        "type PageInfo @shareable {",
        "scalar NIK",
    ],
)
def test_sdl_says_what_was_declared(line: str) -> None:
    """Keys, arguments, scalars and classes stand in the SDL as an author wrote them."""
    assert line in definition.sdl.splitlines()


def test_sdl_links_both_specifications() -> None:
    """Federation is pinned to 2.9; our own directives are linked and composed."""
    assert '"https://specs.apollo.dev/federation/v2.9"' in definition.sdl
    assert f'@link(url: "{DATA_SPEC}", import: ["@kelas", "@samarkan"])' in definition.sdl
    assert '@composeDirective(name: "@kelas")' in definition.sdl
    assert '@composeDirective(name: "@samarkan")' in definition.sdl


def test_sdl_holds_nothing_of_the_specification_itself() -> None:
    """What a server adds at run time is not declared: a composer would read it as ours."""
    assert not any(word in definition.sdl for word in ("_entities", "_Any", "_Service", "_Entity"))


async def test_declared_functions_answer() -> None:
    """Keyed roots, pages with arguments, listings and mutations reach their functions."""
    executor = LocalExecutor(definition)
    response = await ask(
        executor,
        '{ orang(nik: "3171990101909001") { namaLengkap kota { kode }'
        ' surat(first: 1, jenisSurat: B, sejakTanggal: "2026-01-02")'
        " { nodes { isi } pageInfo { hasNextPage } } }"
        " semua { nodes { nik namaLengkap } } }",
    )
    assert response.errors == ()
    assert response.data == {
        "orang": {
            "namaLengkap": "Nama",
            "kota": {"kode": "x"},
            "surat": {"nodes": [{"isi": "B 2026-01-02 0"}], "pageInfo": {"hasNextPage": True}},
        },
        "semua": {"nodes": [{"nik": "3171990101909001", "namaLengkap": "Nama"}]},
    }
    changed = await ask(executor, '{ gantiNama(namaBaru: "ani") }', root="Mutation")
    assert changed.data == {"gantiNama": "ANI"}
