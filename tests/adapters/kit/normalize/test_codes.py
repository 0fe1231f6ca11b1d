"""Closed lists in many spellings."""

from collections.abc import Callable

import pytest

from adapters.kit.normalize.codes import (
    normalize_family_role,
    normalize_marital_status,
    normalize_nik_status,
    normalize_religion,
    normalize_sex,
)
from adapters.kit.normalize.null import Unreadable

Rule = Callable[[object], str | None]


@pytest.mark.parametrize(
    ("rule", "raws", "expected"),
    [
        (
            normalize_sex,
            ["1", 1, 1.0, "L", "Laki-laki", "LAKI-LAKI", "LK"],
            "LAKI_LAKI",
        ),
        (normalize_sex, ["2", 2, "P", "Perempuan", "PEREMPUAN", "PR", "wanita"], "PEREMPUAN"),
        (normalize_marital_status, ["1", "BELUM KAWIN", "Belum Kawin "], "BELUM_KAWIN"),
        (normalize_marital_status, ["2", "KAWIN", "Kawin", "KAWIN BELUM TERCATAT"], "KAWIN"),
        (normalize_marital_status, ["3", "CERAI HIDUP"], "CERAI_HIDUP"),
        (normalize_marital_status, ["4", "Cerai Mati"], "CERAI_MATI"),
        (
            normalize_family_role,
            ["1", "01", "KEPALA KELUARGA"],
            "KEPALA_KELUARGA",
        ),
        (normalize_family_role, ["ISTRI", "Isteri", 3], "ISTRI"),
        (normalize_family_role, ["ORANGTUA", "Orang Tua"], "ORANG_TUA"),
        (normalize_family_role, ["10", "PEMBANTU"], "PEMBANTU"),
        (normalize_religion, ["KATHOLIK", "Katolik", "3"], "KATOLIK"),
        (normalize_religion, ["KEPERCAYAAN TERHADAP TUHAN YME"], "KEPERCAYAAN"),
        (normalize_nik_status, ["AKTIF", "Aktif "], "AKTIF"),
        (normalize_nik_status, ["DIBEKUKAN", "Dibekukan"], "DIBEKUKAN"),
        (normalize_nik_status, ["GANDA"], "GANDA"),
        (normalize_sex, ["-", " ", "0", None, "null"], None),
    ],
)
def test_spellings(rule: Rule, raws: list[object], expected: str | None) -> None:
    """Every spelling of a thing gives the one value."""
    assert {rule(raw) for raw in raws} == {expected}


@pytest.mark.parametrize("rule", [normalize_sex, normalize_marital_status, normalize_religion])
def test_refused(rule: Rule) -> None:
    """An unknown word is unreadable and never the likeliest value."""
    with pytest.raises(Unreadable):
        rule("XYZ")
