"""Places every fetch of a plan: who makes which object of the answer, and who fills its fields.

In: the plan's fetches as they are merged, the root shape, one outcome of the conditions. Out: a
tree of ``Place``s. What is not covered raises ``NotCovered``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

from gateway.executor.compiled.paths import Reached, depth_of
from gateway.executor.compiled.places import OPAQUE, ROOT, Place, PlaceField, is_list
from gateway.executor.compiled.renames import Renames
from gateway.executor.compiled.source import NotCovered
from gateway.executor.compiled.widening import NUMBERS
from gateway.executor.project.shapes import (
    TYPENAME_SHAPE,
    FieldShape,
    ListShape,
    ObjectShape,
    OutputShape,
)
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.executor.state.visible_names import holds
from gateway.plan.nodes import FetchNode, FetchPath
from schema.selection import Field, SelectionSet

__all__ = ["PlaceTree"]

# Each type at each position has a class of its own, 11 kB and 36 us to make, and the loop waits.
# What is wider, as interfaces of many types in one another, is rare and stays with the reference.
_MAX_PLACES = 500


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
        """``wide`` names the types whose values have been of other kinds (``widening``)."""
        self._schema = schema
        self._wide = wide
        self.types = types
        self._variables = variables
        self.places: list[Place] = []
        self.list_count = 0  # of gathered objects
        # The pairs of fetches of which either may be merged first, by id.
        self.unordered: frozenset[frozenset[int]] = frozenset()
        self.root = self._new_place(root, root.type_name, ROOT)

    def add_root_fetch(self, fetch: FetchNode) -> None:
        """Note what a root fetch gives."""
        self._select(self.root, fetch.selection_set, fetch.id, Renames.of(fetch))

    def add_flat_fetch(self, fetch: FetchNode, paths: Iterable[Reached]) -> tuple[Reached, ...]:
        """Note what a fetch gives where its paths lead to; gives those paths."""
        asked = tuple(found for each in paths if (found := self._asked(each, fetch)).places)
        places = [place for reached in asked for place in reached.places]
        if (
            not places
            or self.root in places
            or len({place.number for place in places}) < len(places)
        ):
            raise NotCovered
        for reached in asked:
            for context in fetch.contexts:
                _part_below(reached, context.path)
            for place in reached.places:
                place.is_asked = place.is_asked or reached.is_one_position
                self._select(place, fetch.selection_set, fetch.id, Renames.of(fetch))
        return asked

    def note_repeats(self) -> None:
        """Give fields a list of the records that repeat what came as equal bytes (``sealing``)."""
        for place in self.places:
            for each in place.fields.values():
                came_with_it = each.givers == [place.origin]  # else it is moved to another record
                if came_with_it and each.is_visible and each.is_packed and not is_list(each.type):
                    each.repeats = self._new_list()

    def is_wide(self, type_name: str) -> bool:
        """Tell whether a type's values may be of any kind that it has had."""
        return type_name in self._wide

    def fields_on(self, selections: SelectionSet, type_name: str) -> Iterator[Field]:
        """Give what is selected on an object of ``type_name``, fragments opened."""
        for selection in selections:
            if not holds(selection.conditions, self._variables):
                continue
            if isinstance(selection, Field):
                yield selection
            elif self.types.applies(selection.type_condition, type_name):
                yield from self.fields_on(selection.selections, type_name)

    def _new_place(self, shape: ObjectShape, type_name: str, origin: int) -> Place:
        number = self._new_list()
        place = Place(number, number, type_name, shape.is_abstract, origin, {})
        self.places.append(place)
        for each in shape.fields_of(type_name):
            self._add_visible(place, each)
        return place

    def _new_hidden_place(self, entry: PlaceField, origin: int) -> Place:
        """Make the place of objects of which the client sees nothing."""
        named = _named_type(entry)
        assert isinstance(named, GraphQLObjectType), "others are opaque"
        number = self._new_list()
        place = Place(number, number, named.name, False, origin, {}, is_hidden=True)
        self.places.append(place)
        return place

    def _add_visible(self, place: Place, shape: FieldShape) -> None:
        name = shape.coordinate.partition(".")[2]
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
        named = None if added.type is None else get_named_type(added.type).name
        added.is_wide = named in NUMBERS and named in self._wide
        place.fields[response_name] = added
        return added

    def _type_of(self, type_name: str, name: str) -> GraphQLOutputType:
        owner = self._schema.type_map.get(type_name)
        if not isinstance(owner, GraphQLObjectType | GraphQLInterfaceType):
            raise NotCovered
        if name not in owner.fields:
            return OPAQUE  # only the plan knows it
        found: GraphQLOutputType = owner.fields[name].type
        return found

    def _select(self, place: Place, selections: SelectionSet, giver: int, renames: Renames) -> None:
        here = renames.on(place.type_name)
        for selected in self.fields_on(selections, place.type_name):
            if selected.name == "__typename" and self.types.is_abstract(place.type_name):
                raise NotCovered  # which type it is becomes known only later
            came_as = selected.response_name
            name = here.name_of(came_as)
            entry = place.fields.get(name)
            if entry is None:
                entry = self._add(place, name, selected.name, None)
            if entry.name != selected.name:
                raise NotCovered
            if giver in entry.givers and entry.name_from(giver) != came_as:
                raise NotCovered  # one fetch gives it under two names
            if name != came_as:
                entry.aliases[giver] = came_as
            if selected.selections is not None:
                if entry.denied is not None:
                    raise NotCovered
                self._enter(place, entry, selected.selections, giver, here.below(came_as))
            if giver not in entry.givers:
                entry.givers.append(giver)

    def _enter(
        self,
        place: Place,
        entry: PlaceField,
        selections: SelectionSet,
        giver: int,
        renames: Renames,
    ) -> None:
        if any(frozenset((giver, each)) in self.unordered for each in entry.givers):
            raise NotCovered  # two fetches make one object, and either may come first
        if not entry.children and not self._is_opaque(entry):
            self._add_children(entry, selections, giver)
            for child in entry.children:
                child.is_in_list = place.is_in_list or is_list(entry.type)
        if entry.is_opaque and entry.givers not in ([], [giver]):
            raise NotCovered  # they would have to be merged
        for child in entry.children:
            child.is_unshared = child.is_unshared or giver != child.origin
            self._select(child, selections, giver, renames)
            if child.is_tagged and giver not in child.givers_of("__typename"):
                raise NotCovered

    def _is_opaque(self, entry: PlaceField) -> bool:
        """Tell whether nothing is known of what it holds, as of hidden objects of any type."""
        if entry.shape is None and not isinstance(_named_type(entry), GraphQLObjectType):
            entry.type = OPAQUE
        return entry.is_opaque

    def _add_children(self, entry: PlaceField, selections: SelectionSet, giver: int) -> None:
        shape = entry.shape
        while isinstance(shape, ListShape):
            shape = shape.item
        if shape is None:
            entry.children.append(self._new_hidden_place(entry, giver))
            return
        if not isinstance(shape, ObjectShape):
            raise NotCovered
        if shape.is_abstract and not _is_named(selections):
            # Of an @interfaceObject: what is selected on the interface itself is all there is.
            if not all(isinstance(each, Field) for each in selections):
                raise NotCovered
            entry.children.append(self._new_place(shape, shape.type_name, giver))
            entry.children[0].is_tagged = False
            return
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
        if not names or len(self.places) + len(names) > _MAX_PLACES:
            raise NotCovered
        return names

    def _asked(self, reached: Reached, fetch: FetchNode) -> Reached:
        """Leave out the types that the fetch is not for, where the data tells the type."""
        places = tuple(
            place
            for place in reached.places
            if fetch.requires is None
            or place.origin not in place.givers_of("__typename")
            or any(
                isinstance(each, Field) or self.types.applies(each.type_condition, place.type_name)
                for each in fetch.requires
            )
        )
        is_listed = reached.is_one_position and not fetch.contexts
        number = reached.list_number if is_listed else self._new_list()
        return replace(reached, places=places, list_number=number)

    def _new_list(self) -> int:
        self.list_count += 1
        return self.list_count - 1


def _part_below(reached: Reached, path: FetchPath) -> None:
    """Let no object be at two positions below those at ``path``, which differ in what they say."""
    for step in reached.steps[depth_of(path) :]:
        for _, field in step.fields:
            for child in field.children:
                child.is_unshared = True


def _named_type(entry: PlaceField) -> GraphQLNamedType | None:
    """Give the type of a field without lists; None: it is ``__typename``."""
    return None if entry.type is None else get_named_type(entry.type)


def _is_named(selections: SelectionSet) -> bool:
    """Tell whether the type of every object is asked for."""
    return any(
        isinstance(each, Field) and each.response_name == "__typename" and not each.conditions
        for each in selections
    )
