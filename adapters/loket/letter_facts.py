"""What a letter says, asked of the records as the officer who signs it, and kept by nobody.

In: an application with its form, its prepared letter, its signers. Out: a ``LetterContent``; raises
``Unanswered`` while a record that the letter needs cannot be had: an agency that is down delays a
letter, it never makes one with a gap. What only adorns a letter, and is broken or not granted, is
left out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from adapters.contract import CallContext, GraphClient
from adapters.loket.checks.inquiry import Answer, Unanswered
from adapters.loket.checks.matters import GRAVE_PLACE
from adapters.loket.form import Form
from adapters.loket.letters.content import LetterContent, Office, Person, Signer, spell_day
from adapters.loket.sla import day_of
from adapters.loket.store.history import read_moment
from adapters.loket.working_days import CalendarMissing, WorkingDays

__all__ = ["LetterMatter", "gather_content"]

_LEFT_OUT = frozenset({"DATA_RUSAK", "TIDAK_ADA_HAK"})
_GRAVE_YEARS = 3  # a grave permit holds as long (Perda DKI 3/2007 article 37)
_UNKNOWN_DEATH = "menurut surat kematian"
_UNKNOWN_PLACE = "menurut penetapan TPU"


@dataclass(frozen=True, slots=True)
class LetterMatter:
    """What is known of a letter before the records are asked."""

    row: Any  # the application
    letter: Any  # its prepared letter
    form: Form
    signers: tuple[Signer, ...]
    verify_url: str
    is_of_ptsp: bool
    calendar: WorkingDays

    def one(self, name: str) -> str:
        """Give the value of a field of the form; empty if it has none."""
        values = self.form.get(name, ())
        return values[0] if values else ""


@dataclass(slots=True)
class _Records:
    """Asks the graph; what was asked once is not asked again."""

    graph: GraphClient
    call: CallContext
    _known: dict[tuple[str, str], Answer] = field(default_factory=dict)

    async def ask(self, document: str, name: str, value: str) -> Answer:
        """Run a document of the adapter with its one variable."""
        answer = self._known.get((document, value))
        if answer is None:
            answer = Answer(await self.graph.run(document, {name: value}, self.call))
            self._known[document, value] = answer
        return answer

    async def person(self, nik: str) -> Answer:
        """Ask about a person; raises ``Unanswered`` for a number that no record knows."""
        answer = await self.ask("orang", "nik", nik)
        if answer.read("penduduk", "nama") is None:
            raise Unanswered("TIDAK_DITEMUKAN")
        return answer


async def gather_content(
    graph: GraphClient, call: CallContext, matter: LetterMatter
) -> LetterContent:
    """Ask the records for what a letter says; raises ``Unanswered``."""
    records = _Records(graph, call)
    applicant = await records.person(matter.row.pemohon_nik)
    office = await _office(records, matter.row.kelurahan)
    facts, others = await _MATTERS[matter.row.layanan](records, matter, applicant)
    return LetterContent(
        service=matter.row.layanan,
        number=matter.letter.nomor,
        day=date.fromisoformat(matter.letter.tanggal),
        office=office,
        applicant=_person(applicant),
        signers=matter.signers,
        verify_url=matter.verify_url,
        others=tuple(others),
        facts=facts,
        text=matter.row.draf,
        is_of_ptsp=matter.is_of_ptsp,
    )


async def _office(records: _Records, kelurahan: str) -> Office:
    answer = await records.ask("kantor", "kode", kelurahan)
    village = answer.read("wilayah", "nama")
    if village is None:
        raise Unanswered("TIDAK_DITEMUKAN")
    above = answer.read("wilayah", "kecamatan")
    return Office(above["kotaKabupaten"]["nama"], above["nama"], village)


_Told = tuple[Mapping[str, str], Sequence[Person]]
_Matter = Callable[[_Records, LetterMatter, Answer], Awaitable[_Told]]


async def _purpose(records: _Records, matter: LetterMatter, applicant: Answer) -> _Told:
    return {"keperluan": matter.one("keperluan")}, ()


async def _wedding(records: _Records, matter: LetterMatter, applicant: Answer) -> _Told:
    spouse = await records.person(matter.one("nikCalon"))
    status = applicant.read("penduduk", "statusKawin")
    if status is None:
        raise Unanswered("TIDAK_DITEMUKAN")
    parents = (_optional(applicant, name) for name in ("namaAyah", "namaIbu"))
    facts = {
        "status": _words(status),
        "tanggalAkad": _spelled(matter.one("tanggalAkad")),
        "putus": status,
    }
    return facts, [_person(spouse), *(Person(name) for name in parents if name)]


async def _dispensation(records: _Records, matter: LetterMatter, applicant: Answer) -> _Told:
    spouse = await records.person(matter.one("nikCalon"))
    wedding = date.fromisoformat(matter.one("tanggalAkad"))
    submitted = day_of(read_moment(matter.row.diajukan_pada))
    try:
        days = matter.calendar.count(submitted, wedding)
    except CalendarMissing:
        raise Unanswered("KALENDER_TIDAK_ADA") from None
    facts = {
        "nomorN1": matter.one("nomorN1"),
        "tanggalAkad": spell_day(wedding),
        "hariKerja": str(days),
    }
    return facts, [_person(spouse)]


async def _heirs(records: _Records, matter: LetterMatter, applicant: Answer) -> _Told:
    deceased = await records.person(matter.one("nikPewaris"))
    heirs = [_person(await records.person(nik)) for nik in matter.form["nikAhliWaris"]]
    died = _optional(deceased, "tanggalMeninggal")
    facts = {"tanggalMeninggal": _spelled(died) if died else _UNKNOWN_DEATH}
    return facts, [_person(deceased), *heirs]


async def _land(records: _Records, matter: LetterMatter, applicant: Answer) -> _Told:
    answer = await records.ask("bidang", "nop", matter.one("nop"))
    place, size = (answer.read("objekPajak", name) for name in ("alamat", "luasBumi"))
    if place is None or size is None:
        raise Unanswered("TIDAK_DITEMUKAN")
    facts = {
        "nop": matter.one("nop"),
        "nomorLetterC": matter.one("nomorLetterC"),
        "letak": place,
        "luas": f"{size:g} meter persegi",
    }
    return facts, ()


async def _business(records: _Records, matter: LetterMatter, applicant: Answer) -> _Told:
    answer = await records.ask("kegiatan", "nik", matter.row.pemohon_nik)
    known = {
        each["nib"]: [part["uraian"] for part in each["kegiatan"] or () if part and part["uraian"]]
        for each in answer.read("penduduk", "usaha") or ()
        if each is not None
    }
    nib = matter.one("nib") or next(iter(known), "")
    facts = {
        "namaUsaha": matter.one("namaUsaha"),
        "kegiatan": "; ".join(known.get(nib, ())) or "menurut keterangan pemohon",
        "nib": nib or "belum ada",
    }
    return facts, ()


async def _grave(records: _Records, matter: LetterMatter, applicant: Answer) -> _Told:
    nik, old = matter.one("nikAlmarhum"), matter.one("nomorSkLama")
    deceased = await records.person(nik)
    places = [_place_of(matter)]
    if old:
        answer = await records.ask("makam", "nik", nik)
        permits = answer.read("penduduk", "izin") or ()
        held = [each["lokasi"] for each in permits if each and each["nomorSk"] == old]
        places = [*held, *places]  # what is extended or stacked is where it was
    day = date.fromisoformat(matter.letter.tanggal)
    facts = {
        "jenisIptm": matter.one("jenisIptm"),
        "letak": next(filter(None, places), _UNKNOWN_PLACE),
        "berlakuSampai": spell_day(_years_after(day, _GRAVE_YEARS)),
    }
    return facts, [_person(deceased)]


def _place_of(matter: LetterMatter) -> str:
    """Say where the form says that the grave is; empty if it says less than all."""
    cemetery, block, plot = (matter.one(name) for name in GRAVE_PLACE)
    return f"{cemetery}, blad {block}, petak {plot}" if cemetery and block and plot else ""


_MATTERS: Mapping[str, _Matter] = MappingProxyType(
    {
        "SKTM": _purpose,
        "PM1-UMUM": _purpose,
        "KAWIN-1": _wedding,
        "KAWIN-2": _wedding,
        "DISPENSASI-KAWIN": _dispensation,
        "AHLI-WARIS": _heirs,
        "RIWAYAT-TANAH": _land,
        "SKU-NIB": _business,
        "IPTM": _grave,
    }
)
"""Service -> what its letter is told besides the applicant."""


def _person(answer: Answer) -> Person:
    return Person(answer.read("penduduk", "nama"), tuple(_rows(answer)))


def _rows(answer: Answer) -> Iterator[tuple[str, str]]:
    yield "NIK", answer.read("penduduk", "nik")
    place, born = _optional(answer, "tempatLahir"), _optional(answer, "tanggalLahir")
    spelled = _spelled(born) if born else None
    birth = ", ".join(part for part in (place, spelled) if part)
    if birth:
        yield "Tempat, tanggal lahir", birth
    for name, label in (
        ("jenisKelamin", "Jenis kelamin"),
        ("agama", "Agama"),
        ("pekerjaan", "Pekerjaan"),
    ):
        value = _optional(answer, name)
        if value:
            yield label, _words(value)
    address = _optional(answer, "alamat")
    if address:
        yield "Alamat", _address(address)


def _address(told: Mapping[str, Any]) -> str:
    village = (told["kelurahan"] or {}).get("nama")
    parts = (
        told["jalan"],
        f"RT {told['rt']} RW {told['rw']}" if told["rt"] and told["rw"] else None,
        f"Kelurahan {village}" if village else None,
    )
    return ", ".join(part for part in parts if part)


def _optional(answer: Answer, name: str) -> Any:
    """Give what only adorns a letter; None where it is broken or not granted."""
    try:
        return answer.read("penduduk", name)
    except Unanswered as silent:
        if silent.code in _LEFT_OUT:
            return None
        raise


def _words(code: str) -> str:
    """Write a value of an enumeration as words; what is words already stays."""
    return code.replace("_", " ").capitalize() if code.isupper() else code


def _spelled(day: str) -> str:
    return spell_day(date.fromisoformat(day))


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, day=28)
