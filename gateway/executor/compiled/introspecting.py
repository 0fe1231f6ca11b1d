"""Puts the answers of introspection fields into the records.

In: the operation's introspection parts and the places of its answer. Out: per part the walk to the
objects that it is asked of, and the attributes that hold it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from gateway.executor.compiled.paths import Reached, find_reached
from gateway.executor.compiled.place_tree import PlaceTree
from gateway.executor.compiled.places import Place, PlaceField
from gateway.executor.compiled.records import Records
from gateway.executor.compiled.source import NotCovered
from gateway.executor.compiled.walks import Walk, compile_walk
from gateway.executor.introspection import IntrospectionPart
from gateway.executor.project.shapes import INTROSPECTION_FIELDS

__all__ = ["Introspected", "compile_introspection"]


@dataclass(frozen=True, slots=True)
class Introspected:
    """One part of the answer that no subgraph gives."""

    part: IntrospectionPart
    walk: Walk
    attributes: Mapping[type[msgspec.Struct], Mapping[str, str]]  # by class and response name

    def fill(self, root: Any, variables: Mapping[str, Any]) -> None:
        """Put it into every object that it was asked of."""
        answer = self.part.answer(variables)
        for each in self.walk(root):
            for name, attribute in self.attributes[type(each)].items():
                setattr(each, attribute, answer.get(name))


def compile_introspection(
    parts: Sequence[IntrospectionPart], tree: PlaceTree, records: Records
) -> tuple[Introspected, ...]:
    """Place every part; raises ``NotCovered`` where a field would be left without its answer."""
    wanted = {place.number for place in tree.places if any(_fields_of(place))}
    if not wanted:
        return ()
    found = [(part, reached) for part in parts if (reached := _reach(part, tree.root)) is not None]
    if wanted - {place.number for _, reached in found for place in reached.places}:
        raise NotCovered
    return tuple(
        Introspected(
            part,
            compile_walk(reached, records),
            {records.of(place): _attributes(place) for place in reached.places},
        )
        for part, reached in found
    )


def _reach(part: IntrospectionPart, root: Place) -> Reached | None:
    """Find where a part belongs; None: a condition leaves that out."""
    try:
        return find_reached(root, part.path)
    except NotCovered:
        return None


def _attributes(place: Place) -> dict[str, str]:
    return {each.response_name: each.attribute for each in _fields_of(place)}


def _fields_of(place: Place) -> Iterator[PlaceField]:
    return (each for each in place.fields.values() if each.name in INTROSPECTION_FIELDS)
