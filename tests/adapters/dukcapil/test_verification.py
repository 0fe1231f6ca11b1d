"""Claims and verdicts."""

from datetime import date

import pytest

from adapters.dukcapil.verification import build_claims, map_verdict
from adapters.kit.outcome import UNREADABLE


def test_claims_are_written_in_the_registrys_words() -> None:
    """Only what is claimed is sent."""
    claims = build_claims(
        {
            "nik": "3171990101909001",
            "nama": "QWOTVAM",
            "tanggalLahir": date(1965, 4, 15),
            "jenisKelamin": "LAKI_LAKI",
            "agama": "KATOLIK",
            "alamat": None,
            "batasSkor": 90,
        }
    )
    assert claims == {
        "NAMA_LGKP": "QWOTVAM",
        "TGL_LHR": "15-04-1965",
        "JENIS_KLMIN": "Laki-Laki",
        "AGAMA": "KATHOLIK",
        "TRESHOLD": 90,
    }


@pytest.mark.parametrize(
    ("text", "agrees", "score"),
    [
        ("Sesuai", True, None),
        ("Tidak Sesuai", False, None),
        ("Sesuai (100)", True, 100),
        ("Tidak Sesuai (59)", False, 59),
        ("TIDAK SESUAI(59)", False, 59),
        ("entah", UNREADABLE, None),
    ],
)
def test_verdicts(text: str, agrees: object, score: int | None) -> None:
    """Words and scores are read apart; an unknown word is unreadable, never a yes."""
    assert map_verdict({"NAMA_LGKP": text}) == [{"elemen": "NAMA", "sesuai": agrees, "skor": score}]
