"""Values inside nested answers: which part holds the records, and a record as a row.

In: decoded JSON or plain SOAP values, and dotted paths. Out: rows by column, where a column is a
path inside a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.errors import BadRecord

__all__ = ["dig", "flatten", "records_of", "require_columns"]


def dig(value: Any, path: str) -> Any:
    """Follow a dotted path; None where it ends early. An empty path is the value itself."""
    for name in path.split(".") if path else ():
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def records_of(answer: Any, path: str, source: str) -> list[Mapping[str, Any]]:
    """Give the records in an answer: a list, one record, or none; raises ``BadRecord``.

    Null on the way to them says that there are none; an answer without the names of the path is
    not the one that was declared.
    """
    found = answer
    for name in path.split(".") if path else ():
        if found is None:
            return []
        if not isinstance(found, Mapping) or name not in found:
            raise BadRecord(f'source "{source}" answered without "{path}"')
        found = found[name]
    if found is None:
        return []
    records = found if isinstance(found, list) else [found]
    if not all(isinstance(record, Mapping) for record in records):
        raise BadRecord(f'source "{source}" answered with no records at "{path}"')
    return records


def require_columns(
    records: Sequence[Mapping[str, Any]], columns: Iterable[str], source: str
) -> None:
    """Refuse records of which none has a column that tells them apart; raises ``BadRecord``.

    One record may leave out what it does not know; when all do, the column has another name.
    """
    for column in columns:
        if records and not any(_has(record, column) for record in records):
            raise BadRecord(f'source "{source}" answered with records without "{column}"')


def flatten(record: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    """Give a record's values by column."""
    return {column: dig(record, column) for column in columns}


def _has(record: Mapping[str, Any], path: str) -> bool:
    """Tell whether a path leads to a value or to null."""
    above, _, name = path.rpartition(".")
    holder = dig(record, above)
    return holder is None or (isinstance(holder, Mapping) and name in holder)
