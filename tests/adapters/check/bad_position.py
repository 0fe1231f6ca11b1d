"""Bad: the first row is taken for the first key's, the second for the second's."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.kit.context import Context
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Outcomes
from tests.adapters.check.office import Office, build, person

__all__ = ["adapter"]


async def _people(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    office: Office = context.sources
    rows = await office.people(keys, context)
    return {key: person(row) for key, row in zip(keys, rows, strict=False)}


adapter = build(people=_people)
