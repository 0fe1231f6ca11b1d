"""RT and RW."""

import pytest

from adapters.kit.normalize.null import Unreadable
from adapters.kit.normalize.rt_rw import normalize_rt, split_rt_rw


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1", "001"),
        ("001", "001"),
        (5, "005"),
        (5.0, "005"),
        ("RT 012", "012"),
        ("RW.3", "003"),
        ("0", None),
        ("000", None),
        ("-", None),
        (None, None),
    ],
)
def test_one_number(raw: object, expected: str | None) -> None:
    """Three digits or nothing."""
    assert normalize_rt(raw) == expected


@pytest.mark.parametrize(
    "raw",
    ["001/005", "1/5", "RT.001/RW.005", "RT 001 RW 005", "RT01/RW05", "001 / 005", "rt 1, rw 5"],
)
def test_both_in_one_column(raw: str) -> None:
    """RT stands before RW in every spelling."""
    assert split_rt_rw(raw) == ("001", "005")


@pytest.mark.parametrize(("raw", "expected"), [("7", ("007", None)), ("-", (None, None))])
def test_half_or_nothing(raw: str, expected: tuple[str | None, str | None]) -> None:
    """A single number is the RT."""
    assert split_rt_rw(raw) == expected


@pytest.mark.parametrize("raw", ["abc", "1234", "1/2/3", "1a"])
def test_refused(raw: str) -> None:
    """Anything else is unreadable."""
    with pytest.raises(Unreadable):
        split_rt_rw(raw)
