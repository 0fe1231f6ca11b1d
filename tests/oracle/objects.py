"""The one global object graph: every value is a pure function of object, field, arguments, inputs.

In: a blueprint. Out: values. What a field with @requires gives depends on the values of its
inputs, so that a subgraph that is sent wrong ones is found out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    parse,
)
from graphql.execution.values import get_argument_values

from schema.type_ref import TypeRef
from tests.oracle.blueprint import Blueprint, TrueField
from tests.oracle.chance import number_of
from tests.oracle.grow_finish import runtime_types
from tests.oracle.sdl import print_truth

__all__ = ["NUMBERS", "Missing", "Objects", "Thing", "read_field_set"]

NUMBERS = 6  # objects per entity type or family
_COLORS = ("RED", "GREEN", "BLUE")


@dataclass(frozen=True, slots=True)
class Thing:
    """One object."""

    type_name: str
    number: int


class Missing(Exception):
    """A representation lacks what a field set asks for."""


def read_field_set(text: str) -> SelectionSetNode:
    """Parse a field set."""
    definition = parse(f"{{ {text} }}").definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    return definition.selection_set


class Objects:
    """All objects of a world."""

    def __init__(self, world: Blueprint) -> None:
        self.world = world
        self._schema = build_schema(print_truth(world), assume_valid_sdl=True)
        self._field_sets: dict[str, SelectionSetNode] = {}
        self._values: dict[tuple[str, int, str, str], Any] = {}

    def value(self, thing: Thing, name: str, arguments: Mapping[str, Any]) -> Any:
        """Give a field's value: a leaf, a Thing, lists of them, or None."""
        asked = json.dumps(arguments, sort_keys=True)
        key = (thing.type_name, thing.number, name, asked)
        if key not in self._values:
            self._values[key] = self._compute(thing, name, asked)
        return self._values[key]

    def numbers(self, type_name: str) -> list[int]:
        """List the numbers of the entities of a type."""
        true = self.world.types[type_name]
        if true.family is None:
            return list(range(NUMBERS))
        members = self.world.types[true.family].members
        return [n for n in range(NUMBERS) if members[n % len(members)] == type_name]

    def find(self, type_name: str, key: str, given: Mapping[str, Any]) -> Thing | None:
        """Give the object that a representation means by a key; raises ``Missing``."""
        selections = self.field_set(key)
        wanted = self.read_given(given, selections)
        for possible in self.world.possible_types(type_name):
            for number in self.numbers(possible):
                thing = Thing(possible, number)
                if self.read_true(thing, selections) == wanted:
                    return thing
        return None

    def field_set(self, text: str) -> SelectionSetNode:
        """Parse a field set, once."""
        if text not in self._field_sets:
            self._field_sets[text] = read_field_set(text)
        return self._field_sets[text]

    # --- field sets ----------------------------------------------------------------------------

    def read_true(self, value: Any, selections: SelectionSetNode | None) -> Any:
        """Give what a field set selects of a value, as it really is."""
        if isinstance(value, list):
            return [self.read_true(item, selections) for item in value]
        if not isinstance(value, Thing):
            return value
        assert selections is not None
        found: dict[str, Any] = {}
        for field in self._fields_of(value.type_name, selections):
            name = field.name.value
            below = self.value(value, name, self._arguments(value.type_name, field))
            found[name] = _joined(found.get(name), self.read_true(below, field.selection_set))
        return found

    def read_given(self, given: Any, selections: SelectionSetNode | None) -> Any:
        """Give what a field set selects of a representation; raises ``Missing``."""
        if isinstance(given, list):
            return [self.read_given(item, selections) for item in given]
        if not isinstance(given, Mapping) or selections is None:
            return given
        found: dict[str, Any] = {}
        for selection in selections.selections:
            if isinstance(selection, InlineFragmentNode):
                try:
                    found = _joined(found, self.read_given(given, selection.selection_set))
                except Missing:
                    continue  # the object is of another type
            elif isinstance(selection, FieldNode) and selection.name.value != "__typename":
                name = selection.name.value
                if name not in given:
                    raise Missing(name)
                below = self.read_given(given[name], selection.selection_set)
                found[name] = _joined(found.get(name), below)
        return found

    def _fields_of(self, type_name: str, selections: SelectionSetNode) -> Iterator[FieldNode]:
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                if selection.name.value != "__typename":
                    yield selection
            elif isinstance(selection, InlineFragmentNode):
                assert selection.type_condition is not None
                condition = selection.type_condition.name.value
                if type_name in self.world.possible_types(condition):
                    yield from self._fields_of(type_name, selection.selection_set)

    def _arguments(self, type_name: str, field: FieldNode) -> dict[str, Any]:
        definition = self._schema.type_map[type_name]
        assert isinstance(definition, GraphQLObjectType)
        return get_argument_values(definition.fields[field.name.value], field)

    # --- values --------------------------------------------------------------------------------

    def _compute(self, thing: Thing, name: str, asked: str) -> Any:
        true = self.world.types[thing.type_name].fields[name]
        if true.is_key:
            return self._key(thing, name)
        seed = f"{self.world.seed}.{thing.type_name}.{name}.{thing.number}.{asked}"
        if true.requires is not None:
            inputs = self.read_true(thing, self.field_set(true.requires))
            seed += json.dumps(inputs, sort_keys=True)
        if true.fails and number_of(seed + "fails") % 4 == 0:
            return None
        return self._of_type(thing, true, true.type, seed)

    def _key(self, thing: Thing, name: str) -> Any:
        number = thing.number
        if name in ("ref", "owner"):
            return Thing("Ref" if name == "ref" else "E0", number)
        family = self.world.types[thing.type_name].family or thing.type_name
        values = {
            "id": f"{family}-{number}",
            "code": f"c{number}",
            "k1": number // 3,
            "k2": number % 3,
            "a": number,
            "b": f"b{number}",
        }
        return values[name]

    def _of_type(self, thing: Thing, true: TrueField, type_ref: TypeRef, seed: str) -> Any:
        if not type_ref.non_null and number_of(seed + "null") % 6 == 0:
            return None
        if type_ref.of is not None:
            length = number_of(seed + "length") % 4
            return [self._of_type(thing, true, type_ref.of, f"{seed}[{i}]") for i in range(length)]
        target = self.world.types.get(type_ref.named)
        if target is None:
            return _leaf(type_ref.named, number_of(seed))
        places = self.world.resolvers(thing.type_name, true.name)
        places = places or self.world.resolvers("F", true.name)
        possible = sorted(runtime_types(self.world, places, target))
        type_name = possible[number_of(seed + "type") % len(possible)]
        if not self.world.types[type_name].keys:
            return Thing(type_name, number_of(seed))
        numbers = self.numbers(type_name)
        return Thing(type_name, numbers[number_of(seed + "number") % len(numbers)])


def _leaf(type_name: str, number: int) -> Any:
    values: dict[str, Any] = {
        "Int": number % 1_000_000,
        "Float": number % 1_000 + 0.5,
        "Boolean": number % 2 == 0,
        "String": f"text {number}",
        "ID": f"id{number}",
        "Color": _COLORS[number % 3],
        "JSON": {"number": number % 100, "list": [None, {"deep": True}]},
    }
    return values[type_name]


def _joined(before: Any, value: Any) -> Any:
    """Join two readings of one field."""
    if isinstance(before, dict) and isinstance(value, dict):
        return before | {name: _joined(before.get(name), item) for name, item in value.items()}
    if isinstance(before, list) and isinstance(value, list):
        return [_joined(b, v) for b, v in zip(before, value, strict=True)]
    return value
