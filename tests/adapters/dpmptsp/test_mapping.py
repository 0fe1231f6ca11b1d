"""The agency's records become licences of the graph."""

from datetime import date
from typing import Any

import pytest

from adapters.dpmptsp.mapping import identity_kind, is_active, map_licence
from adapters.kit.normalize.area_name import AreaNames, load_area_names
from adapters.kit.outcome import UNREADABLE

NIK = "3171990101909001"


@pytest.fixture(scope="module")
def areas() -> AreaNames:
    """All areas by name."""
    return load_area_names()


def record(**more: Any) -> dict[str, Any]:
    """Make a record as the agency writes it."""
    return {
        "id": 1,
        "decree_number": "1/K.4/31/2020",
        "owner_identity_number": NIK,
        "owner_name": "QWOTVAM  XYELZUM",
        "applicant_identity_number": "X0000001",
        "applicant_name": "KHIBZOKH",
        "application_date": "2020-07-11 00:00:00",
        "issued_date": "2020-07-13",
        "expired_date": "2023-07-13",
        "permit_type": "IUMK",
        "permit_name": "Izin Usaha Mikro Kecil",
        "sector": "PERDAGANGAN",
        "authority": "UP PMPTSP KELURAHAN",
        "jurisdiction": "KARANGANYAR, SAWAHBESAR  ",
        "kbli": "47001",
        **more,
    }


@pytest.mark.parametrize(
    ("identity", "kind"),
    [
        (NIK, "NIK"),
        ("9000000000001", "NIB"),
        ("00.000.001.9-000.000", "NPWP"),
        ("X0000001", "PASPOR"),
        ("tidak jelas", "LAIN"),
        (None, None),
    ],
)
def test_identities_share_a_column(identity: str | None, kind: str | None) -> None:
    """The kind follows from the form."""
    assert identity_kind(identity) == kind


def test_owner_is_not_the_applicant(areas: AreaNames) -> None:
    """Only an identity that is a NIK joins to a resident."""
    licence = map_licence(record(), areas)
    assert licence["pemilik"] == {"nik": NIK}
    assert (licence["jenisIdentitasPemohon"], licence["pemohon"]) == ("PASPOR", None)
    assert licence["namaPemilik"] == "QWOTVAM XYELZUM"
    assert licence["tanggalPermohonan"] == date(2020, 7, 11)
    assert licence["kelurahan"] == {"kode": "31.71.02.1002"}


@pytest.mark.parametrize("text", [None, "-", "0000-00-00"])
def test_licence_without_end(areas: AreaNames, text: object) -> None:
    """Three ways of writing that there is no end are none."""
    assert map_licence(record(expired_date=text), areas)["tanggalBerakhir"] is None


def test_place_that_means_nowhere_is_unreadable(areas: AreaNames) -> None:
    """An unknown place is a defect of that field, never the nearest kelurahan."""
    licence = map_licence(record(jurisdiction="ANTAH BERANTAH"), areas)
    assert licence["kelurahan"] is UNREADABLE
    assert licence["lokasi"] == "ANTAH BERANTAH"


@pytest.mark.parametrize(
    ("ends", "day", "expected"),
    [
        ("2026-07-01", date(2026, 7, 1), True),
        ("2026-06-30", date(2026, 7, 1), False),
        ("-", date(2026, 7, 1), True),
        ("kacau", date(2026, 7, 1), False),
        ("2026-07-01", date(2020, 7, 12), False),
    ],
)
def test_in_force(areas: AreaNames, ends: str, day: date, expected: bool) -> None:
    """A licence is in force from its issue to its end, both included."""
    assert is_active(map_licence(record(expired_date=ends), areas), day) is expected
