"""The registry's batch functions.

In: NIKs, KK numbers or claims, and the wanted fields. Out: outcomes by key. Which method is called
follows from the fields: biodata from ``call_nik``, status from ``call_status``, members from
``call_kk``; what is not wanted is not called. If one method fails, the fields of the other stay.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.dukcapil.mapping import (
    BIODATA_FIELDS,
    STATUS_FIELDS,
    card_of,
    map_address,
    map_biodata,
    map_status,
    nik_of,
    spouse_of,
)
from adapters.dukcapil.source import READ_SOURCE, VERIFY_SOURCE, Dukcapil
from adapters.dukcapil.verification import build_claims, map_verdict
from adapters.dukcapil.wire import Method, Row
from adapters.errors import BadRecord, SourceError
from adapters.kit.context import Context
from adapters.kit.definition import Wanted, below
from adapters.kit.outcome import Failed, Found, NotFound, Outcome, Outcomes
from adapters.kit.python import lookup

__all__ = ["cards_by_number", "people_by_nik", "spouses", "verify_claims"]


@lookup("Penduduk", key="nik")
async def people_by_nik(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give residents by NIK."""
    outcomes = await asyncio.gather(*(_person(key, wanted, context) for key in keys))
    return dict(zip(keys, outcomes, strict=True))


@lookup("KartuKeluarga", key="noKk")
async def cards_by_number(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    """Give family cards by number."""
    outcomes = await asyncio.gather(*(_card(key, wanted, context) for key in keys))
    return dict(zip(keys, outcomes, strict=True))


async def spouses(
    keys: Sequence[tuple[str, str | None]], wanted: Wanted, context: Context
) -> Outcomes:
    """Find each resident's spouse on the family card; keys are (NIK, KK number)."""
    outcomes = await asyncio.gather(*(_spouse(nik, card, wanted, context) for nik, card in keys))
    return dict(zip(keys, outcomes, strict=True))


async def verify_claims(given: Mapping[str, Any], context: Context) -> Outcome:
    """Let the registry say which claims agree with its record."""
    registry: Dukcapil = context.sources
    nik = given["nik"]
    try:
        rows = await registry.verify(nik, build_claims(given), context)
    except SourceError as error:
        return Failed(error, VERIFY_SOURCE)
    return Found({"nik": nik, "elemen": map_verdict(rows[0])}) if rows else NotFound()


async def _person(nik: str, wanted: Wanted, context: Context) -> Outcome:
    heads = {name.split(".", 1)[0] for name in wanted}
    biodata, status = heads & BIODATA_FIELDS, heads & STATUS_FIELDS
    asked = [Method.STATUS] if status and not biodata else [Method.NIK]
    if biodata and status:
        asked.append(Method.STATUS)
    answers = await asyncio.gather(*(_row(method, nik, context) for method in asked))
    if all(isinstance(answer, SourceError) for answer in answers):
        return Failed(answers[0], READ_SOURCE)
    if all(answer is None for answer in answers):
        return NotFound()
    record: dict[str, Any] = {"nik": nik}
    for method, answer in zip(asked, answers, strict=True):
        fields = biodata if method is Method.NIK else status
        if isinstance(answer, SourceError):
            record |= dict.fromkeys(fields, Failed(answer, READ_SOURCE))
        elif method is Method.STATUS:
            record |= map_status(answer, fields)
        else:
            record |= map_biodata(answer, fields) if answer else dict.fromkeys(fields)
    return Found(record)


async def _row(method: Method, nik: str, context: Context) -> Any:
    """Give the one row of a NIK, None, or the error as a value. Any: three kinds of answer."""
    registry: Dukcapil = context.sources
    try:
        rows = await registry.rows(method, nik, context)
    except SourceError as error:
        return error
    if not rows:
        return None
    if len(rows) != 1 or nik_of(rows[0]) != nik:
        return BadRecord("the registry answered with another NIK than the one asked")
    return rows[0]


async def _members(card: str, context: Context) -> list[Row]:
    """Give the rows of a family card; raises ``SourceError``, also if they are another card's."""
    registry: Dukcapil = context.sources
    rows = await registry.rows(Method.KK, card, context)
    if any(card_of(row) not in (card, None) for row in rows):
        raise BadRecord("the registry answered with another family card than the one asked")
    return rows


async def _card(card: str, wanted: Wanted, context: Context) -> Outcome:
    try:
        rows = await _members(card, context)
    except SourceError as error:
        return Failed(error, READ_SOURCE)
    if not rows:
        return NotFound()
    fields = {name.split(".", 1)[0] for name in below(wanted, "anggota")} & BIODATA_FIELDS
    return Found(
        {
            "noKk": card,
            "alamat": map_address(rows[0]),
            "anggota": [map_biodata(row, fields) for row in rows],
        }
    )


async def _spouse(nik: str, card: str | None, wanted: Wanted, context: Context) -> Outcome:
    if card is None:
        return NotFound()
    try:
        rows = await _members(card, context)
    except SourceError as error:
        return Failed(error, READ_SOURCE)
    spouse = spouse_of(nik, rows)
    fields = {name.split(".", 1)[0] for name in wanted} & BIODATA_FIELDS
    for row in rows:
        if spouse is not None and nik_of(row) == spouse:
            return Found(map_biodata(row, fields))
    return NotFound()
