"""What befalls people: deaths, moves, freezes, corrected and duplicate numbers.

In: one clan. Out: the same clan with fates written into it, at the rates of `rates.py`. One person
bears at most one of them, so that every planted case can be told apart.
"""

from datetime import date, timedelta
from random import Random

from demo.people.model import Clan, Household, Person
from demo.people.numbers import Numbers
from demo.people.places import Places
from demo.people.rates import RATES, Rate

__all__ = ["Fates"]

_HEAD, _WIFE = 1, 3
_MARRIED, _WIDOWED = 2, 4


class Fates:
    """Plants fates; keeps one meter per kind."""

    def __init__(self, rng: Random, places: Places, numbers: Numbers, today: date) -> None:
        self._rng = rng
        self._places = places
        self._numbers = numbers
        self._today = today
        self._rates = {name: Rate(share) for name, share in RATES.items()}

    def plant(self, clan: Clan) -> None:
        """Decide who moved, died, was frozen, renumbered or doubled."""
        members: dict[int, list[Person]] = {}
        for person in clan.people:
            members.setdefault(person.household.no_kk, []).append(person)
        for household in clan.households:
            people = members.get(household.no_kk, [])
            if people and self._rates["moved"].hit(self._rng, weight=len(people)):
                self._move(household)
        for person in clan.people:
            self._befall(person, self._today)

    def _befall(self, person: Person, today: date) -> None:
        rng, rates = self._rng, self._rates
        age = person.age_on(today)
        calm = person.household.moved_on is None
        old = calm and age > 40 and rng.random() * 90 < age
        adult = calm and age > 17
        fates = (
            ("recorded_dead", old, self._die),
            ("dead_but_active", old, self._die_unrecorded),
            ("frozen", adult, self._freeze),
            ("nik_changed", calm and age > 5, self._renumber),
            ("second_nik", adult, self._double),
        )
        for name, eligible, befall in fates:
            if rates[name].hit(rng, eligible=calm and eligible):
                befall(person)
                calm = False

    def _move(self, household: Household) -> None:
        household.origin = household.address
        household.moved_on = self._days_ago(5, 360)
        household.moved_out = self._rng.random() < 0.5
        if household.moved_out:
            household.address = self._places.move_away(self._rng)
        else:
            household.address = self._places.move_within(self._rng, household.address)

    def _die(self, person: Person) -> None:
        person.died_on = self._days_ago(20, 6 * 365)
        self._widow(person)

    def _die_unrecorded(self, person: Person) -> None:
        person.died_on = self._days_ago(60, 500)
        person.death_recorded = False

    def _widow(self, person: Person) -> None:
        spouse = person.spouse
        if spouse is None or spouse.died_on is not None:
            return
        spouse.marital = _WIDOWED
        # The new card names a new head; half of the families never asked for one, and where both
        # stand, a card has two heads.
        if person.relation == _HEAD and self._rng.random() < 0.5:
            spouse.relation = _HEAD

    def _freeze(self, person: Person) -> None:
        person.frozen_on = self._days_ago(30, 700)

    def _renumber(self, person: Person) -> None:
        wrong = person.born + timedelta(days=-1 - int(self._rng.random() * 25))
        area = person.nik // 10**10
        person.old_nik = self._numbers.issue(area, wrong, female=person.female)
        person.nik_changed_on = self._days_ago(10, 900)

    def _double(self, person: Person) -> None:
        area = person.nik // 10**10
        person.second_nik = self._numbers.issue(area, person.born, female=person.female)
        person.second_kk = self._numbers.issue(area, self._days_ago(4000, 6000))

    def _days_ago(self, least: int, most: int) -> date:
        return self._today - timedelta(days=least + int(self._rng.random() * (most - least)))
