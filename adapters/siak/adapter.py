"""The graph over the civil registry's own tables.

In: NIKs and family card numbers. Out: what the tables know and the registry's read service does
not tell: the NIK before a correction, the heads of a family as recorded (none, or two), and the
record as it stands in the table, under names of its own. Dukcapil owns the resident; who has a
direct grant on the tables sees here what the service's answer was made of, and pays no quota.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

import strawberry
from pydantic import Field

from adapters.kit.adapter import Adapter, AdapterSettings, GuardOptions, Opening
from adapters.kit.context import Context
from adapters.kit.data_spec import PolaSamaran, TingkatKelas
from adapters.kit.definition import Wanted
from adapters.kit.normalize.nik import normalize_nik, normalize_no_kk
from adapters.kit.normalize.null import readable
from adapters.kit.outcome import Outcomes
from adapters.kit.python import define, field, listing, lookup, reference_key, relation, text
from adapters.kit.scalars import NIK, KodeWilayah, NomorKK, Tanggal
from adapters.resilience.guard import SourceGuard
from adapters.siak.tables import (
    FAMILY_HEAD,
    heads_statement,
    map_record,
    people_statement,
    spell,
)
from adapters.sources.sql import Row, SqlSettings, SqlSource, bind_terms, rebase_url

__all__ = ["adapter"]

UMUM: Final = TingkatKelas.UMUM
_SOURCE = "siak"


class SiakSettings(AdapterSettings):
    """The database."""

    url: str = Field(description="Such as postgresql+asyncpg://… or sqlite+aiosqlite:///…")
    encoding: str | None = None  # of texts that are not UTF-8
    statement_seconds: float = Field(10.0, gt=0)
    guard: GuardOptions = Field(default_factory=GuardOptions)


class Siak:
    """The database, opened."""

    def __init__(self, source: SqlSource, guard: SourceGuard) -> None:
        self.source = source
        self._guard = guard

    async def aclose(self) -> None:
        """Close the connections; idempotent."""
        await self._guard.aclose()
        await self.source.aclose()


async def open_siak(settings: SiakSettings, opening: Opening) -> Siak:
    """Open the database."""
    guard = opening.new_guard(_SOURCE, settings.guard, parallel=5)
    options = SqlSettings(
        statement_seconds=settings.statement_seconds, text_encoding=settings.encoding
    )
    url = rebase_url(settings.url, opening.base)
    return Siak(SqlSource(_SOURCE, url, guard, options), guard)


async def _people(
    numbers: Sequence[str], column: str, wanted: Wanted, context: Context
) -> list[Row]:
    keys = [written for number in numbers for written in spell(number)]
    statement = people_statement(wanted, column)
    siak: Siak = context.sources
    return context.take(_SOURCE, await siak.source.fetch(statement, context.call, keys=keys))


@lookup("Penduduk", key="nik")
async def people_by_nik(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give residents; of two rows with one NIK the first counts."""
    found: dict[Any, Any] = {}
    for row in await _people(keys, "nik", wanted, context):
        record = map_record(row, wanted)
        found.setdefault(record["nik"], record)
    return found


async def person_by_former_nik(wanted: Wanted, context: Context, nik: NIK) -> Any:
    """Give who carries the number that replaced this one."""
    rows = await _people([nik], "nik_lama", wanted, context)
    return map_record(rows[0], wanted) if rows else None


async def heads_of_families(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give the heads on each card, as many as there are."""
    statement = heads_statement()
    siak: Siak = context.sources
    guarded = await siak.source.fetch(
        statement,
        context.call,
        parameters=bind_terms([(statement.terms[0], [FAMILY_HEAD])]),
        keys=[written for key in keys for written in spell(key)],
    )
    heads: dict[Any, dict[Any, dict[str, Any]]] = {key: {} for key in keys}
    for row in context.take(_SOURCE, guarded):
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


@strawberry.federation.type(keys=["noKk"], description=text("Kartu keluarga.", "A family card."))
class KartuKeluarga:
    """What the tables add to a family card."""

    no_kk: NomorKK = field("Nomor KK.", "Family card number.", kelas=UMUM, samarkan=PolaSamaran.KK)
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


definition = define("siak", query=Query, types=[Penduduk, KartuKeluarga], lookups=[people_by_nik])

adapter = Adapter(definition, SiakSettings, open_siak)
