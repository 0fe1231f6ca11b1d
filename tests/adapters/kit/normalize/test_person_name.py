"""Names of persons: titles, marks and likeness."""

import pytest

from adapters.kit.normalize.person_name import name_key, name_likeness


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Wiratna Solehudin", "WIRATNA SOLEHUDIN"),
        ("H. Wiratna Solehudin", "WIRATNA SOLEHUDIN"),
        ("Hj. Dra. WIRATNA  SOLEHUDIN", "WIRATNA SOLEHUDIN"),
        ("Drs. Wiratna Solehudin, S.H.", "WIRATNA SOLEHUDIN"),
        ("WIRATNA SOLEHUDIN SE", "WIRATNA SOLEHUDIN"),
        ("Wiratna Solehudin, S.Kom., M.M.", "WIRATNA SOLEHUDIN"),
        ("Wiratna Sole'hudin", "WIRATNA SOLEHUDIN"),
        ("Wiratna Sole’hudin", "WIRATNA SOLEHUDIN"),
        ("Wíratna Solehudin", "WIRATNA SOLEHUDIN"),
        ("M. Wiratna", "M WIRATNA"),
        ("H", "H"),
        ("-", ""),
        (None, ""),
    ],
)
def test_key(raw: object, expected: str) -> None:
    """Titles and marks go, the name stays, and a name that is only a title stays too."""
    assert name_key(raw) == expected


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        pytest.param("Wiratna Solehudin", "H. WIRATNA SOLEHUDIN, S.H.", 1.0, 1.0, id="titles"),
        pytest.param("Wiratna Solehudin", "Wiratna Solehuddin", 0.95, 0.999, id="spelling"),
        pytest.param("Wiratna Solehudin", "Solehudin Wiratna", 0.97, 0.99, id="order"),
        pytest.param("Wiratna Solehudin", "Kertasana Pringgo", 0.0, 0.5, id="another"),
        pytest.param("Wiratna Solehudin", "-", 0.0, 0.0, id="nothing"),
    ],
)
def test_likeness(one: str, other: str, low: float, high: float) -> None:
    """Likeness forgives what the registers get wrong and tells others apart."""
    assert low <= name_likeness(one, other) <= high
    assert name_likeness(one, other) == pytest.approx(name_likeness(other, one), abs=0.1)
