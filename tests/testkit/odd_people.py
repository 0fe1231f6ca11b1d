"""What a source of people may give: usual records mostly, and everything else at times.

In: a seed. Out: ``Chance``, which draws a ``Table``, representations, records and leaves.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

from adapters.errors import SourceUnavailable
from adapters.kit.outcome import NOT_GRANTED, UNREADABLE, Denied, Failed, Found, NotFound
from tests.testkit.people_adapter import Table, nik

__all__ = ["SELECTIONS", "Chance"]

SELECTIONS = (
    "nama umur",
    "nik nama umur lahir jenis",
    "lahir umur wajib",
    "lahir nama lagi: lahir",
    "wajib nama w: wajib",
    "alamat { jalan kota { kode nama } } ayah { nik nama }",
    "dokumen { __typename nomor ... on Sertifikat { nilai } } berkas { ... on Kartu { nomor } }",
    "surat { nomor jenis pemohon { nik nama } } lagi: surat(jenis: SKU) { nomor }",
    "halaman(first: 2) { nodes { nomor jenis } pageInfo { hasNextPage endCursor } } nama",
    "cocok nama surat(jenis: SKTM) { __typename nomor }",
)

DOWN = Failed(SourceUnavailable("a part of the source is down"), "orang/2")
FAULTS = (None, None, NOT_GRANTED, UNREADABLE, DOWN, Denied(), NotFound(), object(), [], {})
ODD = (True, 7, 7.5, "x", Found("y"))


class Chance:
    """Draws what a source may give: mostly usual things."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.trouble = self.random.choice((0.0, 0.02, 0.1, 0.3))  # of each value

    def leaf(self, *usual: Any) -> Any:
        """Draw a leaf's value."""
        if self.random.random() < self.trouble:
            return self.random.choice(FAULTS + ODD)
        return self.random.choice(usual)

    def part(self, make: Callable[[], Any]) -> Any:
        """Draw an object or list."""
        return self.random.choice(FAULTS) if self.random.random() < self.trouble else make()

    def record(self, **fields: Any) -> Any:
        """Make a record: a dict mostly, an object at times, and fields left out."""
        kept = {n: v for n, v in fields.items() if self.random.random() >= self.trouble / 3}
        return SimpleNamespace(**kept) if self.random.random() < self.trouble / 2 else kept

    def stub(self) -> dict[str, Any]:
        """Draw a reference to a person."""
        return {"nik": nik(self.random.randrange(6))}

    def address(self) -> Any:
        """Draw an address."""
        town = self.part(lambda: self.record(kode=self.leaf("31.71"), nama=self.leaf("Pusat")))
        return self.record(jalan=self.leaf("Jalan A"), kota=town)

    def document(self) -> Any:
        """Draw a document of either kind."""
        kind = self.leaf("Kartu", "Sertifikat", "Sertifikat")
        return {"__typename": kind, "nomor": self.leaf(3), "judul": "j", "nilai": self.leaf(0.5, 2)}

    def letter(self) -> Any:
        """Draw a letter."""
        return self.record(
            nomor=self.leaf(1, 2),
            jenis=self.leaf("SKTM", "SKU", None),
            pemohon=self.part(self.stub),
        )

    def list_of(self, make: Callable[[], Any]) -> list[Any]:
        """Draw up to three."""
        return [self.part(make) for _ in range(self.random.randrange(4))]

    def person(self, number: int) -> Any:
        """Draw a person, at times under another's key or type."""
        record = self.record(
            nama=self.leaf("Nama", "Nama", None),
            wajib=self.leaf("ada"),
            umur=self.leaf(3, 3, 2**31 - 1, None, 2**31),
            lahir=self.leaf(date(1990, 2, 3), date(1990, 2, 3), "1990-02-03"),
            jenis=self.leaf("SKTM", "SKU"),
            nomor=self.part(lambda: {"seri": "A", "urut": 1}),
            alamat=self.part(self.address),
            ayah=self.part(self.stub),
            dokumen=self.part(lambda: self.list_of(self.document)),
            berkas=self.part(self.document),
        )
        if type(record) is dict and self.random.random() < 0.5:
            record["nik"] = nik(number)
        if type(record) is dict and self.random.random() < self.trouble:
            record["__typename"] = self.random.choice(("Orang", "Kota"))
        return record

    def outcome(self, make: Callable[[], Any]) -> Any:
        """Draw a record's or list's outcome."""
        if self.random.random() < self.trouble:
            return self.random.choice((NotFound(), Denied(), DOWN, None, "text"))
        failures = (DOWN,) if self.random.random() < self.trouble else ()
        return Found(make(), failures=failures) if self.random.random() < 0.4 else make()

    def table(self) -> Table:
        """Draw a whole source."""
        return Table(
            people={nik(n): self.outcome(lambda n=n: self.person(n)) for n in range(6) if n != 4},
            letters={nik(n): self.outcome(lambda: self.list_of(self.letter)) for n in range(5)},
            cities={"31.71": {"kode": "31.71", "nama": "Jakarta Pusat"}},
        )

    def representations(self) -> list[dict[str, Any]]:
        """Draw what is asked for: mostly alike."""
        count = self.random.randrange(1, 7)
        drawn = [
            {
                "__typename": self.leaf_of("Orang", "Kota", "Tiada"),
                "nik": self.leaf_of(nik(self.random.randrange(6)), "1", None, 5),
            }
            for _ in range(count)
        ]
        brought = {"nama": "Nama", "lahir": self.leaf_of("1990-01-01", "x", None)}
        mixed = self.random.choice((0.0, 0.0, 0.5, 1.0))
        return [{**each, **brought} if self.random.random() < mixed else each for each in drawn]

    def leaf_of(self, usual: Any, *others: Any) -> Any:
        """Draw the usual value, or another."""
        return self.random.choice(others) if self.random.random() < self.trouble else usual
