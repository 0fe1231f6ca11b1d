"""A collection's parameters as SQL.

In: the query string of `/api/v1/licences`. Out: `LicenceQuery`: a WHERE clause with bound values,
order, page. Names come from a fixed list, so that nothing of the request becomes SQL.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from demo.dpmptsp.tokens import AgencyError

__all__ = ["FIELDS", "LicenceQuery", "parse_query"]

FIELDS = (
    *("id", "decree_number", "owner_identity_number", "owner_name"),
    *("applicant_identity_number", "applicant_name", "application_date", "issued_date"),
    *("expired_date", "permit_type", "permit_name", "sector", "authority", "jurisdiction", "kbli"),
)
"""The fields that may be filtered and sorted."""

MOST = 100
"""The most records of a page and the most values of a list."""

_COMPARISONS = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_FILTER = re.compile(r"filter\[(\w+)\](?:\[(\w+)\])?")
_RELATIONS = ("history", "business")


@dataclass(frozen=True, slots=True)
class LicenceQuery:
    """One page that is asked for."""

    where: str
    values: tuple[str, ...]
    order: str
    page: int  # from 1
    limit: int
    relations: tuple[str, ...]


def parse_query(parameters: Iterable[tuple[str, str]]) -> LicenceQuery:
    """Read the parameters; raises AgencyError with status 422 for what is not understood."""
    conditions: list[str] = ["1"]
    values: list[str] = []
    page, limit, order = 1, 20, "id"
    relations: tuple[str, ...] = ()
    for name, value in parameters:
        match name:
            case "page":
                page = _parse_count(name, value, 10**6)
            case "limit":
                limit = _parse_count(name, value, MOST)
            case "sort":
                order = _parse_sort(value)
            case "with":
                relations = _parse_relations(value)
            case "id_in":
                _add_list(conditions, values, "id", value)
            case _:
                _add_filter(conditions, values, name, value)
    return LicenceQuery(" AND ".join(conditions), tuple(values), order, page, limit, relations)


def _add_filter(conditions: list[str], values: list[str], name: str, value: str) -> None:
    found = _FILTER.fullmatch(name)
    if found is None:
        raise _refuse(f'unknown parameter "{name[:40]}"', "page, limit, filter, sort, with, id_in")
    field, operator = found[1], found[2] or "eq"
    if field not in FIELDS:
        raise _refuse(f'unknown field "{field[:40]}"', ", ".join(FIELDS))
    if operator == "in":
        _add_list(conditions, values, field, value)
    elif operator == "like":
        conditions.append(f"instr(upper({field}), upper(?)) > 0")
        values.append(value)
    elif operator in _COMPARISONS:
        conditions.append(f"{field} {_COMPARISONS[operator]} ?")
        values.append(value)
    else:
        raise _refuse(f'unknown operator "{operator[:40]}"', "eq, in, like, gt, gte, lt, lte")


def _add_list(conditions: list[str], values: list[str], field: str, value: str) -> None:
    items = [item.strip() for item in value.split(",") if item.strip()]
    if len(items) > MOST:
        raise _refuse(f"{len(items)} values in one filter", f"at most {MOST}")
    conditions.append(f"{field} IN ({', '.join('?' * len(items))})")
    values += items


def _parse_count(name: str, value: str, most: int) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= most:
        raise _refuse(f'"{name}" is no number from 1 to {most}', "")
    return int(value)


def _parse_sort(value: str) -> str:
    parts = []
    for item in value.split(","):
        field = item.removeprefix("-")
        if field not in FIELDS:
            raise _refuse(f'unknown field "{field[:40]}"', ", ".join(FIELDS))
        parts.append(f"{field} {'DESC' if item.startswith('-') else 'ASC'}")
    return ", ".join([*parts, "id ASC"])


def _parse_relations(value: str) -> tuple[str, ...]:
    names = tuple(value.split(","))
    unknown = [name for name in names if name not in _RELATIONS]
    if unknown:
        raise _refuse(f'unknown relation "{unknown[0][:40]}"', ", ".join(_RELATIONS))
    return names


def _refuse(description: str, hint: str) -> AgencyError:
    return AgencyError(422, "invalid_filter", description, hint)
