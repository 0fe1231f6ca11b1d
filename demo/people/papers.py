"""What people left in the offices: letters, introductions and licences, as rows before dirt.

In: a clan with its fates. Out: `LetterDraft`s and `LicenceDraft`s that name their true owner and
the number that the paper bears. Numbering follows later, when a whole book can be sorted.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from demo.people.model import Address, Clan, Person
from demo.people.names import build_word
from demo.tables import is_working_day

__all__ = ["DEATH_LETTER", "FIRST_NIK_YEAR", "LetterDraft", "LicenceDraft", "Papers"]

DEATH_LETTER = "KEMATIAN"
"""The kind of a death letter: in the books, but none of the nine services."""

FIRST_NIK_YEAR = 2025
"""Books begun in this year and later have a NIK column."""

_FIRST_YEAR = 2023
_GRAVE_PERMIT = "IPTM"


@dataclass(slots=True)
class LetterDraft:
    """One letter to be entered in a book."""

    person: Person
    address: Address  # where the person lived when it was written
    day: date
    kind: str  # a service code, or KEMATIAN
    nik: int | None  # as written; None in the old books
    remark: str
    introduced: bool  # an RT/RW letter of introduction stands in the list


@dataclass(slots=True)
class LicenceDraft:
    """One licence to be entered at the licensing agency."""

    person: Person  # the true owner; for a grave permit the deceased
    identity: str  # as entered: NIK, NIB, NPWP or passport
    identity_kind: str  # NIK, NIB, NPWP or PASPOR
    owner_name: str
    applicant: Person
    address: Address
    kind: str
    applied: date
    issued: date
    expires: date | None


class Papers:
    """Writes a clan's papers."""

    def __init__(self, rng: Random, today: date) -> None:
        self._rng = rng
        self._today = today
        self._businesses = 0
        self._last = {
            year: min(date(year, 12, 28), today - timedelta(days=1))
            for year in range(_FIRST_YEAR, today.year + 1)
        }

    def letters(self, clan: Clan) -> list[LetterDraft]:
        """Write the letters of one clan: ordinary ones, those of deaths, and misuse."""
        drafts: list[LetterDraft] = []
        for person in clan.people:
            for year, chance in ((2023, 0.11), (2024, 0.13), (2025, 0.21), (2026, 0.15)):
                while self._rng.random() < chance:
                    self._ordinary(drafts, person, year)
            if person.died_on is not None:
                self._of_death(drafts, person)
            self._misuse(drafts, person)
        return drafts

    def licences(self, clan: Clan) -> list[LicenceDraft]:
        """Write the licences of one clan, and the grave permits of its dead."""
        drafts: list[LicenceDraft] = []
        for person in clan.people:
            if person.age_on(self._today) < 24:
                continue
            gone = person.status in ("MENINGGAL", "PINDAH")
            while self._rng.random() < 0.05:
                drafts.append(self._licence(clan, person, expiring=False))
            if gone and self._rng.random() < 0.09:
                drafts.append(self._licence(clan, person, expiring=True))
            self._grave_permit(drafts, clan, person)
        return drafts

    def _ordinary(self, drafts: list[LetterDraft], person: Person, year: int) -> None:
        last = self._last[year]
        day = date(year, 1, 2) + timedelta(
            days=int(self._rng.random() * (last - date(year, 1, 2)).days)
        )
        if person.age_on(day) < 17 or _is_gone(person, day):
            return
        self._write(drafts, person, day, self._kind(person, day))

    def _of_death(self, drafts: list[LetterDraft], person: Person) -> None:
        died = person.died_on
        # The dead whom the civil registry still calls active are named here or by a grave permit.
        chance = 0.6 if person.death_recorded else 0.55 if person.pid % 2 else 1.0
        if died is None or died.year < _FIRST_YEAR or self._rng.random() > chance:
            return
        remark = f"MENINGGAL {died:%d-%m-%Y}"
        day = died + timedelta(days=1 + int(self._rng.random() * 8))
        self._write(drafts, person, day, DEATH_LETTER, remark)

    def _misuse(self, drafts: list[LetterDraft], person: Person) -> None:
        since = person.died_on or person.frozen_on
        chance = 0.3 if person.frozen_on or not person.death_recorded else 0.12
        if since is None or self._rng.random() > chance:
            return
        start = max(since + timedelta(days=25), date(FIRST_NIK_YEAR, 1, 6))
        span = (self._today - start).days
        if span > 8:
            day = start + timedelta(days=int(self._rng.random() * (span - 7)))
            self._write(drafts, person, day, "SKTM" if self._rng.random() < 0.5 else "PM1-UMUM")

    def _write(
        self, drafts: list[LetterDraft], person: Person, day: date, kind: str, remark: str = ""
    ) -> None:
        while not is_working_day(day):
            day += timedelta(days=1)
        address = person.household.address_on(day)
        left = person.household.moved_out and address is person.household.address
        if left or day >= self._today:
            return
        nik = self._number(person, day) if day.year >= FIRST_NIK_YEAR else None
        introduced = self._rng.random() < 0.85
        drafts.append(LetterDraft(person, address, day, kind, nik, remark, introduced))

    def _number(self, person: Person, day: date) -> int:
        if person.second_nik is not None and self._rng.random() < 0.2:
            return person.second_nik
        return person.nik_on(day)

    def _kind(self, person: Person, day: date) -> str:
        chance = self._rng.random()
        married = person.married_on is not None and person.married_on <= day
        for kind, share in (
            ("SKTM", 0.34),
            ("PM1-UMUM", 0.66),
            ("SKU-NIB", 0.8),
            ("AHLI-WARIS", 0.87),
            ("RIWAYAT-TANAH", 0.9),
        ):
            if chance < share:
                return kind
        if person.marital in (3, 4):
            return "KAWIN-2"
        if married or person.age_on(day) < 19:
            return "PM1-UMUM"
        return "DISPENSASI-KAWIN" if chance > 0.99 else "KAWIN-1"

    def _licence(self, clan: Clan, person: Person, *, expiring: bool) -> LicenceDraft:
        rng = self._rng
        kind, years = _KINDS[int(rng.random() * len(_KINDS))]
        if expiring:
            years = years or 5
            expires: date | None = self._today + timedelta(days=int(rng.random() * 91))
            issued = _add_years(self._today, -years) + timedelta(days=int(rng.random() * 30))
        else:
            issued = self._today - timedelta(days=2 + int(rng.random() * 1900))
            expires = _add_years(issued, years) if years else None
        applied = issued - timedelta(days=1 + int(rng.random() * 20))
        identity, identity_kind, name = self._owner(person, issued, expiring=expiring)
        applicant = person if rng.random() < 0.7 else self._relative(clan, person)
        address = person.household.address_on(issued)
        if person.household.moved_out and person.household.origin is not None:
            address = person.household.origin
        return LicenceDraft(
            person,
            identity,
            identity_kind,
            name,
            applicant,
            address,
            kind,
            applied,
            issued,
            expires,
        )

    def _owner(self, person: Person, issued: date, *, expiring: bool) -> tuple[str, str, str]:
        chance = 0.0 if expiring else self._rng.random()
        if chance < 0.8:
            return f"{self._number(person, issued):016d}", "NIK", person.name
        self._businesses += 1
        serial = self._businesses
        if chance < 0.92:
            word = build_word(self._rng).upper()
            return f"9000{serial:09d}", "NIB", f"CV {word} {build_word(self._rng).upper()}"
        if chance < 0.96:
            return f"00.{serial // 1000:03d}.{serial % 1000:03d}.9-000.000", "NPWP", person.name
        return f"X{serial:07d}", "PASPOR", person.name

    def _grave_permit(self, drafts: list[LicenceDraft], clan: Clan, person: Person) -> None:
        died = person.died_on
        if died is None:
            return
        sure = not person.death_recorded and person.pid % 2 == 1
        if not sure and self._rng.random() > 0.4:
            return
        issued = died + timedelta(days=3 + int(self._rng.random() * 12))
        while not is_working_day(issued):
            issued += timedelta(days=1)
        heir = self._relative(clan, person)
        drafts.append(
            LicenceDraft(
                person,
                f"{person.nik_on(issued):016d}",
                "NIK",
                person.name,
                heir,
                person.household.address_on(issued),
                _GRAVE_PERMIT,
                issued - timedelta(days=2),
                issued,
                _add_years(issued, 3),
            )
        )

    def _relative(self, clan: Clan, person: Person) -> Person:
        adults = [
            other
            for other in clan.people
            if other is not person and other.died_on is None and other.age_on(self._today) > 20
        ]
        return adults[int(self._rng.random() * len(adults))] if adults else person


_KINDS = (
    ("SIUP-MK", 5),
    ("IUMK", 0),
    ("IZIN-PRAKTIK", 5),
    ("TDUP", 5),
    ("IZIN-REKLAME", 1),
    ("IZIN-APOTEK", 5),
)
"""Permit kinds and their validity in years; 0 means without end."""


def _is_gone(person: Person, day: date) -> bool:
    """Tell whether an honest letter can no longer be written on a day."""
    ends = (person.died_on, person.frozen_on)
    return any(end is not None and day >= end for end in ends)


def _add_years(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))
