"""The registry's rows become records, quirk by quirk."""

from datetime import date
from typing import Any

import pytest

from adapters.dukcapil.mapping import map_biodata, map_status, spouse_of
from adapters.kit.outcome import NOT_GRANTED, UNREADABLE

NIK = 3171990101909001


@pytest.mark.parametrize(
    ("field", "row", "expected"),
    [
        ("nama", {"NAMA_LGKP": "QWOTVAM  XYELZUM "}, "QWOTVAM XYELZUM"),
        ("jenisKelamin", {"JENIS_KLMIN": "LK"}, "LAKI_LAKI"),
        ("tanggalLahir", {"TGL_LHR": "15/04/1965"}, date(1965, 4, 15)),
        ("tanggalCerai", {"TGL_CRAI": "00-00-0000"}, None),
        ("tanggalKawin", {"TGL_KWN": "31-02-1990"}, UNREADABLE),
        ("nomorAktaCerai", {"NO_AKTA_CRAI": "null"}, None),
        ("statusKawin", {"STATUS_KAWIN": "KAWIN "}, "KAWIN"),
        ("hubunganKeluarga", {"STAT_HBKEL": "Kepala Keluarga"}, "KEPALA_KELUARGA"),
        ("hubunganKeluarga", {"STAT_HBKEL": "TETANGGA"}, UNREADABLE),
        ("nama", {}, NOT_GRANTED),
        ("kartuKeluarga", {"NO_KK": 3171021311189126}, {"noKk": "3171021311189126"}),
        ("kartuKeluarga", {}, NOT_GRANTED),
        ("ayah", {"NIK_AYAH": 0}, None),
        ("ayah", {"NIK_AYAH": " "}, None),
        ("ayah", {"NIK_AYAH": NIK}, {"nik": str(NIK)}),
        ("ibu", {"NIK_IBU": "12"}, UNREADABLE),
        ("ibu", {}, NOT_GRANTED),
        ("alamat", {}, NOT_GRANTED),
    ],
)
def test_one_field(field: str, row: dict[str, Any], expected: object) -> None:
    """A value, nothing, not granted, unreadable: four different answers."""
    assert map_biodata({"NIK": NIK, **row}, [field]) == {"nik": str(NIK), field: expected}


def test_address_parts_stand_alone() -> None:
    """An ungranted part of the address leaves the others."""
    row = {"NIK": NIK, "ALAMAT": "JL. X", "NO_RT": 3, "NO_RW": "005", "NO_PROP": 31, "NO_KAB": 71}
    whole = {**row, "NO_KEC": 2, "NO_KEL": 1002}
    assert map_biodata(whole, ["alamat"])["alamat"] == {
        "jalan": "JL. X",
        "rt": "003",
        "rw": "005",
        "kelurahan": {"kode": "31.71.02.1002"},
    }
    assert map_biodata(row, ["alamat"])["alamat"]["kelurahan"] is NOT_GRANTED


def test_status() -> None:
    """A status row's dates and numbers are read; a missing row is nothing known."""
    row = {
        "NIK": NIK,
        "STATUS_NIK": "MENINGGAL ",
        "TGL_STATUS": "-",
        "TGL_MATI": "2020-07-03",
        "NIK_BARU": "-",
    }
    fields = ["statusNik", "statusNikSejak", "tanggalMeninggal", "nikBaru"]
    assert map_status(row, fields) == {
        "statusNik": "MENINGGAL",
        "statusNikSejak": None,
        "tanggalMeninggal": date(2020, 7, 3),
        "nikBaru": None,
    }
    assert map_status(None, ["statusNik"]) == {"statusNik": None}


def card(*roles: str) -> list[dict[str, Any]]:
    """Make a family card; the members' NIKs count up from 9001."""
    return [{"NIK": NIK + at, "STAT_HBKEL": role} for at, role in enumerate(roles)]


@pytest.mark.parametrize(
    ("roles", "of", "expected"),
    [
        pytest.param(("KEPALA KELUARGA", "ISTRI", "ANAK"), 0, 1, id="head's wife"),
        pytest.param(("KEPALA KELUARGA", "ISTRI", "ANAK"), 1, 0, id="wife's head"),
        pytest.param(("KEPALA KELUARGA", "ISTRI", "ANAK"), 2, None, id="child"),
        pytest.param(("KEPALA KELUARGA", "SUAMI"), 0, 1, id="head's husband"),
        pytest.param(("KEPALA KELUARGA", "ISTRI", "ISTRI"), 0, None, id="two wives"),
        pytest.param(("KEPALA KELUARGA", "KEPALA KELUARGA", "ISTRI"), 2, None, id="two heads"),
        pytest.param(("KEPALA KELUARGA", "KEPALA KELUARGA", "ISTRI"), 0, None, id="one of two"),
        pytest.param(("KEPALA KELUARGA",), 0, None, id="alone"),
    ],
)
def test_spouse(roles: tuple[str, ...], of: int, expected: int | None) -> None:
    """A spouse is named only where the card leaves no doubt."""
    found = spouse_of(str(NIK + of), card(*roles))
    assert found == (None if expected is None else str(NIK + expected))
