"""Area names in free text."""

import csv

import pytest

from adapters.kit.normalize.area_name import AREA_FILE, AreaNames, area_key, load_area_names
from adapters.kit.normalize.null import Unreadable


@pytest.fixture(scope="module")
def names() -> AreaNames:
    """The names of all 318 areas."""
    return load_area_names()


@pytest.mark.parametrize(
    ("level", "name", "code"),
    [
        ("KOTA_KABUPATEN", "KAB.ADM.KEP.SERIBU", "31.01"),
        ("KOTA_KABUPATEN", "KOTA ADM. JAKARTA PUSAT", "31.71"),
        ("KOTA_KABUPATEN", "JAKARTA PUSAT  ", "31.71"),
        ("KOTA_KABUPATEN", "Kota Administrasi Jakarta Pusat", "31.71"),
        ("KECAMATAN", "SAWAHBESAR", "31.71.02"),
        ("KECAMATAN", "Kec. Sawah Besar", "31.71.02"),
        ("KECAMATAN", "SETIA BUDI", "31.74.02"),
        ("KECAMATAN", "PAL MERAH", "31.73.07"),
        ("KELURAHAN", "PASAR BARU   ", "31.71.02.1001"),
        ("KELURAHAN", "Kel. Mangga Dua Selatan", "31.71.02.1005"),
        ("PROVINSI", "DKI JAKARTA", "31"),
        ("KELURAHAN", "-", None),
    ],
)
def test_spellings(names: AreaNames, level: str, name: str, code: str | None) -> None:
    """Prefixes, blanks and joined words do not matter."""
    assert names.find(level, name) == code


def test_every_official_name_finds_its_area_within_its_parent(names: AreaNames) -> None:
    """No official name is reduced so far that it meets another one below the same parent."""
    with AREA_FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found = names.find(row["tingkat"], row["nama"].upper(), row["induk"])
            assert found == row["kode"], row["kode"]


def test_old_spelling_of_halim() -> None:
    """The spelling with one word and an H more is the same place."""
    assert area_key("HALIM PERDANA KUSUMAH") == area_key("Halim Perdanakusuma")


@pytest.mark.parametrize(
    "text",
    [
        "KELURAHAN KARANG ANYAR KECAMATAN SAWAH BESAR",
        "Kelurahan Karang Anyar",
        "Karang Anyar - Sawah Besar",
        "Jakarta Pusat, Sawah Besar, Karang Anyar",
        "KARANGANYAR, SAWAHBESAR  ",
        "KEL. KARANG ANYAR, KEC. SAWAH BESAR, JAKARTA PUSAT",
        "KARANG ANYAR, SAWAH BESAR",
        "Kel. Karang Anyar Kec. Sawah Besar Kota Adm. Jakarta Pusat ",
    ],
)
def test_kelurahan_in_free_text(names: AreaNames, text: str) -> None:
    """Every form in which the licensing agency writes a place names the one kelurahan."""
    assert names.find_kelurahan(text) == "31.71.02.1002"


def test_kelurahan_named_like_its_kecamatan(names: AreaNames) -> None:
    """A name of both levels is taken by the level that the text gives it."""
    assert names.find_kelurahan("Kel. Gambir, Kec. Gambir") == "31.71.01.1001"
    assert names.find_kelurahan("-") is None
    with pytest.raises(Unreadable):
        names.find_kelurahan("Kec. Gambir")


def test_unknown_name_is_unreadable(names: AreaNames) -> None:
    """A name of nowhere is never the nearest area."""
    with pytest.raises(Unreadable):
        names.find("KELURAHAN", "ANTAH BERANTAH")
