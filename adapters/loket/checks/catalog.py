"""Every check by its code, and by whose records it is made: a table.

In: nothing. Out: ``CHECKS``. Which service makes which check, and whether it stops at it, is data
(``data/standar.yaml``); a test compares the two, and docs/loket.md shows them together.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from adapters.loket.checks.finding import Finding
from adapters.loket.checks.inquiry import Inquiry
from adapters.loket.checks.matters import (
    check_by_paper,
    check_days_before_wedding,
    check_dispensation,
    check_first_letter,
    check_grave_place,
    check_introduction,
    check_land_tax,
    check_livelihood,
    check_old_grave_permit,
)
from adapters.loket.checks.people import (
    check_address,
    check_candidate,
    check_deceased,
    check_family,
    check_heirs,
    check_identity,
    check_marital_again,
    check_marital_first,
    check_number,
)

__all__ = ["CHECKS", "Check"]


@dataclass(frozen=True, slots=True)
class Check:
    """One check."""

    make: Callable[[Inquiry], Awaitable[Finding]]
    evidence: str  # whose record decides, for the documents
    needs: tuple[str, ...] = ()  # the form's fields that it cannot be made without


_PAPER = "paper, confirmed by an officer"
_DEATH = "death in the civil registry, death letter of a kelurahan, or grave permit"

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "IDENTITAS": Check(
            check_identity, "civil registry, verified by element", ("nama", "tanggalLahir")
        ),
        "STATUS_NIK": Check(check_number, f"status of the NIK; no {_DEATH}"),
        "ALAMAT_KK": Check(check_address, "address of the family card"),
        "PENGANTAR": Check(check_introduction, "head of the RT at the counter, or register"),
        "STATUS_KAWIN": Check(check_marital_first, "marital status in the civil registry"),
        "STATUS_KAWIN_LAGI": Check(check_marital_again, "marital status in the civil registry"),
        "STATUS_KAWIN_CALON": Check(
            check_candidate, "marital status and life of the other", ("nikCalon",)
        ),
        "HARI_KERJA_AKAD": Check(
            check_days_before_wedding, "calendar of working days", ("tanggalAkad",)
        ),
        "PERLU_DISPENSASI": Check(check_dispensation, "calendar of working days", ("tanggalAkad",)),
        "SURAT_N1": Check(
            check_first_letter, "register of the kelurahan, letters issued here", ("nomorN1",)
        ),
        "PEWARIS_MENINGGAL": Check(
            partial(check_deceased, name="nikPewaris"), _DEATH, ("nikPewaris",)
        ),
        "AHLI_WARIS_HIDUP": Check(
            check_heirs, f"status of every NIK; no {_DEATH}", ("nikAhliWaris",)
        ),
        "AHLI_WARIS_KELUARGA": Check(
            check_family,
            "parents and spouse in the civil registry",
            ("nikPewaris", "nikAhliWaris"),
        ),
        "IZIN_ATAU_NIB": Check(check_livelihood, "licences in force, businesses of OSS"),
        "KEMATIAN": Check(partial(check_deceased, name="nikAlmarhum"), _DEATH, ("nikAlmarhum",)),
        "IPTM_LAMA": Check(
            check_old_grave_permit,
            "grave permits of the licensing agency",
            ("nikAlmarhum", "jenisIptm"),
        ),
        "PBB": Check(check_land_tax, "parcel, taxpayer and paid taxes of the tax office", ("nop",)),
        "DTKS": Check(check_by_paper, _PAPER),
        "PUSKESMAS": Check(check_by_paper, _PAPER),
        "PENGADILAN": Check(check_by_paper, _PAPER),
        "KUA": Check(check_by_paper, _PAPER),
        "LETTER_C": Check(check_by_paper, _PAPER),
        "TPU": Check(
            check_grave_place, f"place of a new grave in the form; {_PAPER}", ("jenisIptm",)
        ),
    }
)
"""Code -> check."""
