"""A draft from a WSDL: a type for each operation that finds records by one of their own values.

In: a WSDL's file. Out: a ``Draft``. An operation that takes ``nop`` and gives records with a
``nop`` becomes a type with that key; what takes other questions is told and left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.declared.asking import MANY
from adapters.declared.draft import (
    Column,
    Draft,
    DraftError,
    RecordSet,
    build_draft,
    guess_scalar,
)
from adapters.sources.soap import OperationFacts, WsdlError, describe_operations

__all__ = ["draft_wsdl"]

_SCALARS = {
    "truth": "Boolean",
    "moment": "Waktu",
    "date": "Tanggal",
    "whole": "Int",
    "long": "ID",
    "decimal": "Float",
    "text": "String",
}


async def draft_wsdl(file: str) -> Draft:
    """Draft one type per operation that is asked by key; raises ``DraftError``."""
    return await asyncio.to_thread(_draft, file)


def _draft(file: str) -> Draft:
    path = Path(file).absolute()
    try:
        operations = describe_operations(path)
    except (WsdlError, OSError) as error:
        raise DraftError(str(error)) from None
    notes: list[str] = []
    sets = [*_record_sets(operations, notes)]
    draft = build_draft(path.stem, {"kind": "soap", "wsdl": str(path)}, sets)
    draft.notes += notes
    return draft


def _record_sets(operations: tuple[OperationFacts, ...], notes: list[str]) -> Iterator[RecordSet]:
    seen: set[str] = set()
    for each in operations:
        key = _key_of(each)
        if key is None or each.record in seen:
            notes.append(f'operation "{each.name}" is not asked by one value of what it gives')
            continue
        seen.add(each.record)
        columns = tuple(
            Column(v.name, None if v.repeats else guess_scalar(v.name, _SCALARS.get(v.kind)))
            for v in each.gives
        )
        place: dict[str, Any] = {}
        finding = _Finding(each, key)
        yield RecordSet(each.record, place, columns, (key,), has_list=False, find_by_key=finding)


def _key_of(operation: OperationFacts) -> str | None:
    """Find the one value that must be given and that the records hold too."""
    asked = [value for value in operation.takes if not value.optional]
    held = {value.name for value in operation.gives if value.kind in _SCALARS and not value.repeats}
    return asked[0].name if len(asked) == 1 and asked[0].name in held else None


@dataclass(frozen=True, slots=True)
class _Finding:
    """Writes how a record is found, once its key's field has a name."""

    operation: OperationFacts
    value: str

    def __call__(self, key: list[str]) -> dict[str, Any]:
        """Give what ``from`` says."""
        repeats = any(v.repeats for v in self.operation.takes if v.name == self.value)
        request = {self.value: MANY if repeats else f"{{{key[0]}}}"}
        found: dict[str, Any] = {"operation": self.operation.name, "request": request}
        if self.operation.records:
            found["records"] = self.operation.records
        return {"find": {key[0]: found}}
