"""Identity numbers are synthetic, well-formed and never issued twice."""

from datetime import date, timedelta

import pytest

from demo.people.numbers import Numbers, nik_text


def test_layout_is_area_birth_date_and_serial() -> None:
    """A man's number holds area and birth date as they are."""
    text = nik_text(Numbers().issue(317102, date(1965, 4, 15)))
    assert text[:12] == "317102150465"
    assert 9000 <= int(text[12:]) <= 9999


def test_women_have_forty_added_to_the_day() -> None:
    """A woman's day of birth is raised by 40."""
    text = nik_text(Numbers().issue(317102, date(1965, 4, 15), female=True))
    assert text[6:12] == "550465"


def test_a_thousand_numbers_of_one_day_differ() -> None:
    """One area and day yields each of the 1,000 serials once."""
    numbers = Numbers()
    issued = {numbers.issue(917101, date(1990, 1, 31)) for _ in range(1000)}
    assert len(issued) == 1000
    assert {number % 10_000 for number in issued} == set(range(9000, 10_000))


def test_no_number_is_issued_when_the_serials_are_used() -> None:
    """The 1,001st number of a day is refused, not repeated."""
    numbers = Numbers()
    for _ in range(1000):
        numbers.issue(317102, date(1990, 1, 31))
    with pytest.raises(ValueError, match='area "317102"'):
        numbers.issue(317102, date(1990, 1, 31))


def test_centuries_share_a_slot_without_collision() -> None:
    """Two people born a century apart have different numbers."""
    numbers = Numbers()
    old, young = (numbers.issue(317102, date(year, 2, 3)) for year in (1925, 2025))
    assert old != young


def test_neighbouring_days_do_not_collide() -> None:
    """Many days, both sexes: all numbers differ."""
    numbers = Numbers()
    start = date(1950, 1, 1)
    issued = [
        numbers.issue(317102, start + timedelta(days=day), female=female)
        for day in range(2_000)
        for female in (False, True, False)
    ]
    assert len(set(issued)) == len(issued)
