"""Verification by element: claims to the registry's keys, its words back to verdicts.

In: the claims of the graph's input. Out: the body's keys; then, per element, whether it agrees and
how well. No value of the registry's record comes back, and none is made up here: an element that
the registry does not answer is not in the verdict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from adapters.dukcapil.wire import Row
from adapters.kit.outcome import UNREADABLE

__all__ = ["ELEMENTS", "build_claims", "map_verdict"]

_SEX = {"LAKI_LAKI": "Laki-Laki", "PEREMPUAN": "Perempuan"}
_MARITAL = {
    "BELUM_KAWIN": "BELUM KAWIN",
    "KAWIN": "KAWIN",
    "CERAI_HIDUP": "CERAI HIDUP",
    "CERAI_MATI": "CERAI MATI",
}
_RELIGION = {
    "ISLAM": "ISLAM",
    "KRISTEN": "KRISTEN",
    "KATOLIK": "KATHOLIK",
    "HINDU": "HINDU",
    "BUDDHA": "BUDHA",
    "KHONGHUCU": "KHONGHUCU",
    "KEPERCAYAAN": "KEPERCAYAAN TERHADAP TUHAN YME",
}
_ROLES = {
    "KEPALA_KELUARGA": "KEPALA KELUARGA",
    "ORANG_TUA": "ORANGTUA",
    "FAMILI_LAIN": "FAMILI LAIN",
}


def _day(value: date) -> str:
    return value.strftime("%d-%m-%Y")


def _words(table: Mapping[str, str]) -> Callable[[str], str]:
    return lambda value: table.get(value, value)


ELEMENTS: Mapping[str, tuple[str, str, Callable[[Any], Any]]] = {
    "nama": ("NAMA", "NAMA_LGKP", str),
    "tempatLahir": ("TEMPAT_LAHIR", "TMPT_LHR", str),
    "tanggalLahir": ("TANGGAL_LAHIR", "TGL_LHR", _day),
    "jenisKelamin": ("JENIS_KELAMIN", "JENIS_KLMIN", _words(_SEX)),
    "noKk": ("NOMOR_KK", "NO_KK", str),
    "alamat": ("ALAMAT", "ALAMAT", str),
    "rt": ("RT", "NO_RT", str),
    "rw": ("RW", "NO_RW", str),
    "namaAyah": ("NAMA_AYAH", "NAMA_LGKP_AYAH", str),
    "namaIbu": ("NAMA_IBU", "NAMA_LGKP_IBU", str),
    "nikAyah": ("NIK_AYAH", "NIK_AYAH", str),
    "nikIbu": ("NIK_IBU", "NIK_IBU", str),
    "agama": ("AGAMA", "AGAMA", _words(_RELIGION)),
    "statusKawin": ("STATUS_KAWIN", "STATUS_KAWIN", _words(_MARITAL)),
    "hubunganKeluarga": ("HUBUNGAN_KELUARGA", "STAT_HBKEL", _words(_ROLES)),
    "pekerjaan": ("PEKERJAAN", "JENIS_PKRJN", str),
    "pendidikan": ("PENDIDIKAN", "PDDK_AKH", str),
}
"""Input field -> (element of the graph, key of the registry, how a claim is written)."""

_VERDICT = re.compile(r"(tidak )?sesuai(?: ?\(([0-9]{1,3})\))?", re.IGNORECASE)


def build_claims(given: Mapping[str, Any]) -> dict[str, Any]:
    """Write the claims under the registry's keys; ``batasSkor`` is its ``TRESHOLD`` (sic)."""
    claims: dict[str, Any] = {}
    for name, (_, key, write) in ELEMENTS.items():
        value = given.get(name)
        if value is not None:
            claims[key] = write(value)
    claims["TRESHOLD"] = given.get("batasSkor", 100)
    return claims


def map_verdict(row: Row) -> list[dict[str, Any]]:
    """Give the verdict per element, the NIK first."""
    found = [("NIK", "NIK"), *((element, key) for element, key, _ in ELEMENTS.values())]
    return [{"elemen": name, **_read(row[key])} for name, key in found if key in row]


def _read(text: Any) -> dict[str, Any]:
    match = _VERDICT.fullmatch(" ".join(str(text).split()).rstrip("."))
    if match is None:
        return {"sesuai": UNREADABLE, "skor": None}
    score = None if match[2] is None else int(match[2])
    return {"sesuai": match[1] is None, "skor": score}
