"""Bad: it waits for its source whoever has left, and counts a row as often as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import Any

from msgspec import structs

from adapters.kit.context import Context
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Found, Outcomes
from tests.adapters.check.office import Office, build, letter, person

__all__ = ["adapter"]


async def _people(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    office: Office = context.sources
    patient = replace(context, call=structs.replace(context.call, deadline=None))
    rows = await _to_the_end(office.people(keys, patient))
    return {row["nik"]: person(row) for row in rows}


async def _letters(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    office: Office = context.sources
    found: dict[str, list[Any]] = {key: [] for key in keys}
    for row in await office.letters(keys, context):
        if row["nik"] in found:
            found[row["nik"]].append(letter(row))
    return {key: Found(letters) for key, letters in found.items()}


async def _to_the_end(asked: Awaitable[Any]) -> Any:
    task = asyncio.ensure_future(asked)
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            continue
    return task.result()


adapter = build(people=_people, letters=_letters)
