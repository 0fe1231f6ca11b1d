"""The agency's licence records as records of the graph.

In: one record as the agency writes it. Out: all fields of ``Izin``. The column of identities holds
NIK, NIB, NPWP and passports side by side: only what is a NIK joins to a resident, and the owner is
not the applicant.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from adapters.kit.normalize.area_name import AreaNames
from adapters.kit.normalize.date import normalize_date
from adapters.kit.normalize.nik import is_nik
from adapters.kit.normalize.null import clean_text, readable
from adapters.kit.normalize.person_name import normalize_name
from adapters.kit.outcome import FieldMark

__all__ = ["identity_kind", "is_active", "map_licence"]

_FILLING = str.maketrans("", "", " .-")
_NIB = re.compile(r"[0-9]{13}")
_NPWP = re.compile(r"[0-9]{15,16}")
_PASSPORT = re.compile(r"[A-Z]{1,2}[0-9]{6,8}")


def map_licence(record: dict[str, Any], areas: AreaNames) -> dict[str, Any]:
    """Give all fields of a licence."""
    owner = clean_text(record.get("owner_identity_number"))
    applicant = clean_text(record.get("applicant_identity_number"))
    kelurahan = readable(areas.find_kelurahan, record.get("jurisdiction"))
    return {
        "nomorSk": clean_text(record.get("decree_number")),
        "jenis": clean_text(record.get("permit_type")),
        "nama": clean_text(record.get("permit_name")),
        "sektor": clean_text(record.get("sector")),
        "kewenangan": clean_text(record.get("authority")),
        "kbli": clean_text(record.get("kbli")),
        "tanggalPermohonan": readable(normalize_date, record.get("application_date")),
        "tanggalTerbit": readable(normalize_date, record.get("issued_date")),
        "tanggalBerakhir": readable(normalize_date, record.get("expired_date")),
        "jenisIdentitasPemilik": identity_kind(owner),
        "identitasPemilik": owner,
        "namaPemilik": normalize_name(record.get("owner_name")),
        "pemilik": _resident(owner),
        "jenisIdentitasPemohon": identity_kind(applicant),
        "identitasPemohon": applicant,
        "namaPemohon": normalize_name(record.get("applicant_name")),
        "pemohon": _resident(applicant),
        "lokasi": clean_text(record.get("jurisdiction")),
        "kelurahan": {"kode": kelurahan} if isinstance(kelurahan, str) else kelurahan,
    }


def identity_kind(identity: str | None) -> str | None:
    """Tell what kind of identity a text is: ``NIK``, ``NIB``, ``NPWP``, ``PASPOR``, ``LAIN``."""
    if identity is None:
        return None
    if is_nik(identity):
        return "NIK"
    if _NIB.fullmatch(identity):
        return "NIB"
    if _NPWP.fullmatch(identity.translate(_FILLING)):
        return "NPWP"
    return "PASPOR" if _PASSPORT.fullmatch(identity.upper()) else "LAIN"


def is_active(licence: dict[str, Any], day: date) -> bool:
    """Tell whether a mapped licence is in force on ``day``; unreadable dates are not."""
    begins, ends = licence["tanggalTerbit"], licence["tanggalBerakhir"]
    if isinstance(begins, FieldMark) or isinstance(ends, FieldMark):
        return False
    return (begins is None or begins <= day) and (ends is None or ends >= day)


def _resident(identity: str | None) -> dict[str, str] | None:
    return {"nik": identity} if identity is not None and is_nik(identity) else None
