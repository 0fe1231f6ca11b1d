"""Closed lists in many spellings: sex, marital status, place in the family, religion, NIK status.

In: a code, an abbreviation or a word in any case. Out: the graph's enum value, None, or
``Unreadable``. The codes are the civil registry's (``kode_siak``: public integrations).
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.kit.normalize.null import Unreadable, is_null

__all__ = [
    "normalize_family_role",
    "normalize_marital_status",
    "normalize_nik_status",
    "normalize_religion",
    "normalize_sex",
]

_SEX = {
    "LAKI_LAKI": ("1", "L", "LK", "LAKILAKI", "LAKI", "PRIA", "M", "MALE"),
    "PEREMPUAN": ("2", "P", "PR", "PEREMPUAN", "WANITA", "W", "F", "FEMALE"),
}
_MARITAL = {
    "BELUM_KAWIN": ("1", "BELUMKAWIN", "BELUMMENIKAH", "BK", "LAJANG"),
    "KAWIN": ("2", "KAWIN", "MENIKAH", "K", "KAWINTERCATAT", "KAWINBELUMTERCATAT"),
    "CERAI_HIDUP": ("3", "CERAIHIDUP", "CH", "CERAI"),
    "CERAI_MATI": ("4", "CERAIMATI", "CM"),
}
_ROLES = {
    "KEPALA_KELUARGA": ("1", "KEPALAKELUARGA", "KK"),
    "SUAMI": ("2", "SUAMI"),
    "ISTRI": ("3", "ISTRI", "ISTERI"),
    "ANAK": ("4", "ANAK"),
    "MENANTU": ("5", "MENANTU"),
    "CUCU": ("6", "CUCU"),
    "ORANG_TUA": ("7", "ORANGTUA"),
    "MERTUA": ("8", "MERTUA"),
    "FAMILI_LAIN": ("9", "FAMILILAIN"),
    "PEMBANTU": ("10", "PEMBANTU"),
    "LAINNYA": ("11", "LAINNYA", "LAIN"),
}
_RELIGIONS = {
    "ISLAM": ("1", "ISLAM"),
    "KRISTEN": ("2", "KRISTEN", "PROTESTAN", "KRISTENPROTESTAN"),
    "KATOLIK": ("3", "KATHOLIK", "KATOLIK"),
    "HINDU": ("4", "HINDU"),
    "BUDDHA": ("5", "BUDHA", "BUDDHA"),
    "KHONGHUCU": ("6", "KHONGHUCU", "KONGHUCU"),
    "KEPERCAYAAN": ("7", "KEPERCAYAAN", "KEPERCAYAANTERHADAPTUHANYME"),
}
_STATUSES = {
    "AKTIF": ("AKTIF", "HIDUP", "1"),
    "DIBEKUKAN": ("DIBEKUKAN", "BEKU", "NONAKTIF", "BLOKIR"),
    "MENINGGAL": ("MENINGGAL", "MATI", "WAFAT", "MENINGGALDUNIA"),
    "PINDAH": ("PINDAH",),
    "GANDA": ("GANDA", "DUPLIKAT"),
}


def _invert(table: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {spelling: name for name, spellings in table.items() for spelling in spellings}


_SEX_BY = _invert(_SEX)
_MARITAL_BY = _invert(_MARITAL)
_ROLE_BY = _invert(_ROLES)
_RELIGION_BY = _invert(_RELIGIONS)
_STATUS_BY = _invert(_STATUSES)


def normalize_sex(value: object) -> str | None:
    """Give ``LAKI_LAKI`` or ``PEREMPUAN``."""
    return _find(value, _SEX_BY, "sex")


def normalize_marital_status(value: object) -> str | None:
    """Give ``BELUM_KAWIN``, ``KAWIN``, ``CERAI_HIDUP`` or ``CERAI_MATI``."""
    return _find(value, _MARITAL_BY, "marital status")


def normalize_family_role(value: object) -> str | None:
    """Give the place in the family, ``KEPALA_KELUARGA`` to ``LAINNYA``."""
    return _find(value, _ROLE_BY, "place in the family")


def normalize_religion(value: object) -> str | None:
    """Give the religion, ``ISLAM`` to ``KEPERCAYAAN``."""
    return _find(value, _RELIGION_BY, "religion")


def normalize_nik_status(value: object) -> str | None:
    """Give ``AKTIF``, ``DIBEKUKAN``, ``MENINGGAL``, ``PINDAH`` or ``GANDA``."""
    return _find(value, _STATUS_BY, "NIK status")


def _find(value: object, table: Mapping[str, str], what: str) -> str | None:
    if is_null(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # spreadsheets keep whole numbers as floats
    spelled = "".join(c for c in str(value).upper() if c.isalnum()).lstrip("0")
    found = table.get(spelled)
    if found is None:
        raise Unreadable(f"the {what} is written in an unknown way")
    return found
