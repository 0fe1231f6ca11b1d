"""Dates in the forms that the sources were seen to use."""

from datetime import date, datetime

import pytest

from adapters.kit.normalize.date import normalize_date
from adapters.kit.normalize.null import Unreadable


@pytest.mark.parametrize(
    "raw",
    [
        "09-03-1990",
        "1990-03-09",
        "09/03/1990",
        "9/3/1990",
        "1990/03/09",
        "09.03.1990",
        "9 Maret 1990",
        "09-MAR-1990",
        "1990-03-09 00:00:00",
        "1990-03-09T00:00:00+07:00",
        " 09-03-1990 ",
        date(1990, 3, 9),
        datetime(1990, 3, 9, 8),
    ],
)
def test_forms(raw: object) -> None:
    """Every form names the same day, day before month."""
    assert normalize_date(raw) == date(1990, 3, 9)


@pytest.mark.parametrize("raw", ["00-00-0000", "0000-00-00", "-", " ", None, "null", 0])
def test_nothing(raw: object) -> None:
    """Zeros and dashes are no date."""
    assert normalize_date(raw) is None


@pytest.mark.parametrize("raw", ["31-02-1990", "03/31/1990", "kemarin", "1990", 19900309])
def test_refused(raw: object) -> None:
    """A day that does not exist is unreadable, never another day."""
    with pytest.raises(Unreadable):
        normalize_date(raw)
