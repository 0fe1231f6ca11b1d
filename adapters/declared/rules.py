"""The rules that a declared field may name, and the one that each scalar has by itself.

In: a name. Out: a function from what the source wrote to the graph's value; None for nothing,
``ValueError`` for what cannot be understood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from adapters.declared.model import EnumModel
from adapters.kit.normalize.area_code import kemendagri_from_bps, normalize_area_code
from adapters.kit.normalize.codes import (
    normalize_family_role,
    normalize_marital_status,
    normalize_nik_status,
    normalize_religion,
    normalize_sex,
)
from adapters.kit.normalize.date import normalize_date
from adapters.kit.normalize.nik import normalize_nik, normalize_no_kk
from adapters.kit.normalize.null import Unreadable, clean_text, is_null
from adapters.kit.normalize.number import normalize_decimal, normalize_truth, normalize_whole
from adapters.kit.normalize.person_name import normalize_name
from adapters.kit.normalize.rt_rw import normalize_rt

__all__ = ["RULES", "SCALAR_RULES", "SPELLINGS", "Rule", "Spell", "enum_rule", "enum_spellings"]

Rule = Callable[[Any], Any]
"""From what the source wrote to the graph's value."""

Spell = Callable[[Any], tuple[Any, ...]]
"""From the graph's value to what the source may have written."""


def normalize_moment(value: object) -> datetime | None:
    """Give a moment that is written as ISO 8601; raises ``ValueError``."""
    if isinstance(value, datetime):
        return value
    return None if is_null(value) else datetime.fromisoformat(str(value).strip())


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "text": clean_text,
        "name": normalize_name,
        "nik": normalize_nik,
        "nomor_kk": normalize_no_kk,
        "date": normalize_date,
        "moment": normalize_moment,
        "whole": normalize_whole,
        "decimal": normalize_decimal,
        "truth": normalize_truth,
        "area_code": normalize_area_code,
        "bps_city": kemendagri_from_bps,
        "rt": normalize_rt,
        "sex": normalize_sex,
        "marital_status": normalize_marital_status,
        "family_role": normalize_family_role,
        "religion": normalize_religion,
        "nik_status": normalize_nik_status,
    }
)

SCALAR_RULES: Mapping[str, str] = MappingProxyType(
    {
        "String": "text",
        "ID": "text",
        "Int": "whole",
        "Float": "decimal",
        "Boolean": "truth",
        "NIK": "nik",
        "NomorKK": "nomor_kk",
        "KodeWilayah": "area_code",
        "NIB": "text",
        "KBLI": "text",
        "NIP": "text",
        "Rupiah": "whole",
        "Tanggal": "date",
        "Waktu": "moment",
    }
)
"""Scalar of the graph -> the rule of its values, where the field names none."""


def enum_rule(enum: EnumModel) -> Rule:
    """Give the rule of an enum: its names and what the source writes for each, in any case."""
    known = {name.lower(): name for name in enum.values}
    for name, value in enum.values.items():
        known |= {str(written).strip().lower(): name for written in value.from_}

    def rule(value: object) -> str | None:
        found = known.get(str(value).strip().lower())
        if found is None and not is_null(value):
            raise Unreadable("not a value of the enum")
        return found

    return rule


def _area_codes(code: Any) -> tuple[Any, ...]:
    return (code, code.replace(".", ""))


def _themselves(value: Any) -> tuple[Any, ...]:
    return (value,)


def _moments(value: Any) -> tuple[Any, ...]:
    return (value.isoformat(),)


SPELLINGS: Mapping[str, Spell] = MappingProxyType(
    {
        **dict.fromkeys(("text", "name", "nik", "nomor_kk", "whole", "decimal"), _themselves),
        "date": _moments,
        "moment": _moments,
        "area_code": _area_codes,
    }
)
"""Rule -> how a source may have written a value, so that it can be asked for it. A rule that is not
here cannot be turned round: only sources that are read whole find records by it."""


def enum_spellings(enum: EnumModel) -> Spell:
    """Give how a source writes a value of an enum."""
    return lambda name: (name, *enum.values[name].from_)
