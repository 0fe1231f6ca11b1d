"""Who exists: people, households and places of one synthetic world.

These are the generator's working values, held for one clan at a time and then written; they are
mutable because relations are tied after birth (a spouse, a death, a move).
"""

from dataclasses import dataclass, field
from datetime import date

from demo.tables import Area

__all__ = ["Address", "Clan", "Household", "Person"]


@dataclass(frozen=True, slots=True)
class Address:
    """A place to live: invented street in a real area."""

    area: Area  # a kelurahan
    street: str  # "JL. ZHALZUQ NO. 12"
    rt: int
    rw: int


@dataclass(slots=True)
class Household:
    """One family card."""

    no_kk: int
    address: Address  # where it is registered now
    origin: Address | None = None  # where it lived before a move within the last year
    moved_on: date | None = None
    moved_out: bool = False  # left the generated area: its members' status is PINDAH

    def address_on(self, day: date) -> Address:
        """Tell where the household lived on a day."""
        if self.origin is not None and self.moved_on is not None and day < self.moved_on:
            return self.origin
        return self.address


@dataclass(slots=True)
class Person:
    """One resident with everything that is true about them."""

    pid: int  # 1, 2, 3 …: the truth's own key, never on any wire
    nik: int  # the valid number today
    name: str
    female: bool
    born: date
    birth_place: str
    household: Household
    relation: int  # STAT_HBKEL code
    religion: int  # AGAMA code
    marital: int = 1  # STAT_KWN code
    father: "Person | None" = None
    mother: "Person | None" = None
    spouse: "Person | None" = None
    married_on: date | None = None
    divorced_on: date | None = None
    died_on: date | None = None
    death_recorded: bool = True  # False: dead, but active in the civil registry
    frozen_on: date | None = None
    old_nik: int | None = None  # borne until `nik_changed_on`
    nik_changed_on: date | None = None
    second_nik: int | None = None  # a duplicate record under another number
    second_kk: int | None = None
    blood: str = "-"
    education: str = ""
    job: str = ""

    def age_on(self, day: date) -> int:
        """Count full years of life on a day."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def nik_on(self, day: date) -> int:
        """Tell which number the person's papers bore on a day."""
        if self.old_nik is not None and self.nik_changed_on is not None:
            return self.old_nik if day < self.nik_changed_on else self.nik
        return self.nik

    @property
    def status(self) -> str:
        """The NIK status that the civil registry holds."""
        if self.died_on is not None and self.death_recorded:
            return "MENINGGAL"
        if self.frozen_on is not None:
            return "DIBEKUKAN"
        return "PINDAH" if self.household.moved_out else "AKTIF"

    @property
    def status_since(self) -> date | None:
        """The day on which that status began; None for AKTIF."""
        if self.died_on is not None and self.death_recorded:
            return self.died_on
        if self.frozen_on is not None:
            return self.frozen_on
        return self.household.moved_on if self.household.moved_out else None


@dataclass(slots=True)
class Clan:
    """People related to each other; nobody is related to someone outside."""

    people: list[Person] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
