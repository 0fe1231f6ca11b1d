"""Area codes and the trap between BPS and Kemendagri."""

import pytest

from adapters.kit.normalize.area_code import (
    BPS_CITIES,
    kemendagri_from_bps,
    kemendagri_from_numbers,
    normalize_area_code,
)
from adapters.kit.normalize.null import Unreadable


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ((31, 71, 2, 1001), "31.71.02.1001"),
        (("31", "71", "02", "1001"), "31.71.02.1001"),
        ((31, 1, 1, 1001), "31.01.01.1001"),
        ((31, 71), "31.71"),
        ((0, 0, 0, 0), None),
    ],
)
def test_four_numbers(numbers: tuple[object, ...], code: str | None) -> None:
    """Unpadded numbers are padded and joined."""
    assert kemendagri_from_numbers(*numbers) == code


@pytest.mark.parametrize("numbers", [(31, "x", 1, 1), (31, 71, 0, 1001), (3100, 1)])
def test_numbers_refused(numbers: tuple[object, ...]) -> None:
    """A missing or impossible number is unreadable."""
    with pytest.raises(Unreadable):
        kemendagri_from_numbers(*numbers)


@pytest.mark.parametrize(
    ("bps", "kemendagri"),
    [
        ("3171", "31.74"),
        ("3172", "31.75"),
        ("3173", "31.71"),
        ("3174", "31.73"),
        ("3175", "31.72"),
        (3101, "31.01"),
        ("-", None),
    ],
)
def test_bps_cities(bps: object, kemendagri: str | None) -> None:
    """The same five numbers mean other cities."""
    assert kemendagri_from_bps(bps) == kemendagri


def test_bps_permutes_and_loses_no_city() -> None:
    """Six codes become six codes, none twice."""
    assert len(set(BPS_CITIES.values())) == len(BPS_CITIES) == 6


@pytest.mark.parametrize("raw", ["3171021001", "31.71.02.1001", " 31.71.02.1001 "])
def test_code_spellings(raw: str) -> None:
    """A code gets its dots."""
    assert normalize_area_code(raw) == "31.71.02.1001"


def test_bad_codes() -> None:
    """Other lengths are unreadable, and so is BPS below the city."""
    with pytest.raises(Unreadable):
        normalize_area_code("317102") and normalize_area_code("31710")
    with pytest.raises(Unreadable):
        kemendagri_from_bps("3173020001")
