"""Which fields find a person's record by a personal value, and what opens them.

In: a supergraph, the classes of its fields, the inputs that are personal and the types that may
hold one. Out: by coordinate, the classed fields of the record found. Whoever may read none of them
must not learn that there is such a record either: ``{ penduduk(nik: …) { __typename } }`` names no
classed field, and its answer would still tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar

from schema.coordinates import coordinate
from schema.supergraph.model import ObjectType, Supergraph, UnionType

__all__ = ["find_lookups"]

C = TypeVar("C")


def find_lookups(
    supergraph: Supergraph,
    classes: Mapping[str, C],
    personal_inputs: Collection[str],
    holders: Collection[str],
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every field without a class that takes a personal value and answers with a record."""
    for name, definition in supergraph.types.items():
        if not isinstance(definition, ObjectType):
            continue
        for each in definition.fields.values():
            where = coordinate(name, each.name)
            if where in classes or not any(
                coordinate(name, each.name, argument.name) in personal_inputs
                or argument.type.named in holders
                for argument in each.arguments
            ):
                continue
            found = tuple(_classed(supergraph, each.type.named, classes))
            if found:
                yield where, found


def _classed(supergraph: Supergraph, type_name: str, classes: Mapping[str, C]) -> Iterator[str]:
    """Yield the classed fields of a record, whichever type it turns out to have."""
    definition = supergraph.types.get(type_name)
    if not isinstance(definition, ObjectType | UnionType):
        return
    for name in dict.fromkeys((type_name, *supergraph.possible_types(type_name))):
        record = supergraph.types[name]
        if isinstance(record, ObjectType):
            for each in record.fields:
                where = coordinate(name, each)
                if where in classes:
                    yield where
