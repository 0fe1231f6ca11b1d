"""Checks about persons: who they are, whether they live, where, and with whom.

In: an ``Inquiry``. Out: a ``Finding``. Each raises ``Unanswered`` where a record that decides could
not be read; what a record that was read already decides against needs no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable

from adapters.loket.checks.finding import NEEDS_OFFICER, PASSED, Finding, Result, failed
from adapters.loket.checks.inquiry import Answer, Inquiry, Unanswered

__all__ = [
    "check_address",
    "check_candidate",
    "check_deceased",
    "check_family",
    "check_heirs",
    "check_identity",
    "check_marital_again",
    "check_marital_first",
    "check_number",
]

# How alike a name must be, of 100. Titles and spellings cost up to fifteen points; at 70 another
# person's name passes now and then, at 90 every tenth applicant must come to the counter.
_LIKENESS = 80

_UNKNOWN = "NIK_TIDAK_DITEMUKAN"


async def check_identity(inquiry: Inquiry) -> Finding:
    """The registry agrees with what the applicant wrote, element by element."""
    facts = inquiry.facts
    claim = {
        "nik": facts.applicant,
        "nama": facts.one("nama"),
        "tanggalLahir": facts.one("tanggalLahir"),
        "batasSkor": _LIKENESS,
    }
    if facts.one("tempatLahir"):
        claim["tempatLahir"] = facts.one("tempatLahir")
    answer = await inquiry.ask("identitas", klaim=claim)
    elements = answer.read("verifikasi", "elemen")
    if elements is None:
        return failed(_UNKNOWN)
    if any(each["sesuai"] is None for each in elements):
        raise Unanswered("DATA_RUSAK")
    differing = [each["elemen"] for each in elements if not each["sesuai"]]
    return failed(f"TIDAK_SESUAI:{','.join(differing)}") if differing else PASSED


async def check_number(inquiry: Inquiry) -> Finding:
    """The applicant's NIK is in use, and its holder is not recorded dead."""
    return await _is_active(inquiry, inquiry.facts.applicant)


async def check_address(inquiry: Inquiry) -> Finding:
    """The applicant's family card has its address in the kelurahan that is to issue."""
    answer = await inquiry.ask("warga", nik=inquiry.facts.applicant)
    inquiry.note(inquiry.facts.kelurahan)
    if answer.read("penduduk", "nik") is None:
        return failed(_UNKNOWN)
    code = answer.read("penduduk", "alamat", "kelurahan", "kode")
    return PASSED if code == inquiry.facts.kelurahan else failed("ALAMAT_DI_LUAR_KELURAHAN")


async def check_marital_first(inquiry: Inquiry) -> Finding:
    """Whoever marries for the first time is recorded as not married yet."""
    answer = await inquiry.ask("warga", nik=inquiry.facts.applicant)
    return _judge_marital(answer, ("BELUM_KAWIN",))


async def check_marital_again(inquiry: Inquiry) -> Finding:
    """Whoever marries again is recorded as divorced or widowed; else a court's leave decides."""
    answer = await inquiry.ask("warga", nik=inquiry.facts.applicant)
    found = _judge_marital(answer, ("CERAI_HIDUP", "CERAI_MATI"))
    return NEEDS_OFFICER if found.reason == "STATUS_KAWIN:KAWIN" else found


async def check_candidate(inquiry: Inquiry) -> Finding:
    """Whom the applicant marries is alive and not recorded as married."""
    candidate = inquiry.facts.one("nikCalon")
    alive = await _is_active(inquiry, candidate)
    if alive.result is not Result.LULUS:
        return alive
    answer = await inquiry.ask("warga", nik=candidate)
    return _judge_marital(answer, ("BELUM_KAWIN", "CERAI_HIDUP", "CERAI_MATI"))


async def check_deceased(inquiry: Inquiry, name: str) -> Finding:
    """The person of the form's field ``name`` is recorded dead by any of three records."""
    answer = await inquiry.ask("warga", nik=inquiry.facts.one(name))
    if _is_recorded_dead(answer):
        return PASSED
    return failed("TIDAK_TERCATAT_MENINGGAL")


async def check_heirs(inquiry: Inquiry) -> Finding:
    """Every heir is found, and none is recorded dead."""
    heirs = [*dict.fromkeys(inquiry.facts.form.get("nikAhliWaris", ()))]
    found = await asyncio.gather(*(_settled(_is_active(inquiry, nik)) for nik in heirs))
    return _worst(found)


async def check_family(inquiry: Inquiry) -> Finding:
    """Every heir is a child, a parent or the spouse of the deceased, by the registry."""
    deceased = inquiry.facts.one("nikPewaris")
    own = await inquiry.ask("warga", nik=deceased)
    near = {own.read("penduduk", relative, "nik") for relative in ("ayah", "ibu", "pasangan")}
    for nik in inquiry.facts.form.get("nikAhliWaris", ()):
        answer = await inquiry.ask("warga", nik=nik)
        parents = {answer.read("penduduk", parent, "nik") for parent in ("ayah", "ibu")}
        spouse = answer.read("penduduk", "pasangan", "nik")
        if nik not in near and deceased not in {*parents, spouse}:
            return failed("HUBUNGAN_TIDAK_TERCATAT")
    return PASSED


async def _is_active(inquiry: Inquiry, nik: str) -> Finding:
    answer = await inquiry.ask("warga", nik=nik)
    if answer.read("penduduk", "nik") is None:
        return failed(_UNKNOWN)
    status = answer.read("penduduk", "statusNik")
    if status is not None and status != "AKTIF":
        return failed(f"STATUS_NIK:{status}")
    if _is_recorded_dead(answer):
        return failed("TERCATAT_MENINGGAL")
    if answer.read("penduduk", "nikBaru") is not None or status is None:
        return failed("NIK_DIGANTI")
    return PASSED


def _is_recorded_dead(answer: Answer) -> bool:
    """Tell whether any of three records names a death; raises ``Unanswered`` if one that might
    did not answer and no other does."""
    silent: Unanswered | None = None
    for names in (
        _registry_death,
        lambda each: bool(each.read("penduduk", "suratKematian")),
        lambda each: any(
            licence is not None and licence["jenis"] == "IPTM"
            for licence in each.read("penduduk", "izin") or ()
        ),
    ):
        try:
            if names(answer):
                return True
        except Unanswered as unanswered:
            silent = silent or unanswered
    if silent is not None:
        raise silent
    return False


def _registry_death(answer: Answer) -> bool:
    if answer.read("penduduk", "tanggalMeninggal") is not None:
        return True
    return bool(answer.read("penduduk", "statusNik") == "MENINGGAL")


def _judge_marital(answer: Answer, allowed: tuple[str, ...]) -> Finding:
    if answer.read("penduduk", "nik") is None:
        return failed(_UNKNOWN)
    status = answer.read("penduduk", "statusKawin")
    if status is None:
        raise Unanswered("DATA_RUSAK")
    return PASSED if status in allowed else failed(f"STATUS_KAWIN:{status}")


async def _settled(finding: Awaitable[Finding]) -> Finding:
    """Turn silence into a finding, so that the others are still heard."""
    try:
        return await finding
    except Unanswered as unanswered:
        return Finding(Result.BELUM_DAPAT, unanswered.code)


def _worst(found: Iterable[Finding]) -> Finding:
    """Give the finding that decides: one against it, else one that could not be made."""
    order = (Result.GAGAL, Result.BELUM_DAPAT, Result.PERLU_PETUGAS, Result.LULUS)
    return min(found, key=lambda each: order.index(each.result), default=failed(_UNKNOWN))
