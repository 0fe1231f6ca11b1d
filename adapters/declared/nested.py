"""Values inside nested answers: which part holds the records, and a record as a row.

In: decoded JSON or plain SOAP values, and dotted paths. Out: rows by column, where a column is a
path inside a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.errors import BadRecord

__all__ = ["dig", "flatten", "records_of"]


def dig(value: Any, path: str) -> Any:
    """Follow a dotted path; None where it ends early. An empty path is the value itself."""
    for name in path.split(".") if path else ():
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def records_of(answer: Any, path: str, source: str) -> list[Mapping[str, Any]]:
    """Give the records in an answer: a list, one record, or none; raises ``BadRecord``."""
    found = dig(answer, path)
    if found is None:
        return []
    records = found if isinstance(found, list) else [found]
    if not all(isinstance(record, Mapping) for record in records):
        raise BadRecord(f'source "{source}" answered with no records at "{path}"')
    return records


def flatten(record: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    """Give a record's values by column."""
    return {column: dig(record, column) for column in columns}
