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

__all__ = [
    "KBLI",
    "NIB",
    "NIK",
    "NIP",
    "SCALAR_MAP",
    "KodeWilayah",
    "NomorKK",
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
Rupiah = NewType("Rupiah", int)
Tanggal = NewType("Tanggal", str)
Waktu = NewType("Waktu", str)


def _declare(name: str, description: str) -> ScalarDefinition:
    return strawberry.scalar(
        name=name,
        description=description,
        serialize=OUTPUT_RULES[name],
        parse_value=INPUT_RULES[name],
    )


SCALAR_MAP: Mapping[Any, ScalarDefinition] = MappingProxyType(
    {
        NIK: _declare(
            "NIK",
            "Nomor Induk Kependudukan, 16 angka.\n\nPopulation number, 16 digits.",
        ),
        NomorKK: _declare(
            "NomorKK",
            "Nomor Kartu Keluarga, 16 angka.\n\nFamily card number, 16 digits.",
        ),
        KodeWilayah: _declare(
            "KodeWilayah",
            "Kode wilayah Kemendagri, misalnya 31.71.02.1001.\n\n"
            "Area code of the Ministry of Home Affairs, for example 31.71.02.1001.",
        ),
        NIB: _declare(
            "NIB", "Nomor Induk Berusaha, 13 angka.\n\nBusiness identity number, 13 digits."
        ),
        KBLI: _declare(
            "KBLI",
            "Klasifikasi Baku Lapangan Usaha Indonesia, 5 angka.\n\n"
            "Indonesian standard industrial classification, 5 digits.",
        ),
        NIP: _declare(
            "NIP", "Nomor Induk Pegawai, 18 angka.\n\nCivil servant's number, 18 digits."
        ),
        Rupiah: _declare("Rupiah", "Rupiah utuh tanpa sen.\n\nWhole rupiah, without cents."),
        Tanggal: _declare("Tanggal", "Tanggal ISO 8601, YYYY-MM-DD.\n\nISO 8601 date."),
        Waktu: _declare(
            "Waktu",
            "Waktu RFC 3339 dengan zona +07:00.\n\nRFC 3339 time with the zone +07:00.",
        ),
    }
)
