"""What is known of every object of the answer: who makes it, and who fills its fields.

In: nothing. Out: ``Place``: one per selection set of the answer and object type, with the fields
that the client sees, in response order, and after them those that only the plan needs. From it the
records are made. An interface or union has a place per possible type; its objects are *tagged*:
their type name says which record they get.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType, GraphQLScalarType

from gateway.executor.project.shapes import OutputShape

__all__ = ["OPAQUE", "ROOT", "Place", "PlaceField", "is_list", "list_depth"]

ROOT = -1
"""The origin of the root: no fetch makes it."""

OPAQUE = GraphQLScalarType("_Opaque")
"""The type of what is kept as it came: the client sees nothing of it, or the API has no type."""


@dataclass(slots=True)
class PlaceField:
    """One field of a place, whoever asks for it."""

    response_name: str
    name: str
    attribute: str  # of the place's record
    is_visible: bool
    type: GraphQLOutputType | None  # None: ``__typename``
    shape: OutputShape | None = None  # None: not visible
    is_abstract: bool = False
    children: list[Place] = field(default_factory=list)  # of objects that a fetch gives, by type
    givers: list[int] = field(default_factory=list)  # ids of fetches, as they are merged
    denied: str | None = None  # its coordinate, if the client sees null for want of a grant
    repeats: int | None = None  # list of the records in which an object stands again; None: unknown
    is_wide: bool = False  # an ID or a Float that may be a whole number, kept as it came
    aliases: dict[int, str] = field(default_factory=dict)  # by the ids of those who rename it

    def name_from(self, fetch_id: int) -> str:
        """Give the name under which a fetch's answer has it."""
        return self.aliases.get(fetch_id, self.response_name)

    def is_made_by(self, fetch_id: int) -> bool:
        """Tell whether the objects in it are made by a fetch; others only add to them."""
        return bool(self.children) and self.children[0].origin == fetch_id

    def is_wanted(self, fetch_id: int) -> bool:
        """Tell whether anything is to be found there in a fetch's answer, or made a record."""
        is_made = self.is_made_by(fetch_id)
        return any(
            (is_made and (child.is_gathered or child.is_made_again))
            or any(each.is_wanted(fetch_id) for each in child.given_by(fetch_id))
            for child in self.children
        )

    @property
    def is_opaque(self) -> bool:
        """Tell whether it may hold anything, also objects that are not looked into."""
        return self.type is OPAQUE

    @property
    def is_packed(self) -> bool:
        """Tell whether its objects come as bytes, each distinct one to be decoded once.

        That pays where a subgraph repeats an object with a list of objects at many positions: to
        pass over bytes costs a third of decoding them.
        """
        return (
            len(self.givers) == 1
            and self.is_wanted(self.givers[0])
            and any(
                child.is_in_list
                and not child.is_made_again
                and not child.is_unshared
                and any(map(_holds_list, child.made_of()))
                for child in self.children
            )
        )


@dataclass(slots=True)
class Place:
    """One selection set of the answer; all its objects are of one record class."""

    number: int
    list_number: int  # of the list that gathers its objects: that of all types at one position
    type_name: str
    is_tagged: bool  # one of several types at its position
    origin: int  # the id of the fetch that makes its objects
    fields: dict[str, PlaceField]  # by response name; visible ones first, in response order
    is_hidden: bool = False  # the client sees nothing of its objects
    is_asked: bool = False  # another fetch completes its objects
    is_in_list: bool = False  # its objects may stand at many positions
    lacks_fields: bool = False  # nobody gives a non-null one: its objects are not expected
    is_unshared: bool = False  # what comes later depends on what its objects stand in

    @property
    def is_gathered(self) -> bool:
        """Tell whether its objects must be found again: to ask for them, or to finish them."""
        return self.is_asked or bool(self.hidden() or self.widened() or self.withheld())

    @property
    def is_made_again(self) -> bool:
        """Tell whether its objects come as records of another class, which tells or renames."""
        return self.is_tagged or any(self.origin in each.aliases for each in self.fields.values())

    def withheld(self) -> list[PlaceField]:
        """List the fields that the plan needs and the client may not see."""
        return [each for each in self.fields.values() if each.denied is not None and each.givers]

    def widened(self) -> list[PlaceField]:
        """List the fields whose values are made the client's when everything has come."""
        return [each for each in self.fields.values() if each.is_wide and each.is_visible]

    def hidden(self) -> list[PlaceField]:
        """List what the records hold and the client did not ask; a tag is not held."""
        if self.is_hidden:
            return []  # the field that holds them is hidden
        return [
            each
            for each in self.fields.values()
            if not each.is_visible and not self.is_tag(each.response_name)
        ]

    def is_tag(self, response_name: str) -> bool:
        """Tell whether the field is what tells tagged objects apart."""
        return self.is_tagged and response_name == "__typename"

    def holds_packed(self, fetch_id: int) -> bool:
        """Tell whether anything of what a fetch gives comes as bytes."""
        return any(
            field.is_packed or any(child.holds_packed(fetch_id) for child in field.children)
            for field in self.given_by(fetch_id)
        )

    def makes_unshared(self, fetch_id: int) -> bool:
        """Tell whether a fetch makes objects here that are never shared."""
        return any(
            each.children[0].is_unshared
            if each.is_made_by(fetch_id)
            else any(child.makes_unshared(fetch_id) for child in each.children)
            for each in self.given_by(fetch_id)
        )

    def givers_of(self, response_name: str) -> list[int]:
        """List the fetches that give a field."""
        found = self.fields.get(response_name)
        return [] if found is None else found.givers

    def made_of(self) -> list[PlaceField]:
        """List the fields that a tagged object comes with, without its tag."""
        given = self.given_by(self.origin)
        return [each for each in given if not self.is_tag(each.response_name)]

    def given_by(self, fetch_id: int) -> list[PlaceField]:
        """List the fields that a fetch gives."""
        return [each for each in self.fields.values() if fetch_id in each.givers]


def list_depth(of: GraphQLOutputType) -> int:
    """Count the lists in one another around a type's objects or leaves."""
    depth = 0
    while isinstance(of, GraphQLNonNull | GraphQLList):
        depth += isinstance(of, GraphQLList)
        of = of.of_type
    return depth


def is_list(of: GraphQLOutputType | None) -> bool:
    """Tell whether a type is a list, null or not."""
    return isinstance(of, GraphQLList) or (
        isinstance(of, GraphQLNonNull) and isinstance(of.of_type, GraphQLList)
    )


def _holds_list(of: PlaceField) -> bool:
    return bool(of.children) and is_list(of.type)
