"""Population numbers: NIK and family card number, 16 digits each.

In: a JSON number, or a text with blanks, dots, dashes or ``TO_CHAR``'s seventeenth character.
Out: 16 digits. A float is refused even where it looks whole: numbers from Papua (91…) exceed 2^53,
and a float would give another person's number without any sign.
"""

from __future__ import annotations

import re

from adapters.kit.normalize.null import Unreadable, is_null

__all__ = ["is_nik", "normalize_nik", "normalize_no_kk"]

_FILLING = str.maketrans("", "", " .-\u00a0'\t")
_SIXTEEN = re.compile(r"[0-9]{16}")
_NIK = re.compile(
    r"[1-9][0-9]{5}(0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])(0[1-9]|1[0-2])[0-9]{6}"
)


def normalize_nik(value: object) -> str | None:
    """Give the NIK's 16 digits; raises ``Unreadable``."""
    return _sixteen(value, "NIK")


def normalize_no_kk(value: object) -> str | None:
    """Give the family card number's 16 digits; raises ``Unreadable``."""
    return _sixteen(value, "family card number")


def is_nik(value: object) -> bool:
    """Tell whether a text can be a NIK: 16 digits with a date in the middle.

    Columns of identities hold passports, NIB (13) and NPWP (15 or 16 digits) beside it.
    """
    return isinstance(value, str) and _NIK.fullmatch(value) is not None


def _sixteen(value: object, what: str) -> str | None:
    if isinstance(value, (bool, float)):
        raise Unreadable(f"a {what} is no float and no truth value")
    if isinstance(value, int):
        if value == 0:
            return None
        text = str(value)
    elif is_null(value):
        return None
    else:
        text = str(value).translate(_FILLING)
    if _SIXTEEN.fullmatch(text) is None:
        raise Unreadable(f"a {what} has 16 digits")
    return None if text == "0" * 16 else text
