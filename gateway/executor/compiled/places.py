"""Says of every object of the answer which fetch makes it and which fetches fill its fields.

In: the plan's fetches in plan order, the root shape, one outcome of the conditions. Out: a tree of
``Place``s: one per selection set of the answer and object type, each with the fields that the
client sees, in response order, and after them those that only the plan needs. From it the records
are made. An interface or union has a place per possible type; its objects are *tagged*: their type
name says which record they get.

Covered: one fetch per object, few possible types. Anything else raises ``NotCovered``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

from gateway.executor.compiled.source import NotCovered
from gateway.executor.project.shapes import (
    TYPENAME_SHAPE,
    FieldShape,
    ListShape,
    ObjectShape,
    OutputShape,
)
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.executor.state.visible_names import holds
from gateway.plan.nodes import FetchNode, FetchPath, FlattenNode, TypeCondition
from schema.selection import Field, SelectionSet

__all__ = ["ROOT", "Place", "PlaceField", "PlaceTree"]

ROOT = -1
"""The origin of the root: no fetch makes it."""

# Each type at each position has a class of its own, 11 kB and 36 us to make; wider interfaces are
# rare and stay with the reference.
_MAX_TYPES = 16


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
    givers: list[int] = field(default_factory=list)  # ids of fetches, in plan order
    denied: str | None = None  # its coordinate, if the client sees null for want of a grant
    is_wide: bool = False  # an ID or a Float that may be a whole number, kept as it came

    @property
    def is_wanted(self) -> bool:
        """Tell whether anything is to be found there, or tagged objects to be made records."""
        return self.is_abstract or any(
            child.is_gathered or any(each.is_wanted for each in child.given_by(child.origin))
            for child in self.children
        )

    @property
    def is_packed(self) -> bool:
        """Tell whether its objects come as bytes, each distinct one to be decoded once.

        That pays where a subgraph repeats an object with a list of objects at many positions: to
        pass over bytes costs a third of decoding them.
        """
        return self.is_wanted and any(
            child.is_in_list and not child.is_tagged and any(map(_holds_list, child.made_of()))
            for child in self.children
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

    @property
    def is_gathered(self) -> bool:
        """Tell whether its objects must be found again: to ask for them, or to finish them."""
        return self.is_asked or bool(self.hidden() or self.widened() or self.withheld())

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
            field.is_packed or any(child.holds_packed(child.origin) for child in field.children)
            for field in self.given_by(fetch_id)
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


class PlaceTree:
    """The places of one operation, built fetch by fetch in plan order."""

    def __init__(
        self,
        root: ObjectShape,
        schema: GraphQLSchema,
        types: RuntimeTypes,
        variables: Mapping[str, Any],
        wide: frozenset[str] = frozenset(),
    ) -> None:
        """``wide`` names the types, ID or Float, whose values may come as whole numbers."""
        self._schema = schema
        self._wide = wide
        self._types = types
        self._variables = variables
        self.places: list[Place] = []
        self.root = self._new_place(root, root.type_name, ROOT)

    def add_root_fetch(self, fetch: FetchNode) -> None:
        """Note what a root fetch gives."""
        self._select(self.root, fetch.selection_set, fetch.id)

    def add_entity_fetch(self, flatten: FlattenNode) -> tuple[tuple[Place, ...], ...]:
        """Note what an entity fetch gives; for each of its paths the places it leads to."""
        led = [self._asked(self._find(path), flatten.node) for path in dict.fromkeys(flatten.paths)]
        paths = tuple(tuple(found) for found in led if found)
        places = [place for found in paths for place in found]
        if (
            not places
            or self.root in places
            or len({place.number for place in places}) < len(places)
        ):
            raise NotCovered
        for place in places:
            place.is_asked = True
            self._select(place, flatten.node.selection_set, flatten.node.id)
        return paths

    def fields_on(self, selections: SelectionSet, type_name: str) -> Iterator[Field]:
        """Give what is selected on an object of ``type_name``, fragments opened."""
        for selection in selections:
            if not holds(selection.conditions, self._variables):
                continue
            if isinstance(selection, Field):
                yield selection
            elif self._types.applies(selection.type_condition, type_name):
                yield from self.fields_on(selection.selections, type_name)

    def _new_place(self, shape: ObjectShape, type_name: str, origin: int) -> Place:
        number = len(self.places)
        place = Place(number, number, type_name, shape.is_abstract, origin, {})
        self.places.append(place)
        for each in shape.fields_of(type_name):
            self._add_visible(place, each)
        return place

    def _new_hidden_place(self, entry: PlaceField, origin: int) -> Place:
        """Make the place of objects of which the client sees nothing."""
        named = None if entry.type is None else get_named_type(entry.type)
        if not isinstance(named, GraphQLObjectType):
            raise NotCovered
        number = len(self.places)
        place = Place(number, number, named.name, False, origin, {}, is_hidden=True)
        self.places.append(place)
        return place

    def _add_visible(self, place: Place, shape: FieldShape) -> None:
        name = shape.coordinate.partition(".")[2]
        if shape.is_denied and shape.output.non_null:
            raise NotCovered  # the null bubbles
        if shape.output is TYPENAME_SHAPE and shape.typename != place.type_name:
            raise NotCovered
        added = self._add(place, shape.response_name, name, shape.output)
        added.denied = shape.coordinate if shape.is_denied else None

    def _add(
        self, place: Place, response_name: str, name: str, shape: OutputShape | None
    ) -> PlaceField:
        added = PlaceField(
            response_name=response_name,
            name=name,
            attribute=f"f{len(place.fields)}",
            is_visible=shape is not None,
            type=None if name == "__typename" else self._type_of(place.type_name, name),
            shape=shape,
        )
        added.is_wide = added.type is not None and get_named_type(added.type).name in self._wide
        place.fields[response_name] = added
        return added

    def _type_of(self, type_name: str, name: str) -> GraphQLOutputType:
        owner = self._schema.type_map.get(type_name)
        if not isinstance(owner, GraphQLObjectType) or name not in owner.fields:
            raise NotCovered
        found: GraphQLOutputType = owner.fields[name].type
        return found

    def _select(self, place: Place, selections: SelectionSet, giver: int) -> None:
        for selected in self.fields_on(selections, place.type_name):
            entry = place.fields.get(selected.response_name)
            if entry is None:
                entry = self._add(place, selected.response_name, selected.name, None)
            if entry.name != selected.name:
                raise NotCovered
            if selected.selections is not None:
                if entry.denied is not None:
                    raise NotCovered
                self._enter(place, entry, selected.selections, giver)
            if giver not in entry.givers:
                entry.givers.append(giver)

    def _enter(self, place: Place, entry: PlaceField, selections: SelectionSet, giver: int) -> None:
        if entry.givers not in ([], [giver]):
            raise NotCovered  # two fetches make one object
        if not entry.children:
            self._add_children(entry, giver)
            for child in entry.children:
                child.is_in_list = place.is_in_list or _is_list(entry.type)
        for child in entry.children:
            self._select(child, selections, giver)
            if child.is_tagged and giver not in child.givers_of("__typename"):
                raise NotCovered

    def _add_children(self, entry: PlaceField, giver: int) -> None:
        shape = entry.shape
        while isinstance(shape, ListShape):
            shape = shape.item
        if shape is None:
            entry.children.append(self._new_hidden_place(entry, giver))
            return
        if not isinstance(shape, ObjectShape):
            raise NotCovered
        entry.is_abstract = shape.is_abstract
        for type_name in self._possible_types(shape):
            entry.children.append(self._new_place(shape, type_name, giver))
            entry.children[-1].list_number = entry.children[0].number

    def _possible_types(self, shape: ObjectShape) -> list[str]:
        if not shape.is_abstract:
            return [shape.type_name]
        declared = self._schema.type_map[shape.type_name]
        assert isinstance(declared, GraphQLInterfaceType | GraphQLUnionType)
        names = [each.name for each in self._schema.get_possible_types(declared)]
        if not 0 < len(names) <= _MAX_TYPES:
            raise NotCovered
        return names

    def _asked(self, found: list[Place], fetch: FetchNode) -> list[Place]:
        """Leave out the types that the fetch is not for, where the data tells the type."""
        return [
            place
            for place in found
            if place.origin not in place.givers_of("__typename")
            or any(
                isinstance(each, Field) or self._types.applies(each.type_condition, place.type_name)
                for each in fetch.requires or ()
            )
        ]

    def _find(self, path: FetchPath) -> list[Place]:
        """Find the places that a path leads to: of one position, so that its order is known."""
        found: list[Place] = [self.root]
        shape: OutputShape | None = None
        for element in path:
            if isinstance(element, TypeCondition):
                found = [place for place in found if place.type_name in element.types]
            elif element == "@":
                if not isinstance(shape, ListShape):
                    raise NotCovered  # also where the client sees nothing of it
                shape = shape.item
            else:
                entries = [each for place in found if (each := place.fields.get(element))]
                entries = [each for each in entries if each.children]
                if len(entries) != 1 or isinstance(shape, ListShape):
                    raise NotCovered
                found, shape = entries[0].children, entries[0].shape
        if isinstance(shape, ListShape) or not found:
            raise NotCovered
        return found


def _holds_list(of: PlaceField) -> bool:
    return bool(of.children) and _is_list(of.type)


def _is_list(of: GraphQLOutputType | None) -> bool:
    return isinstance(of, GraphQLList) or (
        isinstance(of, GraphQLNonNull) and isinstance(of.of_type, GraphQLList)
    )
