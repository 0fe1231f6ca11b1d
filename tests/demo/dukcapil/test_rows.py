"""The civil registry's records show every quirk and lose nothing."""

import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from demo.dukcapil.credentials import ALL_KEYS, CREDENTIALS
from demo.dukcapil.rows import render_biodata, render_status


@pytest.fixture(scope="module")
def records(world: Path) -> list[dict[str, object]]:
    """Two thousand records as the wire has them."""
    rows = sqlite3.connect(world / "people.sqlite")
    rows.row_factory = sqlite3.Row
    return [
        render_biodata(row, ALL_KEYS) for row in rows.execute("SELECT * FROM biodata LIMIT 2000")
    ]


def test_a_full_record_has_the_33_keys_in_order(records: list[dict[str, object]]) -> None:
    """Every record carries the 33 keys, in the registry's order."""
    assert len(ALL_KEYS) == 33
    assert all(tuple(record) == ALL_KEYS for record in records)


def test_grants_have_33_24_and_16_keys() -> None:
    """The three credentials see 33, 24 and 16 keys."""
    assert [len(credential.keys) for credential in CREDENTIALS.values()] == [33, 24, 16]
    assert all(set(credential.keys) <= set(ALL_KEYS) for credential in CREDENTIALS.values())


def test_numbers_are_numbers(records: list[dict[str, object]]) -> None:
    """NIK and KK number are JSON numbers in every record."""
    assert all(isinstance(record["NIK"], int) for record in records)
    assert all(isinstance(record["NO_KK"], int) for record in records)


@pytest.mark.parametrize(
    ("key", "least"),
    [("JENIS_KLMIN", 10), ("STATUS_KAWIN", 9), ("DUSUN", 4), ("KAB_NAME", 3), ("KEC_NAME", 2)],
)
def test_spellings_are_spread(records: list[dict[str, object]], key: str, least: int) -> None:
    """A column shows at least so many spellings."""
    assert len({record[key] for record in records}) >= least


def test_dates_come_in_three_forms_and_four_nulls(records: list[dict[str, object]]) -> None:
    """Date columns are dd-mm-yyyy, yyyy-mm-dd or dd/mm/yyyy; nulls are of four kinds."""
    forms = Counter(
        "".join("9" if letter.isdecimal() else letter for letter in str(record["TGL_LHR"]))
        for record in records
    )
    assert set(forms) == {"99-99-9999", "9999-99-99", "99/99/9999"}
    assert min(forms.values()) > 400
    nulls = {record["TGL_CRAI"] for record in records}
    assert {"-", " ", "00-00-0000", "null"} <= nulls


def test_missing_parents_are_null_in_three_ways(records: list[dict[str, object]]) -> None:
    """A parent who is not on record is 0, "-" or a blank."""
    assert {0, "-", " "} <= {record["NIK_AYAH"] for record in records}


def test_a_person_is_always_written_the_same_way(records: list[dict[str, object]]) -> None:
    """Status rows too are spelled by the number alone."""
    first, again = (
        [render_status(record["NIK"], "AKTIF", None, None, None) for record in records[:50]]
        for _ in range(2)
    )
    assert first == again
    assert {str(row["STATUS_NIK"]) for row in first} == {"AKTIF", "Aktif", "AKTIF "}
