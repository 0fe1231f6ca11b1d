"""The comparisons of each scalar, as an author of a Python adapter writes them.

In: nothing. Out: the strawberry input types of ``comparison_inputs``; an author's own filter names
them, and ``filtering.read_filters`` says which of them the source can do:

    @strawberry.input(description=text("Syarat.", "Conditions."))
    class SaringIzin:
        tanggal_terbit: BandingTanggal | None = input_field("Tanggal terbit.", "Date of issue.")

    async def list_licences(wanted, context, page, saring: SaringIzin | None = None): ...
        filters = read_filters(saring, {"tanggalTerbit": ("from", "to")})
"""

from __future__ import annotations

from typing import Any

import strawberry

from adapters.kit.comparison_inputs import COMPARISON_TEXTS
from adapters.kit.filtering import Compare
from adapters.kit.python import input_field, text
from adapters.kit.scalars import KBLI, NIK, KodeWilayah, Rupiah, Tanggal

__all__ = [
    "BandingInt",
    "BandingKBLI",
    "BandingKodeWilayah",
    "BandingNIK",
    "BandingRupiah",
    "BandingString",
    "BandingTanggal",
]


def _compared(compare: Compare) -> Any:
    return input_field(*COMPARISON_TEXTS[compare])


def _told(scalar: str) -> str:
    return text(f"Perbandingan {scalar}.", f"Comparisons of {scalar}.")


@strawberry.input(description=_told("String"))
class BandingString:
    """Of a text."""

    sama: str | None = _compared("equal")
    dalam: list[str] | None = _compared("in")
    dari: str | None = _compared("from")
    sampai: str | None = _compared("to")
    awalan: str | None = _compared("prefix")


@strawberry.input(description=_told("Int"))
class BandingInt:
    """Of a number."""

    sama: int | None = _compared("equal")
    dalam: list[int] | None = _compared("in")
    dari: int | None = _compared("from")
    sampai: int | None = _compared("to")


@strawberry.input(description=_told("Rupiah"))
class BandingRupiah:
    """Of an amount."""

    sama: Rupiah | None = _compared("equal")
    dalam: list[Rupiah] | None = _compared("in")
    dari: Rupiah | None = _compared("from")
    sampai: Rupiah | None = _compared("to")


@strawberry.input(description=_told("Tanggal"))
class BandingTanggal:
    """Of a day."""

    sama: Tanggal | None = _compared("equal")
    dalam: list[Tanggal] | None = _compared("in")
    dari: Tanggal | None = _compared("from")
    sampai: Tanggal | None = _compared("to")


@strawberry.input(description=_told("NIK"))
class BandingNIK:
    """Of a NIK, as a whole only."""

    sama: NIK | None = _compared("equal")
    dalam: list[NIK] | None = _compared("in")


@strawberry.input(description=_told("KodeWilayah"))
class BandingKodeWilayah:
    """Of an area; a prefix is an area that holds it."""

    sama: KodeWilayah | None = _compared("equal")
    dalam: list[KodeWilayah] | None = _compared("in")
    awalan: KodeWilayah | None = _compared("prefix")


@strawberry.input(description=_told("KBLI"))
class BandingKBLI:
    """Of a line of business; a prefix is a group of them."""

    sama: KBLI | None = _compared("equal")
    dalam: list[KBLI] | None = _compared("in")
    awalan: str | None = _compared("prefix")
