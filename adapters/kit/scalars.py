"""The graph's own scalars as an author writes them, and their declaration to strawberry.

In: nothing. Out: one Python name per scalar (``NIK`` in an annotation becomes ``NIK`` in the SDL)
and ``SCALAR_MAP`` for the schema's configuration. What a value must look like stands in
``scalar_rules``, which needs no strawberry.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from adapters.kit.scalar_rules import INPUT_RULES, OUTPUT_RULES
from adapters.kit.scalar_texts import SCALAR_TEXTS

__all__ = [
    "KBLI",
    "NIB",
    "NIK",
    "NIP",
    "SCALAR_MAP",
    "KodeWilayah",
    "NomorKK",
    "Rahasia",
    "Rupiah",
    "Tanggal",
    "Waktu",
]

NIK = NewType("NIK", str)
NomorKK = NewType("NomorKK", str)
KodeWilayah = NewType("KodeWilayah", str)
NIB = NewType("NIB", str)
KBLI = NewType("KBLI", str)
NIP = NewType("NIP", str)
Rahasia = NewType("Rahasia", str)
Rupiah = NewType("Rupiah", int)
Tanggal = NewType("Tanggal", str)
Waktu = NewType("Waktu", str)


def _declare(name: str) -> ScalarDefinition:
    return strawberry.scalar(
        name=name,
        description=SCALAR_TEXTS[name],
        serialize=OUTPUT_RULES[name],
        parse_value=INPUT_RULES[name],
    )


SCALAR_MAP: Mapping[Any, ScalarDefinition] = MappingProxyType(
    {
        NIK: _declare("NIK"),
        NomorKK: _declare("NomorKK"),
        KodeWilayah: _declare("KodeWilayah"),
        NIB: _declare("NIB"),
        KBLI: _declare("KBLI"),
        NIP: _declare("NIP"),
        Rahasia: _declare("Rahasia"),
        Rupiah: _declare("Rupiah"),
        Tanggal: _declare("Tanggal"),
        Waktu: _declare("Waktu"),
    }
)
