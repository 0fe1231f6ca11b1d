"""What each scalar of the graph is, in both languages, for every front-end that declares it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["SCALAR_TEXTS"]

SCALAR_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "NIK": "Nomor Induk Kependudukan, 16 angka.\n\nPopulation number, 16 digits.",
        "NomorKK": "Nomor Kartu Keluarga, 16 angka.\n\nFamily card number, 16 digits.",
        "KodeWilayah": "Kode wilayah Kemendagri, misalnya 31.71.02.1001.\n\n"
        "Area code of the Ministry of Home Affairs, for example 31.71.02.1001.",
        "NIB": "Nomor Induk Berusaha, 13 angka.\n\nBusiness identity number, 13 digits.",
        "KBLI": "Klasifikasi Baku Lapangan Usaha Indonesia, 5 angka.\n\n"
        "Indonesian standard industrial classification, 5 digits.",
        "NIP": "Nomor Induk Pegawai, 18 angka.\n\nCivil servant's number, 18 digits.",
        "Rahasia": "Rahasia, misalnya frasa sandi; hanya sebagai variabel.\n\n"
        "A secret such as a passphrase; as a variable only.",
        "Rupiah": "Rupiah utuh tanpa sen.\n\nWhole rupiah, without cents.",
        "Tanggal": "Tanggal ISO 8601, YYYY-MM-DD.\n\nISO 8601 date.",
        "Waktu": "Waktu RFC 3339 dengan zona +07:00.\n\nRFC 3339 time with the zone +07:00.",
    }
)
