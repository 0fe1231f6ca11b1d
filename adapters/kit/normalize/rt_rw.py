"""RT and RW, the neighbourhood numbers of an address: three digits each.

In: ``1``, ``"001"``, ``"RT.001/RW.005"``, ``"001/005"``. Out: ``"001"``, or the pair.
"""

from __future__ import annotations

import re

from adapters.kit.normalize.null import Unreadable, is_null

__all__ = ["normalize_rt", "split_rt_rw"]

_ONE = re.compile(r"(?:R[TW])?[ .:]*0*([0-9]{1,3})")
_BOTH = re.compile(
    r"(?:RT)?[ .:]*0*([0-9]{1,3})\s*(?:/|-|,|\s|(?=RW))\s*(?:RW)?[ .:]*0*([0-9]{1,3})"
)


def normalize_rt(value: object) -> str | None:
    """Give one number, RT or RW, as three digits; raises ``Unreadable``."""
    if is_null(value) or _is_zeros(value):
        return None
    match = _ONE.fullmatch(_text(value))
    if match is None:
        raise Unreadable("an RT or RW has one to three digits")
    return match[1].zfill(3)


def split_rt_rw(value: object) -> tuple[str | None, str | None]:
    """Give RT and RW out of one text; a single number is the RT. Raises ``Unreadable``."""
    if is_null(value):
        return None, None
    match = _BOTH.fullmatch(_text(value))
    if match is None:
        return normalize_rt(value), None
    return normalize_rt(match[1]), normalize_rt(match[2])


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # spreadsheets keep whole numbers as floats
    return str(value).strip().upper()


def _is_zeros(value: object) -> bool:
    return isinstance(value, str) and value.strip() != "" and set(value.strip()) == {"0"}
