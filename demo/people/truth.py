"""The oracle: what is true, and what each question must answer.

In: a world's `truth.sqlite`. Out: people, families, papers and expected answers as plain values.
Tests compare the graph with it; nothing here ever passed through the gateway.
"""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal, NamedTuple

__all__ = [
    "Business",
    "Join",
    "Land",
    "Letter",
    "Licence",
    "Question",
    "Surveyed",
    "TruePerson",
    "Truth",
]

Question = Literal[
    "sktm_izin",
    "surat_mati_beku",
    "izin_berakhir",
    "pm1_luar",
    "pemohon_berulang",
    "rt_berulang",
    "n1_sudah_kawin",
    "alamat_sktm",
]
"""A manager's question; its rule stands in `demo/README.md`."""

Join = Literal["nik", "orang"]
"""Whether records meet by the number written in them or by the person behind it."""


class TruePerson(NamedTuple):
    """One person. Dates are ISO text, codes those of `kode_siak.csv`, NIKs and KKs 16 digits."""

    pid: int
    nik: str
    no_kk: str
    nama: str
    perempuan: bool
    lahir: str
    tempat: str
    agama: int
    stat_kwn: int
    stat_hbkel: int
    tgl_kawin: str | None
    tgl_cerai: str | None
    golongan_darah: str
    pendidikan: str
    pekerjaan: str
    nik_ayah: str | None
    nama_ayah: str | None
    nik_ibu: str | None
    nama_ibu: str | None
    kelurahan: str
    alamat: str
    rt: int
    rw: int
    kelurahan_asal: str | None  # before a move within the last year
    status: str  # as the civil registry holds it
    status_sejak: str | None
    meninggal: str | None  # the true day of death
    mati_tercatat: bool | None  # False: dead, but active in the civil registry
    nik_lama: str | None
    nik_ganda: str | None


class Letter(NamedTuple):
    """One line of a kelurahan's book."""

    kelurahan: str
    tahun: int
    urut: int
    nomor: str
    tanggal: str
    jenis: str
    pid: int  # whose it truly is
    nik: str | None  # as written; None in the old books
    nama: str  # as written
    lahir: str  # as written
    cacat: str  # planted faults, comma-separated


class Licence(NamedTuple):
    """One licence."""

    id: int
    decree_number: str
    identity: str
    identity_kind: str
    pid: int  # whose it truly is
    applicant_identity: str
    kelurahan: str
    kind: str
    issued: str
    expires: str | None


class Business(NamedTuple):
    """One business, as all that was ever pushed about it adds up."""

    id: int
    nib: str
    pid: int  # whose it truly is
    nik: str  # as written, of the person in charge
    nama: str
    jenis: str  # BADAN USAHA or PERSEORANGAN
    kelurahan: str
    terbit: str
    kbli: str
    risiko: str  # RENDAH, MENENGAH_RENDAH, MENENGAH_TINGGI, TINGGI
    status: str  # AKTIF, DIBEKUKAN, DICABUT
    perizinan: str | None  # PROSES, TERBIT, DITOLAK; None: it needs no licence


class Land(NamedTuple):
    """One taxed parcel."""

    nop: str
    pid: int  # whose it truly is, alive or dead
    nik: str  # as written: a former number where it changed
    nama: str
    alamat: str
    kelurahan: str
    luas_bumi: int  # square metres
    luas_bangunan: int
    njop: int  # rupiah


class Surveyed(NamedTuple):
    """One person as the survey's volunteers met them."""

    pid: int
    nik: str
    nama: str
    no_kk: str  # of the family that they were met in
    kelurahan: str
    rt: int
    rw: int
    alamat: str
    desil: int  # 1 the poorest, 10 the richest
    tanggal: str


_LETTERS = "kelurahan, tahun, urut, nomor, tanggal, jenis, pid, nik, nama, lahir, cacat"
_LICENCES = (
    "id, decree_number, identity, identity_kind, pid, applicant_identity, kelurahan, kind, "
    "issued, expires"
)
_BUSINESSES = ", ".join(Business._fields)
_LAND = ", ".join(Land._fields)
_SURVEYED = ", ".join(Surveyed._fields)
_PEOPLE = ", ".join(TruePerson._fields)


@dataclass(slots=True)
class Truth:
    """Reads the ground truth of one world."""

    path: Path
    _rows: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self._rows = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)

    def close(self) -> None:
        """Close the file."""
        self._rows.close()

    def person(self, nik: str) -> TruePerson | None:
        """Find who bears a NIK today."""
        people = self._people("nik = ?", int(nik))
        return people[0] if people else None

    def bearer(self, nik: str) -> TruePerson | None:
        """Find who bears or bore a NIK: valid, former or duplicate."""
        people = self._people("pid = (SELECT pid FROM alias WHERE nik = ?)", int(nik))
        return people[0] if people else None

    def family(self, no_kk: str) -> list[TruePerson]:
        """List the people on a family card by birth date, then NIK."""
        return self._people("no_kk = ? ORDER BY lahir, nik", int(no_kk))

    def children(self, nik: str) -> list[TruePerson]:
        """List the children of a person, on whatever card."""
        return self._people("nik_ayah = ?1 OR nik_ibu = ?1 ORDER BY lahir, nik", int(nik))

    def letters(self, nik: str) -> list[Letter]:
        """List the letters that bear a NIK, by date."""
        return self._letters("nik = ? ORDER BY tanggal, id", int(nik))

    def letters_of(self, pid: int) -> list[Letter]:
        """List the letters that truly are a person's, old books included, by date."""
        return self._letters("pid = ? ORDER BY tanggal, id", pid)

    def book(self, kelurahan: str, *, with_nik: bool) -> list[Letter]:
        """List a kelurahan's letters in book order: the new books, or the old ones."""
        condition = "NOTNULL" if with_nik else "IS NULL"
        return self._letters(f"kelurahan = ? AND nik {condition} ORDER BY tahun, urut", kelurahan)

    def licences(self, nik: str) -> list[Licence]:
        """List the licences whose owner column holds a NIK, by id."""
        return self._licences("nik = ? ORDER BY id", int(nik))

    def licences_of(self, pid: int) -> list[Licence]:
        """List the licences that truly are a person's, whatever identity they bear."""
        return self._licences("pid = ? ORDER BY id", pid)

    def businesses(self, nik: str) -> list[Business]:
        """List the businesses whose person in charge bears a NIK, by NIB."""
        return self._businesses("nik = ? ORDER BY nib", int(nik))

    def land(self, nik: str) -> list[Land]:
        """List the parcels that are on record under a NIK, by NOP."""
        return self._land("nik = ? ORDER BY nop", int(nik))

    def surveyed(self, no_kk: str) -> list[Surveyed]:
        """List who was met in a family, by NIK."""
        return self._survey("no_kk = ? ORDER BY nik", int(no_kk))

    def met(self, nik: str) -> Surveyed | None:
        """Find how the volunteers met the bearer of a NIK, if they did."""
        found = self._survey("nik = ?", int(nik))
        return found[0] if found else None

    def all_land(self, count: int) -> list[Land]:
        """List so many parcels, by NOP."""
        return self._land("1 ORDER BY nop LIMIT ?", count)

    def taxes(self, nop: str) -> list[tuple[int, int, int, str | None]]:
        """List a parcel's taxes by year: year, tax, fine, paid on."""
        rows = self._rows.execute(
            "SELECT tahun, pokok, denda, dibayar FROM land_tax WHERE nop = ? ORDER BY tahun", (nop,)
        )
        return [(year, tax, fine, paid) for year, tax, fine, paid in rows]

    def all_businesses(self) -> list[Business]:
        """List every business, by NIB."""
        return self._businesses("? ORDER BY nib", 1)

    def recorded_death(self, nik: str) -> str | None:
        """Tell the first day on which any agency recorded the bearer of a NIK as dead."""
        row = self._rows.execute(
            "SELECT min(tanggal) FROM recorded_death WHERE nik = ?", (int(nik),)
        ).fetchone()
        return None if row is None else row[0]

    def expected(
        self, question: Question, kelurahan: str, *, join: Join = "nik"
    ) -> set[tuple[str, ...]]:
        """Tell the answer to a question; the parts of its keys stand in `demo/README.md`."""
        rows = self._rows.execute(
            "SELECT kunci, kunci_lain FROM expected "
            "WHERE question = ? AND taut = ? AND kelurahan = ?",
            (question, join, kelurahan),
        )
        return {(*key.split("|"), *((other,) if other else ())) for key, other in rows}

    def sample(self, count: int, seed: int = 1, *, where: str = "1") -> list[TruePerson]:
        """Draw people at random, the same for the same seed; `where` is SQL over `person`."""
        pids = [
            row[0]
            for row in self._rows.execute(f"SELECT pid FROM person WHERE {where} ORDER BY pid")
        ]
        chosen = Random(seed).sample(pids, min(count, len(pids)))
        return [self._people("pid = ?", pid)[0] for pid in chosen]

    def count(self, table: str) -> int:
        """Count the rows of a table."""
        return int(self._rows.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _people(self, where: str, value: int) -> list[TruePerson]:
        rows = self._rows.execute(f"SELECT {_PEOPLE} FROM person WHERE {where}", (value,))
        return [_person(TruePerson(*row)) for row in rows]

    def _letters(self, where: str, value: object) -> list[Letter]:
        rows = self._rows.execute(f"SELECT {_LETTERS} FROM letter WHERE {where}", (value,))
        return [letter._replace(nik=_text(letter.nik)) for letter in (Letter(*row) for row in rows)]

    def _licences(self, where: str, value: int) -> list[Licence]:
        rows = self._rows.execute(f"SELECT {_LICENCES} FROM licence WHERE {where}", (value,))
        return [Licence(*row) for row in rows]

    def _survey(self, where: str, value: int) -> list[Surveyed]:
        rows = self._rows.execute(f"SELECT {_SURVEYED} FROM survey WHERE {where}", (value,))
        return [
            each._replace(nik=_text(each.nik) or "", no_kk=_text(each.no_kk) or "")
            for each in (Surveyed(*row) for row in rows)
        ]

    def _land(self, where: str, value: int) -> list[Land]:
        rows = self._rows.execute(f"SELECT {_LAND} FROM land WHERE {where}", (value,))
        return [each._replace(nik=_text(each.nik) or "") for each in (Land(*row) for row in rows)]

    def _businesses(self, where: str, value: int) -> list[Business]:
        rows = self._rows.execute(f"SELECT {_BUSINESSES} FROM business WHERE {where}", (value,))
        return [each._replace(nik=_text(each.nik) or "") for each in (Business(*r) for r in rows)]


def _person(person: TruePerson) -> TruePerson:
    recorded = None if person.mati_tercatat is None else bool(person.mati_tercatat)
    return person._replace(
        nik=_text(person.nik) or "",
        no_kk=_text(person.no_kk) or "",
        nik_ayah=_text(person.nik_ayah),
        nik_ibu=_text(person.nik_ibu),
        nik_lama=_text(person.nik_lama),
        nik_ganda=_text(person.nik_ganda),
        perempuan=bool(person.perempuan),
        mati_tercatat=recorded,
    )


def _text(number: object) -> str | None:
    return None if number is None else f"{number:016d}"
