"""NIK and family card numbers in every spelling that the sources were seen to use."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.kit.normalize.nik import is_nik, normalize_nik, normalize_no_kk
from adapters.kit.normalize.null import Unreadable

GOOD = "3171990101909001"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(3171990101909001, GOOD, id="JSON number"),
        pytest.param(GOOD, GOOD, id="text"),
        pytest.param(" 3171990101909001", GOOD, id="TO_CHAR's 17 characters"),
        pytest.param("3171 9901 0190 9001", GOOD, id="blanks"),
        pytest.param("31.71.99.010190.9001", GOOD, id="dots"),
        pytest.param("317199-010190-9001", GOOD, id="dashes"),
        pytest.param("'3171990101909001", GOOD, id="spreadsheet's text mark"),
        pytest.param(9171990101909001, "9171990101909001", id="Papua, beyond 2^53"),
        pytest.param(0, None, id="zero"),
        pytest.param("-", None, id="dash"),
        pytest.param(" ", None, id="blank"),
        pytest.param("0000000000000000", None, id="zeros"),
        pytest.param("null", None, id="null as text"),
        pytest.param(None, None, id="null"),
    ],
)
def test_spellings(raw: object, expected: str | None) -> None:
    """Each spelling gives 16 digits or nothing."""
    assert normalize_nik(raw) == expected
    assert normalize_no_kk(raw) == expected


@pytest.mark.parametrize("raw", [3171990101909001.0, True, "31719901", "317199010190900X", -1, 12])
def test_refused(raw: object) -> None:
    """A float, a truth value or another length is unreadable, and not repeated."""
    with pytest.raises(Unreadable) as refusal:
        normalize_nik(raw)
    assert str(raw) not in str(refusal.value)


@given(st.integers(10**15, 10**16 - 1))
def test_every_json_number_keeps_its_digits(number: int) -> None:
    """No number changes on its way from JSON to text."""
    assert normalize_nik(json.loads(str(number))) == str(number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, True),
        ("3171994101909001", True),
        ("3171990000909001", False),
        ("3171990113909001", False),
        ("9120001234567", False),
        ("A1234567", False),
        ("0123456789012345", False),
    ],
)
def test_is_nik(text: str, expected: bool) -> None:
    """Only what holds a date in the middle can be a NIK: other identities share the column."""
    assert is_nik(text) is expected
