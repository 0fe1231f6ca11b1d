"""An office with three invented residents, and the adapter over it that is as it should be.

In: perhaps another lookup or relation. Out: an adapter. The bad adapters differ from the good one
in one function each, so that what the kit finds is theirs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from adapters.check.recording import load_recording
from adapters.check.subject import Subject
from adapters.kit.adapter import Adapter, AdapterSettings, GuardOptions, Opening
from adapters.kit.context import Context
from adapters.kit.definition import AdapterDefinition, KeyedRoot, Lookup, Relation, Wanted
from adapters.kit.normalize.date import normalize_date
from adapters.kit.normalize.null import readable
from adapters.kit.outcome import Found, Outcomes
from adapters.resilience import SourceGuard

__all__ = ["SOURCE", "Office", "build", "letters_of", "people_by_nik", "person", "subject_of"]

SOURCE = "kantor"
SDL = '''
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
directive @kelas(tingkat: TingkatKelas!) on FIELD_DEFINITION
enum TingkatKelas { UMUM }
"""Nomor.\n\nNumber."""
scalar NIK
"""Tanggal.\n\nDate."""
scalar Tanggal
"""Penduduk.\n\nA resident."""
type Penduduk @key(fields: "nik") {
  """NIK.\n\nNIK."""
  nik: NIK! @kelas(tingkat: UMUM)
  """Nama.\n\nName."""
  nama: String
  """Tanggal lahir.\n\nDate of birth."""
  lahir: Tanggal
  """Surat.\n\nLetters."""
  surat: [Surat]
}
"""Surat.\n\nA letter."""
type Surat {
  """Nomor.\n\nNumber."""
  nomor: String!
  """Tanggal.\n\nDate."""
  tanggal: Tanggal
}
type Query {
  """Penduduk.\n\nA resident."""
  penduduk(nik: NIK!): Penduduk
}
'''
_PEOPLE = (
    {"nik": "3171024107809001", "nama": "SITI CONTOHWATI", "lahir": "1980-07-01"},
    {"nik": "3171021708759002", "nama": "BUDI MISALNYA", "lahir": "1975-08-17"},
    {"nik": "3171025212909003", "nama": "RINA UMPAMA", "lahir": "1990-12-12"},
)
_LETTERS = (
    {"nik": "3171024107809001", "nomor": "1/2025", "tanggal": "2025-01-06"},
    {"nik": "3171021708759002", "nomor": "2/2025", "tanggal": "2025-01-07"},
    {"nik": "3171024107809001", "nomor": "3/2025", "tanggal": "2025-02-03"},
)
Rows = list[dict[str, str]]
Function = Callable[[Sequence[str], Wanted, Context], Awaitable[Outcomes]]


class Office:
    """The source: two tables, asked through a guard."""

    def __init__(self, guard: SourceGuard) -> None:
        self.guard = guard

    async def people(self, niks: Sequence[str], context: Context) -> Rows:
        """Give the residents with these numbers."""
        return await self._rows(_PEOPLE, niks, context)

    async def letters(self, niks: Sequence[str], context: Context) -> Rows:
        """Give their letters."""
        return await self._rows(_LETTERS, niks, context)

    async def _rows(
        self, table: Sequence[dict[str, str]], niks: Sequence[str], context: Context
    ) -> Rows:
        async def attempt(_: float | None) -> Rows:
            return [row for row in table if row["nik"] in niks]

        return context.take(SOURCE, await self.guard.run(attempt, context.call))

    async def aclose(self) -> None:
        """End what is under way."""
        await self.guard.aclose()


async def people_by_nik(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give residents by what their rows say."""
    office: Office = context.sources
    return {row["nik"]: person(row) for row in await office.people(keys, context)}


async def letters_of(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give letters by what their rows say, each once."""
    office: Office = context.sources
    found: dict[str, dict[str, Any]] = {key: {} for key in keys}
    for row in await office.letters(keys, context):
        if row["nik"] in found:
            found[row["nik"]][row["nomor"]] = letter(row)
    return {key: Found([*letters.values()]) for key, letters in found.items()}


def person(row: dict[str, str]) -> dict[str, Any]:
    """Read a resident's row."""
    return {
        "nik": row["nik"],
        "nama": row["nama"],
        "lahir": readable(normalize_date, row["lahir"]),
    }


def letter(row: dict[str, str]) -> dict[str, Any]:
    """Read a letter's row."""
    return {"nomor": row["nomor"], "tanggal": readable(normalize_date, row["tanggal"])}


def build(people: Function = people_by_nik, letters: Function = letters_of) -> Adapter[Any]:
    """Build the adapter, perhaps with another function."""

    async def open_office(_: AdapterSettings, opening: Opening) -> Office:
        return Office(opening.new_guard(SOURCE, GuardOptions()))

    definition = AdapterDefinition(
        SOURCE,
        SDL,
        lookups=(Lookup("Penduduk", ("nik",), people),),
        relations=(Relation("Penduduk", "surat", ("nik",), letters),),
        roots=(KeyedRoot("penduduk", {"nik": "nik"}, "Penduduk"),),
    )
    return Adapter(definition, AdapterSettings, open_office)


def subject_of(adapter: Adapter[Any]) -> Subject:
    """Give what the checks are tried on."""
    return Subject(adapter, load_recording(Path(__file__).parent / "recorded"))
