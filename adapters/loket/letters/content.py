"""What one letter says, before it is a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

__all__ = ["LetterContent", "Office", "Person", "Signer", "spell_day"]

_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


@dataclass(frozen=True, slots=True)
class Office:
    """The issuing office, by the official names of its areas."""

    city: str
    district: str  # kecamatan
    village: str  # kelurahan
    address: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of whom the letter speaks; ``rows`` are label and text, in the order of print."""

    name: str
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Signer:
    """One who signs: ``title`` as printed, such as ``Lurah Pasar Baru``.

    Whose signature is still to come may be known by the title alone.
    """

    title: str
    name: str = ""
    nip: str = ""


@dataclass(frozen=True, slots=True)
class LetterContent:
    """One letter, whole. Two equal contents make the same file, byte by byte."""

    service: str  # code of the service, such as SKTM
    number: str
    day: date
    office: Office
    applicant: Person
    signers: tuple[Signer, ...]  # in the order of signing
    verify_url: str  # what the QR holds: public, with the code and nothing personal
    others: tuple[Person, ...] = ()  # the spouse to be, the heirs, the deceased
    facts: Mapping[str, str] = field(default_factory=dict)  # what ``kinds`` asks of this letter
    text: str = ""  # the draft, as the signers read it; printed below what the template says
    is_of_ptsp: bool = False  # the one-stop service issues it: under its letterhead


def spell_day(day: date) -> str:
    """Write a day as letters do."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
