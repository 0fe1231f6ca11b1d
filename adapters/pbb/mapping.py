"""The tax office's parcels as records of the graph.

In: an ``Objek`` of the WSDL, as plain Python. Out: all fields of ``ObjekPajak``. Areas come under
the statistics office's codes, which name the cities of Jakarta in another order.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from adapters.kit.normalize.area_code import kemendagri_from_bps
from adapters.kit.normalize.date import normalize_date
from adapters.kit.normalize.nik import is_nik, normalize_nik
from adapters.kit.normalize.null import Unreadable, clean_text, readable
from adapters.kit.normalize.person_name import normalize_name

__all__ = ["map_parcel", "nik_of"]


def map_parcel(row: dict[str, Any]) -> dict[str, Any]:
    """Give all fields of a parcel."""
    nik = nik_of(row)
    area = readable(_area, row)
    return {
        "nop": clean_text(row.get("nop")),
        "wajibPajak": None if nik is None else {"nik": nik},
        "namaWajibPajak": normalize_name(row.get("nama")),
        "alamat": clean_text(row.get("alamat")),
        "kelurahan": {"kode": area} if isinstance(area, str) else area,
        "luasBumi": readable(_square_metres, row.get("luasBumi")),
        "luasBangunan": readable(_square_metres, row.get("luasBangunan")),
        "njop": readable(_rupiah, row.get("njop")),
        "tagihan": sorted(map(_map_tax, row.get("tagihan") or ()), key=lambda tax: tax["tahun"]),
    }


def nik_of(row: dict[str, Any]) -> str | None:
    """Give the taxpayer's NIK; None where it is none, or unreadable."""
    try:
        nik = normalize_nik(row.get("nik"))
    except ValueError:
        return None
    return nik if is_nik(nik) else None


def _map_tax(tax: dict[str, Any]) -> dict[str, Any]:
    paid = readable(normalize_date, tax.get("tanggalBayar"))
    return {
        "tahun": int(tax["tahun"]),
        "pokok": readable(_rupiah, tax.get("pokok")),
        "denda": readable(_rupiah, tax.get("denda")),
        "tanggalBayar": paid,
        "lunas": paid is not None,
    }


def _area(row: dict[str, Any]) -> str | None:
    city = kemendagri_from_bps(row.get("kodeKota"))
    district, village = clean_text(row.get("kodeKecamatan")), clean_text(row.get("kodeKelurahan"))
    if city is None or district is None or village is None:
        return None
    return f"{city}.{district}.{village}"


def _square_metres(value: object) -> float | None:
    return None if value is None else float(_number(value))


def _rupiah(value: object) -> int | None:
    number = None if value is None else _number(value)
    if number is not None and number != number.to_integral_value():
        raise Unreadable("an amount in rupiah is whole")
    return None if number is None else int(number)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)) or value < 0:
        raise Unreadable("a number is not below zero")
    return Decimal(value)
