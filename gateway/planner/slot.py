"""Where in the merged data an object is, and which response names are taken there.

In: response names as the walk reaches them. Out: a ``Slot`` (the path of a plan, with type
conditions) and its ``Place`` (the plain response path, where names are kept).

Keys and @requires inputs are added to the client's data under their plain names, except where the
client uses that name for another field or other arguments: then an internal alias is claimed. The
client's names are claimed first, for the whole operation, so that they always win.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.plan.nodes import FetchPath, PathElement, TypeCondition
from schema.selection import Argument, Field, SelectionSet
from schema.type_ref import TypeRef

__all__ = ["Place", "Slot", "Slots"]

ALIAS_PREFIX = "_k_"  # of internal aliases; stripped from answers because nobody asked for them

_Call = tuple[str, tuple[Argument, ...]]


@dataclass(slots=True, eq=False)
class Place:
    """One plain response path: what each response name stands for, and the places below."""

    names: dict[str, _Call | None] = field(default_factory=dict)  # None: differs by type
    children: dict[str, Place] = field(default_factory=dict)

    def child(self, response_name: str) -> Place:
        """Give the place below."""
        return self.children.setdefault(response_name, Place())

    def claim_client_names(self, selection_set: SelectionSet) -> None:
        """Take the names of everything that the client selects here and below."""
        for selection in selection_set:
            if not isinstance(selection, Field):
                self.claim_client_names(selection.selections)
                continue
            name, call = selection.response_name, (selection.name, selection.arguments)
            self.names[name] = call if self.names.get(name, call) == call else None
            if selection.selections is not None:
                self.child(name).claim_client_names(selection.selections)

    def claim(self, name: str, arguments: tuple[Argument, ...]) -> str:
        """Give the response name under which an internal field is kept here."""
        call = (name, arguments)
        candidate, number = name, 0
        while self.names.setdefault(candidate, call) != call:
            candidate = f"{ALIAS_PREFIX}{name}" + (f"_{number}" if number else "")
            number += 1
        return candidate


@dataclass(slots=True, eq=False)
class Slot:
    """A path of the plan; two objects of one slot are the same place of the answer."""

    id: int
    path: FetchPath
    place: Place
    type_name: str = ""  # as the supergraph declares it; none at the root


class Slots:
    """All slots of one operation."""

    def __init__(self) -> None:
        self.root = Slot(0, (), Place())
        self._slots: dict[tuple[int, tuple[str, ...] | None, str], Slot] = {}

    def child(
        self, slot: Slot, types: tuple[str, ...] | None, response_name: str, type_ref: TypeRef
    ) -> Slot:
        """Give the slot of a field of ``slot``'s objects, where narrowed to ``types``."""
        key = (slot.id, types, response_name)
        known = self._slots.get(key)
        if known is None:
            narrowed: FetchPath = () if types is None else (TypeCondition(types),)
            path: FetchPath = (*slot.path, *narrowed, response_name, *_items(type_ref))
            place = slot.place.child(response_name)
            known = Slot(len(self._slots) + 1, path, place, type_ref.named)
            self._slots[key] = known
        return known


def _items(type_ref: TypeRef) -> tuple[PathElement, ...]:
    levels: tuple[PathElement, ...] = ()
    while type_ref.of is not None:
        levels = (*levels, "@")
        type_ref = type_ref.of
    return levels
