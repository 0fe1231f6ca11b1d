"""The input types that a filter compares by: one per scalar, the same in every subgraph.

In: the name of a scalar, or of an enum. Out: which comparisons its input type has and what each
takes. Composition keeps of an input type only what all subgraphs declare, so no subgraph may leave
one out; what a source cannot do is refused when it is asked (``filtering``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from adapters.kit.filtering import COMPARISON_NAMES, COMPARISONS, Compare

__all__ = ["COMPARISON_TEXTS", "comparison_input", "comparison_types", "filter_type"]

_EXACT: tuple[Compare, ...] = ("equal", "in")
_ORDERED: tuple[Compare, ...] = ("equal", "in", "from", "to")
_CODE: tuple[Compare, ...] = ("equal", "in", "prefix")

_BY_SCALAR: Mapping[str, tuple[Compare, ...]] = MappingProxyType(
    {
        "String": COMPARISONS,
        "ID": COMPARISONS,
        "Int": _ORDERED,
        "Float": _ORDERED,
        "Boolean": ("equal",),
        "NIK": _EXACT,  # a prefix would list people by birth date
        "NomorKK": _EXACT,
        "KodeWilayah": _CODE,
        "NIB": _EXACT,
        "KBLI": _CODE,
        "NIP": _EXACT,
        "Rupiah": _ORDERED,
        "Tanggal": _ORDERED,
        "Waktu": _ORDERED,
    }
)

COMPARISON_TEXTS: Mapping[Compare, tuple[str, str]] = MappingProxyType(
    {
        "equal": ("Sama dengan.", "Equal to."),
        "in": ("Salah satu dari.", "One of."),
        "from": ("Mulai dari, termasuk batasnya.", "From this on, the bound included."),
        "to": ("Sampai dengan, termasuk batasnya.", "Up to this, the bound included."),
        "prefix": ("Berawalan.", "Beginning with."),
    }
)
"""Comparison -> its description in both languages."""

_NAMES: Mapping[Compare, str] = {compare: name for name, compare in COMPARISON_NAMES.items()}


def comparison_input(scalar: str) -> str:
    """Name the input type of a scalar or enum."""
    return f"Banding{scalar}"


def comparison_types(scalar: str) -> dict[Compare, tuple[str, str]]:
    """Give the input type of a scalar or enum: comparison -> field and what it takes."""
    able = _BY_SCALAR.get(scalar, _EXACT)
    return {compare: (_NAMES[compare], filter_type(scalar, compare)) for compare in able}


def filter_type(scalar: str, compare: Compare) -> str:
    """Give the type of the value that a scalar or enum is compared with."""
    match compare:
        case "in":
            return f"[{scalar}!]"
        case "prefix":
            return scalar if scalar == "KodeWilayah" else "String"
        case _:
            return scalar
