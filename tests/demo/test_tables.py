"""The public tables are the whole of Jakarta."""

from collections import Counter
from datetime import date

import pytest

from demo.tables import find_area, is_working_day, load_areas, load_codes, load_kelurahan


def test_areas_are_complete() -> None:
    """318 areas: province, six cities or regency, 44 kecamatan, 267 kelurahan, all with parents."""
    levels = Counter(area.tingkat for area in load_areas().values())
    assert levels == {"PROVINSI": 1, "KOTA_KABUPATEN": 6, "KECAMATAN": 44, "KELURAHAN": 267}
    assert all(area.induk in load_areas() for area in load_areas().values() if area.induk)


def test_sawah_besar_has_five_kelurahan() -> None:
    """The default world's kelurahan are 1001 to 1005."""
    assert [area.nama for area in load_kelurahan("31.71.02")] == [
        "Pasar Baru",
        "Karang Anyar",
        "Kartini",
        "Gunung Sahari Utara",
        "Mangga Dua Selatan",
    ]
    assert find_area("31.71.02").nama == "Sawah Besar"


def test_codes_name_marital_status() -> None:
    """Code masters are keyed by group and number."""
    assert load_codes()["STAT_KWN"] == {
        1: "BELUM KAWIN",
        2: "KAWIN",
        3: "CERAI HIDUP",
        4: "CERAI MATI",
    }


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 6, 30), True),
        (date(2026, 6, 27), False),
        (date(2026, 6, 1), False),
        (date(2026, 5, 15), False),
    ],
    ids=["tuesday", "saturday", "holiday", "joint leave"],
)
def test_working_days(day: date, works: bool) -> None:
    """Weekends, holidays and joint leave are no working days."""
    assert is_working_day(day) is works
