"""Finds where a fetch's path leads: to which places, and how their objects are met in order.

In: a path of the plan and the root's place. Out: ``Reached``. Where the path leads to the places of
one position, their objects are listed as they come. Where it goes through fields of several types,
each has objects of its own, and only a walk from the root meets them in the order of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from graphql import GraphQLOutputType

from gateway.executor.compiled.places import Place, PlaceField, list_depth
from gateway.executor.compiled.source import NotCovered
from gateway.plan.nodes import FetchPath, TypeCondition

__all__ = ["Reached", "depth_of", "find_reached"]


@dataclass(frozen=True, slots=True)
class Step:
    """One name of a path: the field of that name, of each type that has it."""

    fields: tuple[tuple[Place, PlaceField], ...]
    lists: int  # in one another, around the objects


@dataclass(frozen=True, slots=True)
class Reached:
    """What one path leads to."""

    places: tuple[Place, ...]
    list_number: int  # of the list of their objects
    steps: tuple[Step, ...]  # from the root

    @property
    def is_one_position(self) -> bool:
        """Tell whether the objects are listed as they come; else a walk lists them."""
        return all(len(each.fields) == 1 for each in self.steps)

    @property
    def is_one_kind(self) -> bool:
        """Tell whether all objects that are listed are of one place."""
        return self.is_one_position and not self.places[0].is_tagged

    def parted(self, depth: int) -> tuple[Reached, Reached]:
        """Give the way from the root to the objects at ``depth``, and that from them on."""
        rest = self.steps[depth:]
        if not rest:
            raise NotCovered
        places = tuple(place for place, _ in rest[0].fields)
        return replace(self, places=places, steps=self.steps[:depth]), replace(self, steps=rest)


def find_reached(root: Place, path: FetchPath) -> Reached:
    """Follow a path; raises ``NotCovered`` where it leads nowhere or into more than it says."""
    found, lists = [root], 0
    steps: list[Step] = []
    for element in path:
        if isinstance(element, TypeCondition):
            found = [place for place in found if place.type_name in element.types]
        elif element == "@":
            lists -= 1
        else:
            steps.append(_step(found, element))
            found = [child for _, field in steps[-1].fields for child in field.children]
            lists = steps[-1].lists
        if lists < 0 or not found:
            raise NotCovered
    return Reached(tuple(found), found[0].list_number, tuple(steps))


def depth_of(path: FetchPath) -> int:
    """Count the names of a path: its steps."""
    return sum(isinstance(each, str) and each != "@" for each in path)


def _step(places: list[Place], name: str) -> Step:
    fields = [
        (place, field)
        for place in places
        if (field := place.fields.get(name)) is not None and field.children
    ]
    depths = {_depth_of(field.type) for _, field in fields}
    if len(depths) != 1:
        raise NotCovered
    return Step(tuple(fields), depths.pop())


def _depth_of(of: GraphQLOutputType | None) -> int:
    return 0 if of is None else list_depth(of)
