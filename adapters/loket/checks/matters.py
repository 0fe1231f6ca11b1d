"""Checks about what is applied for: days, letters, licences, graves, and papers without a record.

In: an ``Inquiry``. Out: a ``Finding``. What no system records (the social register's paper, the
health centre, the court, the marriage office, the land book, the cemetery) is never passed here:
an officer confirms it by a paper.
"""

from __future__ import annotations

from datetime import date, timedelta

from adapters.loket.checks.finding import NEEDS_OFFICER, PASSED, Finding, failed
from adapters.loket.checks.inquiry import Inquiry, Unanswered
from adapters.loket.refusal import CALENDAR_MISSING
from adapters.loket.working_days import CalendarMissing

__all__ = [
    "GRAVE_PLACE",
    "check_by_paper",
    "check_days_before_wedding",
    "check_dispensation",
    "check_first_letter",
    "check_grave_place",
    "check_introduction",
    "check_land_tax",
    "check_livelihood",
    "check_old_grave_permit",
]

# How old an introduction by RT and RW may be. The forms say three months; doubled, people would
# come with the introduction for another matter.
_INTRODUCTION = timedelta(days=90)

GRAVE_PLACE = ("tpu", "blad", "petak")
"""Fields of the form that tell where a grave is: the cemetery, its block, the plot."""

_WEDDING_LETTERS = ("KAWIN-1", "KAWIN-2")


async def check_by_paper(inquiry: Inquiry) -> Finding:
    """No system records it."""
    return NEEDS_OFFICER


async def check_introduction(inquiry: Inquiry) -> Finding:
    """The head of the RT vouched at the counter, or the register holds a recent introduction."""
    facts = inquiry.facts
    inquiry.note(sorted(facts.papers))
    if "PENGANTAR" in facts.papers:
        inquiry.notes.sources["loket"] = None
        return PASSED
    answer = await inquiry.ask("surat", nik=facts.applicant)
    for letter in answer.read("penduduk", "suratPengantar") or ():
        if letter is not None and letter["tanggal"] is not None:
            age = facts.today - date.fromisoformat(letter["tanggal"])
            if timedelta(0) <= age <= _INTRODUCTION:
                return PASSED
    return NEEDS_OFFICER


async def check_days_before_wedding(inquiry: Inquiry) -> Finding:
    """Ten working days or more lie before the wedding; else a dispensation is needed."""
    return failed("PERLU_DISPENSASI_CAMAT") if _needs_dispensation(inquiry) else PASSED


async def check_dispensation(inquiry: Inquiry) -> Finding:
    """The dispensation is needed: fewer than ten working days lie before the wedding."""
    return PASSED if _needs_dispensation(inquiry) else failed("TIDAK_PERLU_DISPENSASI")


async def check_first_letter(inquiry: Inquiry) -> Finding:
    """The N1 letter that the form names was issued to the applicant.

    Old books have no NIK: a letter that is not found may stand there, and an officer looks.
    """
    number = inquiry.facts.one("nomorN1")
    inquiry.note(number)
    answer = await inquiry.ask("surat", nik=inquiry.facts.applicant)
    issued = [each["surat"] for each in answer.read("penduduk", "permohonan") or () if each]
    applied = [letter for letter in issued if letter and letter["status"] == "TERBIT"]
    held = [*(answer.read("penduduk", "surat") or ()), *applied]
    for letter in held:
        if letter and letter["nomor"] == number and letter["jenis"] in _WEDDING_LETTERS:
            return PASSED
    return NEEDS_OFFICER


async def check_livelihood(inquiry: Inquiry) -> Finding:
    """The applicant has a licence in force, or is in charge of a registered business."""
    facts = inquiry.facts
    silent: Unanswered | None = None
    for document, name, variables in (
        ("izin", "izin", {"nik": facts.applicant, "pada": facts.today.isoformat()}),
        ("usaha", "usaha", {"nik": facts.applicant}),
    ):
        answer = await inquiry.ask(document, **variables)
        try:
            found = answer.read("penduduk", name) or ()
        except Unanswered as unanswered:
            silent = silent or unanswered
            continue
        if any(each is not None and each.get("jenis") != "IPTM" for each in found):
            return PASSED
    if silent is not None:
        raise silent
    return failed("TANPA_IZIN_ATAU_NIB")


async def check_old_grave_permit(inquiry: Inquiry) -> Finding:
    """A permit that is extended or stacked is the deceased's; a new one needs none."""
    facts = inquiry.facts
    inquiry.note(facts.one("jenisIptm"), facts.one("nomorSkLama"))
    if facts.one("jenisIptm") == "BARU":
        return PASSED
    answer = await inquiry.ask("warga", nik=facts.one("nikAlmarhum"))
    for licence in answer.read("penduduk", "izin") or ():
        if licence and (licence["jenis"], licence["nomorSk"]) == ("IPTM", facts.one("nomorSkLama")):
            return PASSED
    return failed("IPTM_LAMA_TIDAK_DITEMUKAN")


async def check_grave_place(inquiry: Inquiry) -> Finding:
    """A new grave has its place in the form; that it is the cemetery's word, an officer confirms.

    What was confirmed holds for that place: another one in a repaired form is confirmed again.
    """
    facts = inquiry.facts
    place = [facts.one(name) for name in GRAVE_PLACE]
    inquiry.note(facts.one("jenisIptm"), *place)
    inquiry.notes.sources["loket"] = None
    if facts.one("jenisIptm") == "BARU" and not all(place):
        return failed("LETAK_MAKAM_KURANG")
    return NEEDS_OFFICER


async def check_land_tax(inquiry: Inquiry) -> Finding:
    """The parcel lies here, and its taxes of the years before this one are paid.

    Where somebody else is taxed for it, as an heir's parent may still be, an officer looks.
    """
    facts = inquiry.facts
    inquiry.note(facts.kelurahan, facts.today.year)
    answer = await inquiry.ask("tanah", nop=facts.one("nop"))
    if answer.read("objekPajak", "nop") is None:
        return failed("NOP_TIDAK_DITEMUKAN")
    if answer.read("objekPajak", "kelurahan", "kode") != facts.kelurahan:
        return failed("TANAH_DI_LUAR_KELURAHAN")
    bills = answer.read("objekPajak", "tagihan")
    if bills is None or any(bill is None or bill["tahun"] is None for bill in bills):
        raise Unanswered("DATA_RUSAK")
    due = [bill["lunas"] for bill in bills if bill["tahun"] < facts.today.year]
    if False in due:
        return failed("PBB_BELUM_LUNAS")
    if None in due:
        raise Unanswered("DATA_RUSAK")
    is_own = answer.read("objekPajak", "wajibPajak", "nik") == facts.applicant
    return PASSED if is_own else NEEDS_OFFICER


def _needs_dispensation(inquiry: Inquiry) -> bool:
    facts = inquiry.facts
    inquiry.note(facts.today.isoformat(), facts.one("tanggalAkad"))
    inquiry.notes.sources["loket"] = None
    try:
        return facts.calendar.needs_dispensation(
            facts.today, date.fromisoformat(facts.one("tanggalAkad"))
        )
    except CalendarMissing:
        raise Unanswered(CALENDAR_MISSING) from None
