"""Names of areas in free text, and which area they mean.

In: ``KAB.ADM.KEP.SERIBU``, ``SETIA BUDI``, ``PAL MERAH``, trailing blanks; a table of areas. Out: a
comparison key, or the Kemendagri code. 24 kelurahan bear a kecamatan's name, so a name alone is
never a key: the level is always given, and a name that means two areas is ``Unreadable``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from adapters.kit.normalize.null import Unreadable, is_null

__all__ = ["AREA_FILE", "AreaNames", "area_key", "build_area_names", "load_area_names"]

AREA_FILE = Path(__file__).parents[2] / "wilayah" / "data" / "wilayah_dki.csv"
"""The table of areas that the subgraph of areas serves: one table for all who convert names."""

_PREFIX = re.compile(
    r"^(KOTA|KABUPATEN|KAB|KECAMATAN|KEC|KELURAHAN|KEL|PROVINSI|PROV)\b[. ]*"
    r"((ADMINISTRASI|ADM)\b[. ]*)?"
)
_BOUNDARY = re.compile(r",| - |(?=\bKEC\b)|(?=\bKECAMATAN\b)|(?=\bKOTA\b)|(?=\bKAB\b)")
_SHORT = {"KEP": "KEPULAUAN"}
_OTHER_SPELLINGS = {
    "HALIMPERDANAKUSUMAH": "HALIMPERDANAKUSUMA",
    "DKIJAKARTA": "DAERAHKHUSUSIBUKOTAJAKARTA",
    "DAERAHKHUSUSJAKARTA": "DAERAHKHUSUSIBUKOTAJAKARTA",
}


def area_key(name: str) -> str:
    """Reduce a name to what all its spellings share."""
    text = _PREFIX.sub("", " ".join(name.upper().split()))
    words = [w for w in re.split(r"[^A-Z0-9]+", text) if w]
    key = "".join(_SHORT.get(word, word) for word in words)
    return _OTHER_SPELLINGS.get(key, key)


@dataclass(frozen=True, slots=True)
class AreaNames:
    """Areas by level and name key."""

    codes: Mapping[tuple[str, str], tuple[str, ...]]

    def find(self, level: str, name: object, inside: str = "") -> str | None:
        """Give the code of the area of ``level`` so named, below ``inside``.

        Raises ``Unreadable`` if no area, or more than one, is so named there.
        """
        if is_null(name):
            return None
        prefix = f"{inside}." if inside else ""
        known = self.codes.get((level, area_key(str(name))), ())
        found = [code for code in known if code.startswith(prefix)]
        if len(found) != 1:
            raise Unreadable(f"the name means {len(found)} areas of this level")
        return found[0]

    def find_kelurahan(self, text: object) -> str | None:
        """Give the code of the kelurahan that a free text names, such as a licence's place.

        The text's parts (``Kel. X, Kec. Y``, ``Y - X``, ``City, Y, X``) support one another: the
        kelurahan wins whose kecamatan and city are named beside it. Raises ``Unreadable`` if none
        or more than one wins.
        """
        if is_null(text):
            return None
        parts = [part.strip() for part in _BOUNDARY.split(" ".join(str(text).upper().split()))]
        named = [(part, area_key(part)) for part in parts if part]
        above = {
            code: key
            for _, key in named
            for level in ("KECAMATAN", "KOTA_KABUPATEN")
            for code in self.codes.get((level, key), ())
        }
        scores: dict[str, int] = {}
        for part, key in named:
            if part.startswith(("KEC", "KOTA", "KAB")):
                continue
            for code in self.codes.get(("KELURAHAN", key), ()):
                support = [above.get(code[:8], key), above.get(code[:5], key)]
                score = sum(other != key for other in support)
                scores[code] = max(score, scores.get(code, 0))
        best = [code for code, score in scores.items() if score == max(scores.values())]
        if len(best) != 1:
            raise Unreadable(f"the text means {len(best)} kelurahan")
        return best[0]


def load_area_names(file: Path = AREA_FILE) -> AreaNames:
    """Index the areas of a table with the columns ``tingkat``, ``nama``, ``kode``."""
    with file.open(encoding="utf-8", newline="") as lines:
        return build_area_names(
            (row["tingkat"], row["nama"], row["kode"]) for row in csv.DictReader(lines)
        )


def build_area_names(areas: Iterable[tuple[str, str, str]]) -> AreaNames:
    """Index areas given as (level, name, code)."""
    codes: dict[tuple[str, str], tuple[str, ...]] = {}
    for level, name, code in areas:
        key = (level, area_key(name))
        codes[key] = (*codes.get(key, ()), code)
    return AreaNames(codes)
