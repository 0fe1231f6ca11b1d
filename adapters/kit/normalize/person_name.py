"""Names of persons: without titles and marks for comparing, and how alike two of them are.

In: ``H. Drs. Ma'ruf SOLEH, S.H.`` Out: ``MARUF SOLEH``; a likeness from 0 to 1 that forgives
titles, one letter, and the order of words. A likeness is evidence for a person to weigh, never an
identity.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from adapters.kit.normalize.null import clean_text, is_null

__all__ = ["name_key", "name_likeness", "normalize_name"]

_BEFORE = frozenset(
    (
        *("H", "HJ", "HAJI", "HAJJAH", "DRS", "DRA", "DR", "IR", "PROF", "KH", "UST", "USTAD"),
        *("USTADZ", "TN", "NY", "NN", "SDR", "SDRI", "BAPAK", "IBU", "BPK", "ALM", "ALMH"),
        *("RADEN", "R", "RR"),
    )
)
_AFTER = frozenset(
    (
        *("SH", "SE", "ST", "SPD", "SKOM", "SSOS", "SAG", "SIP", "SKM", "SSI", "SPSI", "MM"),
        *("MSI", "MH", "MKES", "MPD", "MT", "MA", "MBA", "MSC", "PHD", "AMD", "SKEP", "NS"),
        *("DIPL", "BSC", "BA"),
    )
)
_MARKS = re.compile(r"['`]")  # typographic ones go with the accents


def normalize_name(value: object) -> str | None:
    """Give the name as it is written, with single blanks; None for nothing."""
    return clean_text(value)


def name_key(value: object) -> str:
    """Reduce a name to upper-case words without titles, accents and marks; may be empty."""
    if is_null(value):
        return ""
    plain = unicodedata.normalize("NFKD", str(value)).encode("ascii", "ignore").decode()
    head, *behind = _MARKS.sub("", plain).upper().split(",")
    words = _strip_before(_words(head))
    tail = [word for part in behind for word in _words(part) if word not in _AFTER]
    while len(words) > 1 and words[-1] in _AFTER and words[-1] not in ("MA", "BA"):
        words.pop()
    return " ".join([*words, *tail])


def name_likeness(one: object, other: object) -> float:
    """Tell how alike two names are, from 0 to 1."""
    first, second = name_key(one), name_key(other)
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    straight = _ratio(first, second)
    ordered = _ratio(" ".join(sorted(first.split())), " ".join(sorted(second.split())))
    return max(straight, ordered * 0.98)  # another order is a weaker agreement than the same


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _words(text: str) -> list[str]:
    """Split at blanks; dots inside an abbreviation join (``S.H.`` is ``SH``)."""
    return [word for part in text.split() for word in _parts(part)]


def _parts(part: str) -> list[str]:
    joined = part.replace(".", "")
    pieces = [piece for piece in part.split(".") if piece]
    if len(pieces) > 1 and joined not in _AFTER and joined not in _BEFORE:
        return [re.sub(r"[^A-Z]", "", piece) for piece in pieces]
    cleaned = re.sub(r"[^A-Z]", "", joined)
    return [cleaned] if cleaned else []


def _strip_before(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0] in _BEFORE:
        words = words[1:]
    return words
