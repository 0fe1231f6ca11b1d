"""Verification by element: the caller says what it believes, the registry says whether it is so.

In: a record and claimed elements. Out: per element "Sesuai" or "Tidak Sesuai", for texts with a
score of 0-100. No value of the record leaves.
"""

import sqlite3
from difflib import SequenceMatcher
from typing import Any

from demo.dukcapil.registry import parse_number
from demo.dukcapil.rows import render_biodata

__all__ = ["ELEMENTS", "verify_elements"]

_SCORED = ("NAMA_LGKP", "TMPT_LHR", "ALAMAT", "NAMA_LGKP_AYAH", "NAMA_LGKP_IBU")
_DATES = ("TGL_LHR", "TGL_KWN", "TGL_CRAI")
_NUMBERS = ("NO_KK", "NIK_AYAH", "NIK_IBU")
_OTHERS = (
    *("JENIS_KLMIN", "AGAMA", "STATUS_KAWIN", "STAT_HBKEL", "GOL_DARAH", "JENIS_PKRJN"),
    *("PDDK_AKH", "NO_RT", "NO_RW", "NO_KEL", "NO_KEC", "NO_KAB", "NO_PROP"),
)
ELEMENTS = (*_SCORED, *_DATES, *_NUMBERS, *_OTHERS)
"""What can be verified, beside the NIK itself."""

_COLUMNS = {"TGL_LHR": "lahir", "TGL_KWN": "tgl_kawin", "TGL_CRAI": "tgl_cerai"}


def verify_elements(row: sqlite3.Row, claims: dict[str, Any], threshold: int) -> dict[str, object]:
    """Compare claims with a record; elements that the registry does not know are left out."""
    truth = render_biodata(row, ELEMENTS)
    verdict: dict[str, object] = {"NIK": "Sesuai"}
    for element in ELEMENTS:
        if element not in claims:
            continue
        claim = str(claims[element])
        if element in _SCORED:
            verdict[element] = _score(str(truth[element]), claim, threshold)
        elif element in _DATES:
            verdict[element] = _word(_iso(claim) == row[_COLUMNS[element]])
        elif element in _NUMBERS:
            verdict[element] = _word(parse_number(claims[element]) == truth[element])
        elif element == "JENIS_KLMIN":
            verdict[element] = _word(_is_female(claim) == bool(row["perempuan"]))
        else:
            verdict[element] = _word(_plain(truth[element]) == _plain(claim))
    return verdict


def _score(truth: str, claim: str, threshold: int) -> str:
    ratio = SequenceMatcher(None, truth.strip().upper(), claim.strip().upper(), autojunk=False)
    score = round(ratio.ratio() * 100)
    return f"{_word(score >= threshold)} ({score})"


def _word(agrees: bool) -> str:
    return "Sesuai" if agrees else "Tidak Sesuai"


def _plain(value: object) -> str:
    text = str(value).strip().upper()
    return text.lstrip("0") if text.isdecimal() else text


def _iso(text: str) -> str:
    parts = text.strip().replace("/", "-").split("-")
    return "-".join(reversed(parts)) if len(parts[0]) <= 2 else "-".join(parts)


def _is_female(text: str) -> bool:
    return text.strip().upper() in {"PEREMPUAN", "P", "2", "PR", "WANITA"}
