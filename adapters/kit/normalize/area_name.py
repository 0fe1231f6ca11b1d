"""Names of areas in free text, and which area they mean.

In: ``KAB.ADM.KEP.SERIBU``, ``SETIA BUDI``, ``PAL MERAH``, trailing blanks; a table of areas. Out: a
comparison key, or the Kemendagri code. 24 kelurahan bear a kecamatan's name, so a name alone is
never a key: the level is always given, and a name that means two areas is ``Unreadable``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from adapters.kit.normalize.null import Unreadable, is_null

__all__ = ["AreaNames", "area_key", "build_area_names"]

_PREFIX = re.compile(
    r"^(KOTA|KABUPATEN|KAB|KECAMATAN|KEC|KELURAHAN|KEL|PROVINSI|PROV)\b[. ]*"
    r"((ADMINISTRASI|ADM)\b[. ]*)?"
)
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


def build_area_names(areas: Iterable[tuple[str, str, str]]) -> AreaNames:
    """Index areas given as (level, name, code)."""
    codes: dict[tuple[str, str], tuple[str, ...]] = {}
    for level, name, code in areas:
        key = (level, area_key(name))
        codes[key] = (*codes.get(key, ()), code)
    return AreaNames(codes)
