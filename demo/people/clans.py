"""Families: couples, their children, and the households of children who married.

In: a random source, places, numbers, how many people are still wanted. Out: one `Clan` after
another, whole in itself (parents, spouses and children are inside it), so that a world of any size
is made with the memory of one clan. A spouse who marries in has no parents in the world.
"""

from datetime import date, timedelta
from random import Random

from demo.people.model import Clan, Household, Person
from demo.people.names import build_name, build_word
from demo.people.numbers import Numbers
from demo.people.places import Places

__all__ = ["ClanBuilder"]

_HEAD, _WIFE, _CHILD = 1, 3, 4
_UNMARRIED, _MARRIED, _DIVORCED, _WIDOWED = 1, 2, 3, 4

_RELIGIONS = (1,) * 83 + (2,) * 8 + (3,) * 4 + (5,) * 3 + (4, 6)
_BLOOD = ("A", "B", "AB", "O", "TIDAK TAHU", "-", "-", "-")
_SCHOOLS = (
    "TIDAK/BELUM SEKOLAH",
    "TAMAT SD/SEDERAJAT",
    "SLTP/SEDERAJAT",
    "SLTA/SEDERAJAT",
    "DIPLOMA IV/STRATA I",
)
_JOBS = (
    *("KARYAWAN SWASTA", "WIRASWASTA", "BURUH HARIAN LEPAS", "PEDAGANG", "GURU"),
    *("MENGURUS RUMAH TANGGA", "PEGAWAI NEGERI SIPIL", "SOPIR"),
)
# Where a NIK was first issued: mostly here, then elsewhere in Jakarta, in the unassigned area,
# on Java, and in Papua, whose numbers exceed 2**53.
_ELSEWHERE = (317101, 317103, 317104, 317106, 317201, 317305, 317402, 317510, 317199, 331106)
_FAR = (320112, 357801, 917101, 917102)
_BIRTH_PLACES = ("JAKARTA", "BOGOR", "SURAKARTA", "SURABAYA", "JAYAPURA", "PADANG", "TEGAL")


class ClanBuilder:
    """Builds clans; the caller gives how many people it may hold at most."""

    def __init__(self, rng: Random, places: Places, numbers: Numbers, today: date) -> None:
        self._rng = rng
        self._places = places
        self._numbers = numbers
        self._today = today
        self._next_pid = 1

    def build(self, limit: int) -> Clan:
        """Build one clan of at most `limit` people."""
        clan = Clan()
        if limit < 2 or self._rng.random() < 0.08:
            self._add_single(clan)
            return clan
        family = build_word(self._rng)
        husband, wife = self._add_couple(clan, family, 46 + int(self._rng.triangular(0, 42, 8)))
        children = self._add_children(clan, husband, wife, limit, family)
        for child in children:
            grown = child.age_on(self._today) >= 23
            if grown and len(clan.people) < limit and self._rng.random() < 0.6:
                self._marry_off(clan, child, limit, family)
        if self._rng.random() < 0.05:
            self._divorce(clan, husband, wife)
        return clan

    def _add_single(self, clan: Clan) -> None:
        household = self._add_household(clan, None)
        female = self._rng.random() < 0.5
        born = self._birthday(19 + int(self._rng.random() * 50))
        self._add_person(clan, household, _HEAD, born, female=female, family="")

    def _add_couple(self, clan: Clan, family: str, age: int) -> tuple[Person, Person]:
        household = self._add_household(clan, None)
        husband = self._add_person(
            clan, household, _HEAD, self._birthday(age), female=False, family=family
        )
        born = self._birthday(max(19, age - 6 + int(self._rng.random() * 8)))
        wife = self._add_person(clan, household, _WIFE, born, female=True, family="")
        self._marry(husband, wife)
        return husband, wife

    def _add_children(
        self, clan: Clan, husband: Person, wife: Person, limit: int, family: str
    ) -> list[Person]:
        married_on = husband.married_on or self._today
        born = married_on + timedelta(days=280 + int(self._rng.random() * 900))
        children: list[Person] = []
        wanted = int(self._rng.triangular(0, 5, 2.4))
        while (
            len(children) < wanted
            and len(clan.people) < limit
            and born < self._today
            and born.year - wife.born.year < 43
        ):
            child = self._add_person(
                clan,
                husband.household,
                _CHILD,
                born,
                female=self._rng.random() < 0.49,
                family=family,
            )
            child.father, child.mother, child.religion = husband, wife, husband.religion
            children.append(child)
            born += timedelta(days=400 + int(self._rng.random() * 1500))
        return children

    def _marry_off(self, clan: Clan, child: Person, limit: int, family: str) -> None:
        household = self._add_household(clan, child)
        age = child.age_on(self._today) + (3 if child.female else -2)
        born = self._birthday(max(19, age))
        spouse = self._add_person(
            clan,
            household,
            _HEAD if child.female else _WIFE,
            born,
            female=not child.female,
            family=family if child.female else "",
        )
        child.household = household
        child.relation = _WIFE if child.female else _HEAD
        husband, wife = (spouse, child) if child.female else (child, spouse)
        self._marry(husband, wife)
        self._add_children(clan, husband, wife, limit, family)

    def _marry(self, husband: Person, wife: Person) -> None:
        youngest = max(husband.born, wife.born)
        age = 19 + int(self._rng.random() * 7)
        day = youngest + timedelta(days=age * 365 + int(self._rng.random() * 300))
        day = min(day, self._today - timedelta(days=30))
        for one, other in ((husband, wife), (wife, husband)):
            one.spouse, one.married_on, one.marital = other, day, _MARRIED
        wife.religion = husband.religion

    def _divorce(self, clan: Clan, husband: Person, wife: Person) -> None:
        if husband.married_on is None:
            return
        span = (self._today - husband.married_on).days
        day = husband.married_on + timedelta(days=1 + int(self._rng.random() * (span - 1)))
        for person in (husband, wife):
            person.spouse, person.divorced_on, person.marital = None, day, _DIVORCED
        wife.relation = _HEAD
        husband.household = self._add_household(clan, husband)

    def _add_household(self, clan: Clan, near: Person | None) -> Household:
        area = near.household.address.area if near else None
        address = self._places.settle(self._rng, area)
        issued = self._today - timedelta(days=int(self._rng.random() * 6000))
        kecamatan = int(address.area.induk.replace(".", ""))
        household = Household(self._numbers.issue(kecamatan, issued), address)
        clan.households.append(household)
        return household

    def _add_person(
        self,
        clan: Clan,
        household: Household,
        relation: int,
        born: date,
        *,
        female: bool,
        family: str,
    ) -> Person:
        rng = self._rng
        prefix, place = self._origin(household)
        person = Person(
            pid=self._next_pid,
            nik=self._numbers.issue(prefix, born, female=female),
            name=build_name(rng, family).upper(),
            female=female,
            born=born,
            birth_place=place,
            household=household,
            relation=relation,
            religion=_RELIGIONS[int(rng.random() * 98)],
            blood=_BLOOD[int(rng.random() * 8)],
        )
        self._next_pid += 1
        self._give_work(person)
        clan.people.append(person)
        return person

    def _origin(self, household: Household) -> tuple[int, str]:
        draw = self._rng.random
        chance = draw()
        if chance < 0.75:
            return int(household.address.area.induk.replace(".", "")), "JAKARTA"
        if chance < 0.94:
            return _ELSEWHERE[int(draw() * len(_ELSEWHERE))], "JAKARTA"
        return _FAR[int(draw() * len(_FAR))], _BIRTH_PLACES[int(draw() * len(_BIRTH_PLACES))]

    def _give_work(self, person: Person) -> None:
        draw = self._rng.random
        age = person.age_on(self._today)
        if age < 7:
            person.education, person.job = _SCHOOLS[0], "BELUM/TIDAK BEKERJA"
        elif age < 18:
            person.education, person.job = _SCHOOLS[1 + int(draw() * 2)], "PELAJAR/MAHASISWA"
        else:
            person.education = _SCHOOLS[1 + int(draw() * 4)]
            person.job = _JOBS[int(draw() * len(_JOBS))]

    def _birthday(self, age: int) -> date:
        days = age * 365.25 + self._rng.random() * 364
        return self._today - timedelta(days=int(days))
