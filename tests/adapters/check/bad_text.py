"""Bad: whatever goes wrong is told in the words of the exception, with the number asked for."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.errors import SourceError, SourceUnavailable
from adapters.kit.context import Context
from adapters.kit.definition import Wanted
from adapters.kit.outcome import Failed, Outcomes
from tests.adapters.check.office import Office, build, person

__all__ = ["adapter"]


async def _people(keys: Sequence[str], wanted: Wanted, context: Context) -> Outcomes:
    office: Office = context.sources
    try:
        rows = await office.people(keys, context)
    except SourceError:
        raise
    except Exception as error:
        return {key: Failed(SourceUnavailable(f"{key}: {error}")) for key in keys}
    return {row["nik"]: person(row) for row in rows}


adapter = build(people=_people)
