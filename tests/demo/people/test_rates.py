"""Dirt is planted at the rates that the domain states."""

import sqlite3
from pathlib import Path
from random import Random

import pytest

from demo.people.rates import RATES, Rate

PEOPLE = {
    "dead_but_active": "mati_tercatat = 0",
    "frozen": "status = 'DIBEKUKAN'",
    "second_nik": "nik_ganda IS NOT NULL",
    "moved": "pindah_sejak IS NOT NULL",
    "nik_changed": "nik_lama IS NOT NULL",
    "recorded_dead": "mati_tercatat = 1",
}
LETTERS = sorted(RATES.keys() - PEOPLE.keys())


@pytest.fixture(scope="module")
def rows(world: Path) -> sqlite3.Connection:
    """The truth as a database."""
    return sqlite3.connect(world / "truth.sqlite")


@pytest.mark.parametrize("name", PEOPLE)
def test_rate_among_people(rows: sqlite3.Connection, name: str) -> None:
    """A fate befalls its share of the residents, within a tenth of it."""
    hit = rows.execute(f"SELECT count(*) FROM person WHERE {PEOPLE[name]}").fetchone()[0]
    assert hit / 20_000 == pytest.approx(RATES[name], rel=0.1)


@pytest.mark.parametrize("name", LETTERS)
def test_rate_among_letters(rows: sqlite3.Connection, name: str) -> None:
    """A fault is planted in its share of the register rows, within an eighth of it."""
    total = rows.execute("SELECT count(*) FROM letter").fetchone()[0]
    hit = rows.execute(
        "SELECT count(*) FROM letter WHERE ',' || cacat || ',' LIKE ?", (f"%,{name},%",)
    ).fetchone()[0]
    # A row has one fault of the name, so "order" gives way now and then.
    assert hit / total == pytest.approx(RATES[name], rel=0.125)


def test_three_addresses_hold_13_to_15_cards(rows: sqlite3.Connection) -> None:
    """Exactly three addresses are crowded."""
    crowded = rows.execute(
        "SELECT count(DISTINCT no_kk) FROM person "
        "GROUP BY kelurahan, ifnull(alamat_asal, alamat), rt, rw HAVING count(DISTINCT no_kk) > 9"
    ).fetchall()
    assert len(crowded) == 3
    assert all(10 <= count <= 15 for (count,) in crowded)


def test_a_rate_owed_by_the_ineligible_is_paid_by_the_eligible() -> None:
    """The share holds over all cases although only every tenth may be planted."""
    rate, rng = Rate(0.05), Random(3)
    hits = sum(rate.hit(rng, eligible=number % 10 == 0) for number in range(20_000))
    assert hits == pytest.approx(1_000, rel=0.02)


def test_a_rate_never_plants_where_it_may_not() -> None:
    """An ineligible case is never hit."""
    rate, rng = Rate(0.9), Random(3)
    assert not any(rate.hit(rng, eligible=False) for _ in range(500))
