"""A small adapter with every kind of function, whose source is a table in the test's hands.

In: ``Table``: rows, what fails, and a log of calls. Out: ``build(table)``: a ``LocalExecutor``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.errors import SourceError, SourceUnavailable
from adapters.kit.context import Context
from adapters.kit.definition import (
    AdapterDefinition,
    Event,
    KeyedRoot,
    Listing,
    Lookup,
    Mutation,
    Relation,
    Wanted,
)
from adapters.kit.outcome import Failed, Found, Outcomes, PageRequest
from adapters.kit.paging import page_of
from adapters.kit.runtime import LocalExecutor

__all__ = ["SDL", "Table", "build", "nik"]

SDL = """
scalar NIK
scalar Tanggal
enum Jenis { SKTM SKU }
input Saring { jenis: Jenis, sejak: Tanggal, batas: Int = 7 }
interface Dokumen { nomor: Int! judul: String }
type Kartu implements Dokumen { nomor: Int! judul: String }
type Sertifikat implements Dokumen { nomor: Int! judul: String nilai: Float }
union Berkas = Kartu | Sertifikat
type Alamat { jalan: String kota: Kota }
type Kota @key(fields: "kode") { kode: String! nama: String }
type Orang @key(fields: "nik") @key(fields: "nomor { seri urut }") {
  nik: NIK!
  nomor: Nomor
  nama: String
  wajib: String!
  umur: Int
  lahir: Tanggal
  jenis: Jenis
  alamat: Alamat
  ayah: Orang
  dokumen: [Dokumen]
  berkas: Berkas
  surat(jenis: Jenis, saring: Saring): [Surat!]
  halaman(first: Int, after: String): KoneksiSurat
  cocok: Float @requires(fields: "nama lahir")
}
type Nomor { seri: String! urut: Int! }
type Surat { nomor: Int! jenis: Jenis pemohon: Orang }
type KoneksiSurat { nodes: [Surat!]! pageInfo: PageInfo! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type Query {
  orang(nik: NIK!): Orang
  pasti(nik: NIK!): Orang!
  daftar(jenis: Jenis = SKTM): [Orang]
}
type Mutation { tulis(isi: String!): Int }
type Subscription { kabar: Surat }
"""


def nik(number: int) -> str:
    """Give the synthetic NIK with this serial, 9000 upwards."""
    return f"317199010190{9000 + number}"


@dataclass(slots=True)
class Table:
    """The source in the test's hands."""

    people: dict[str, Any] = field(default_factory=dict)  # by NIK: a record or an outcome
    cities: dict[str, Any] = field(default_factory=dict)
    letters: dict[str, list[Any]] = field(default_factory=dict)
    calls: list[tuple[str, tuple[Any, ...], frozenset[str]]] = field(default_factory=list)
    arguments: list[dict[str, Any]] = field(default_factory=list)
    error: SourceError | None = None  # raised by the people's lookup
    bug: str | None = None  # the function with a bug
    arrange: Callable[[dict[Any, Any]], dict[Any, Any]] = dict  # what the source does to an answer
    written: list[str] = field(default_factory=list)

    def log(self, name: str, keys: Sequence[Any], wanted: Wanted) -> None:
        """Note a call; raise what the test planted."""
        self.calls.append((name, tuple(keys), wanted))
        if self.bug == name:
            raise ZeroDivisionError("a text with a person's name")
        if name == "orang" and self.error is not None:
            raise self.error

    def names(self) -> list[str]:
        """The functions called, in order."""
        return [name for name, _, _ in self.calls]


async def _people(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    table: Table = context.sources
    table.log("orang", keys, wanted)
    return table.arrange({key: table.people[key] for key in keys if key in table.people})


async def _by_number(keys: Sequence[tuple[str, int]], wanted: Wanted, context: Context) -> Outcomes:
    table: Table = context.sources
    table.log("nomor", keys, wanted)
    found = {}
    for record in table.people.values():
        number = record["nomor"]
        found[number["seri"], number["urut"]] = record
    return found


async def _cities(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    table: Table = context.sources
    table.log("kota", keys, wanted)
    return {key: table.cities[key] for key in keys if key in table.cities}


async def _letters(
    keys: Sequence[str],
    wanted: Wanted,
    context: Context,
    jenis: str | None = None,
    saring: dict[str, Any] | None = None,
) -> Outcomes:
    table: Table = context.sources
    table.log("surat", keys, wanted)
    table.arguments.append({"jenis": jenis, "saring": saring})
    return table.arrange({key: table.letters[key] for key in keys if key in table.letters})


async def _letter_pages(
    keys: Sequence[str], wanted: Wanted, context: Context, page: PageRequest
) -> Outcomes:
    table: Table = context.sources
    table.log("halaman", keys, wanted)
    return {key: page_of(table.letters.get(key, []), page) for key in keys}


async def _match(keys: Sequence[tuple[Any, ...]], wanted: Wanted, context: Context) -> Outcomes:
    table: Table = context.sources
    table.log("cocok", keys, wanted)
    return dict.fromkeys(keys, 0.5)


async def _list(wanted: Wanted, context: Context, jenis: str | None = None) -> Any:
    table: Table = context.sources
    table.log("daftar", (jenis,), wanted)
    lost = Failed(SourceUnavailable("the second source is down"), "orang/2")
    return Found([*table.people.values()], failures=(lost,) if jenis == "SKU" else ())


async def _write(wanted: Wanted, context: Context, isi: str) -> int:
    table: Table = context.sources
    table.written.append(isi)
    return len(table.written)


async def _news(wanted: Wanted, context: Context) -> AsyncIterator[Any]:
    table: Table = context.sources
    for letters in table.letters.values():
        for letter in letters:
            yield letter
    raise SourceUnavailable("the line is cut")


def build(table: Table, *, is_written: bool = True) -> LocalExecutor:
    """Open the adapter over ``table``; not written, it answers every record step by step."""
    return LocalExecutor(
        AdapterDefinition(
            "orang",
            SDL,
            lookups=(
                Lookup("Orang", ("nik",), _people),
                Lookup("Orang", ("nomor.seri", "nomor.urut"), _by_number),
                Lookup("Kota", ("kode",), _cities),
            ),
            relations=(
                Relation("Orang", "surat", ("nik",), _letters),
                Relation("Orang", "halaman", ("nik",), _letter_pages, paged=True),
                Relation("Orang", "cocok", ("nik", "nama", "lahir"), _match),
            ),
            roots=(
                KeyedRoot("orang", {"nik": "nik"}, "Orang"),
                KeyedRoot("pasti", {"nik": "nik"}, "Orang"),
                Listing("daftar", _list),
            ),
            mutations=(Mutation("tulis", _write),),
            events=(Event("kabar", _news),),
        ),
        table,
        is_written=is_written,
    )
