"""The agency's batch functions.

In: decree numbers, NIKs, a span of days. Out: outcomes by key. Up to 100 keys travel in one call;
which record belongs to which key is read from the record, never from its place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from adapters.dpmptsp.mapping import is_active, map_licence
from adapters.dpmptsp.source import PAGE_SIZE, SOURCE, Dpmptsp
from adapters.errors import SourceError
from adapters.kit.context import Context
from adapters.kit.definition import Wanted
from adapters.kit.filtering import Compare, order_values, read_filters, read_order
from adapters.kit.outcome import (
    Failed,
    Found,
    InvalidArgument,
    Outcome,
    Outcomes,
    Page,
    PageRequest,
)
from adapters.kit.paging import pack_cursor, unpack_cursor
from adapters.kit.python import lookup

__all__ = ["chosen", "expiring", "licences_by_decree", "licences_of"]


_NAMES = {
    "nomorSk": "decree_number",
    "jenis": "permit_type",
    "sektor": "sector",
    "kewenangan": "authority",
    "kbli": "kbli",
    "tanggalPermohonan": "application_date",
    "tanggalTerbit": "issued_date",
    "tanggalBerakhir": "expired_date",
}
"""Field -> what the agency calls it in filters and orders."""

_EXACT: tuple[Compare, ...] = ("equal", "in")
_DATE: tuple[Compare, ...] = ("equal", "from", "to")
_FILTERS: dict[str, tuple[Compare, ...]] = {
    **dict.fromkeys(("jenis", "sektor", "kewenangan", "kbli"), _EXACT),
    **dict.fromkeys(("tanggalPermohonan", "tanggalTerbit", "tanggalBerakhir"), _DATE),
}
"""Field -> what the agency can compare."""

_PARAMETERS: dict[Compare, str] = {"equal": "", "in": "[in]", "from": "[gte]", "to": "[lte]"}
_ORDERS = order_values(("nomorSk", "tanggalPermohonan", "tanggalTerbit", "tanggalBerakhir"))


@lookup("Izin", key="nomorSk")
async def licences_by_decree(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give licences by decree number."""
    agency: Dpmptsp = context.sources
    groups, failed = await _by_identity("decree_number", keys, context)
    found = {key: Found(map_licence(records[0], agency.areas)) for key, records in groups.items()}
    return {**found, **failed}


async def licences_of(
    keys: Sequence[str], context: Context, column: str, active_on: date | None
) -> Outcomes:
    """Give the licences whose ``column`` holds one of these NIKs."""
    agency: Dpmptsp = context.sources
    groups, failed = await _by_identity(column, keys, context)
    outcomes: dict[str, Outcome] = {**failed}
    for key, records in groups.items():
        licences = [map_licence(record, agency.areas) for record in records]
        if active_on is not None:
            licences = [licence for licence in licences if is_active(licence, active_on)]
        outcomes[key] = Found(licences)
    return outcomes


async def chosen(
    saring: Mapping[str, Any] | None,
    urutkan: Sequence[str] | None,
    page: PageRequest,
    context: Context,
) -> Page:
    """List licences by filters and an order that the agency itself applies.

    Raises ``InvalidArgument`` for what it cannot do, and for more values than a filter takes.
    """
    filters: list[tuple[str, str]] = []
    for each in read_filters(saring, _FILTERS):
        texts = [str(value) for value in (each.value if each.compare == "in" else (each.value,))]
        if any("," in text for text in texts) or not texts:
            return Page([])  # a comma would make two values of one, and no licence has one
        if len(texts) > PAGE_SIZE:
            raise InvalidArgument(
                f'"saring.{each.field}.dalam" holds more than {PAGE_SIZE} values.'
            )
        parameter = f"filter[{_NAMES[each.field]}]{_PARAMETERS[each.compare]}"
        filters.append((parameter, ",".join(texts)))
    orders = read_order(urutkan, _ORDERS)
    sort = [f"{'-' if order.descending else ''}{_NAMES[order.field]}" for order in orders]
    return await _walk(filters, ",".join([*sort, "id"]), None, page, context)


async def expiring(
    span: tuple[date, date],
    kinds: tuple[str | None, str | None],
    page: PageRequest,
    context: Context,
) -> Page:
    """List licences that end within ``span``, perhaps of one permit type or one kelurahan.

    The agency filters dates and types; the kelurahan, free text there, is filtered here. A cursor
    is a page of the agency's and a place in it.
    """
    permit_type, kelurahan = kinds
    filters = [
        ("filter[expired_date][gte]", span[0].isoformat()),
        ("filter[expired_date][lte]", span[1].isoformat()),
    ]
    if permit_type is not None:
        filters.append(("filter[permit_type]", permit_type))
    return await _walk(filters, "id", kelurahan, page, context)


async def _walk(
    filters: Sequence[tuple[str, str]],
    sort: str,
    kelurahan: str | None,
    page: PageRequest,
    context: Context,
) -> Page:
    agency: Dpmptsp = context.sources
    number, start = (1, 0) if page.after is None else unpack_cursor(page.after, int, int)
    nodes: list[dict[str, Any]] = []
    while True:
        batch = await agency.page(filters, number, context, sort)
        for place in range(start, len(batch.records)):
            if len(nodes) == page.first:
                return Page(nodes, True, pack_cursor(number, place))
            licence = map_licence(batch.records[place], agency.areas)
            if kelurahan is None or licence["kelurahan"] == {"kode": kelurahan}:
                nodes.append(licence)
        if not batch.has_next or not batch.records:
            return Page(nodes, False, pack_cursor(number, len(batch.records)))
        number, start = number + 1, 0


async def _by_identity(
    column: str, keys: Sequence[str], context: Context
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, Outcome]]:
    """Group the records of many keys by key; a failed call fails its own keys only."""
    parts = [keys[at : at + PAGE_SIZE] for at in range(0, len(keys), PAGE_SIZE)]
    answers = await asyncio.gather(*(_ask(column, part, context) for part in parts))
    groups: dict[str, list[dict[str, Any]]] = {}
    failed: dict[str, Outcome] = {}
    for part, answer in zip(parts, answers, strict=True):
        if isinstance(answer, SourceError):
            failed |= dict.fromkeys(part, Failed(answer, SOURCE))
            continue
        for record in answer:
            group = groups.setdefault(str(record.get(column)).strip(), [])
            if record not in group:  # pages drift: what stood on one comes again on the next
                group.append(record)
    return groups, failed


async def _ask(
    column: str, keys: Sequence[str], context: Context
) -> list[dict[str, Any]] | SourceError:
    agency: Dpmptsp = context.sources
    plain = [key for key in keys if "," not in key]  # a comma would make two values of one
    if not plain:
        return []
    try:
        return await agency.all([(f"filter[{column}][in]", ",".join(plain))], context)
    except SourceError as error:
        return error
