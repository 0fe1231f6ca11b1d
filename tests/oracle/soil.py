"""What the stages of growth share: placing a type in a subgraph with all that it drags along.

In: a blueprint under construction. Out: the same blueprint, consistent after every call: a
subgraph that answers a field knows the field's type.
"""

from __future__ import annotations

from collections.abc import Iterable

from schema.type_ref import TypeRef
from tests.oracle.blueprint import (
    LEAVES,
    Argument,
    Blueprint,
    Declaration,
    Declared,
    Key,
    TrueField,
    TrueType,
)
from tests.oracle.chance import Chance

__all__ = ["Soil", "Unlucky", "top_names"]

_ARGUMENTS = (
    Argument("n", "Int"),
    Argument("s", "String", '"x"'),
    Argument("c", "Color!"),
    Argument("filter", "Filter"),
    Argument("l", "[Int!]"),
    Argument("m", "Int!", "7"),
)


class Unlucky(Exception):
    """This world cannot be finished; try another."""


class Soil:
    """A blueprint under construction, with the chance that decides."""

    def __init__(self, world: Blueprint, chance: Chance) -> None:
        self.world = world
        self.chance = chance
        self.hubs: dict[str, str] = {}  # entity -> the subgraph that has all its keys
        self.stand_ins: dict[str, list[str]] = {}  # entity interface -> its @interfaceObject places
        self.spread: set[str] = set()  # value types whose fields are not everywhere
        self.with_failures = chance.yes(0.3)

    # --- questions -----------------------------------------------------------------------------

    def is_placed(self, type_name: str, subgraph: str) -> bool:
        """Tell whether the subgraph declares the type."""
        return type_name in self.world.subgraphs[subgraph]

    def can_place(self, type_name: str, subgraph: str) -> bool:
        """Tell whether the subgraph may declare the type."""
        if self.is_placed(type_name, subgraph):
            return True
        true = self.world.types.get(type_name)
        if true is None:
            return True
        if true.family is not None:
            return subgraph not in self.stand_ins[true.family]
        if true.kind == "interface" and true.keys:
            return False  # placed once, by ``grow_types``
        if true.kind != "object":
            return any(self.can_place(member, subgraph) for member in true.members)
        return all(
            self.can_place(each.type.named, subgraph)
            for each in true.fields.values()
            if not true.keys and each.type.named not in LEAVES and each.type.named != type_name
        )

    def entities(self) -> list[TrueType]:
        """List the object types with keys."""
        return [t for t in self.world.types.values() if t.kind == "object" and t.keys]

    def places(self, type_name: str) -> list[str]:
        """List the subgraphs that declare the type."""
        return [subgraph for subgraph, _ in self.world.declared(type_name)]

    # --- placing -------------------------------------------------------------------------------

    def place(self, type_name: str, subgraph: str) -> None:
        """Let the subgraph declare a type."""
        true = self.world.types.get(type_name)
        if true is None or self.is_placed(type_name, subgraph):
            return
        if not self.can_place(type_name, subgraph):
            raise Unlucky(type_name)
        declaration = Declaration(type_name, true.kind)
        self.world.subgraphs[subgraph][type_name] = declaration
        if true.kind == "union":
            self._place_members(declaration, true, subgraph)
        elif true.kind == "interface":
            self._place_some(true, subgraph)
        elif true.keys:
            self._place_keys(declaration, true, subgraph)
        else:
            self._place_value(true, subgraph)

    def own(self, type_name: str, field_name: str, subgraph: str) -> Declared:
        """Let the subgraph answer a field."""
        self.place(type_name, subgraph)
        return self.declare(type_name, field_name, subgraph)

    def declare(self, type_name: str, field_name: str, subgraph: str) -> Declared:
        """Write a field into the subgraph's declaration of its type."""
        declaration = self.world.subgraphs[subgraph][type_name]
        known = declaration.fields.get(field_name)
        if known is None:
            true = self.world.types[type_name].fields[field_name]
            known = declaration.fields[field_name] = Declared(field_name, true.type)
            self.place(true.type.named, subgraph)
        return known

    def _place_members(self, declaration: Declaration, true: TrueType, subgraph: str) -> None:
        possible = [name for name in true.members if self.can_place(name, subgraph)]
        for name in self.chance.some(possible, 1, len(possible)):
            self.place(name, subgraph)
            declaration.members.append(name)

    def _place_some(self, true: TrueType, subgraph: str) -> None:
        possible = [name for name in true.members if self.can_place(name, subgraph)]
        for name in self.chance.some(possible, 1, len(possible)):
            self.place(name, subgraph)

    def _place_keys(self, declaration: Declaration, true: TrueType, subgraph: str) -> None:
        is_hub = self.hubs.setdefault(true.name, subgraph) == subgraph
        keys = list(true.keys) if is_hub else self.chance.some(true.keys, 1, len(true.keys))
        declaration.keys = [Key(fields) for fields in keys]
        for fields in keys:
            for name in top_names(fields):
                self.declare(true.name, name, subgraph)
        others = [each for each in true.keys if each not in keys]
        if others and self.chance.yes(0.2):
            for name in top_names(self.chance.one(others)):
                self.declare(true.name, name, subgraph).is_shareable = True

    def _place_value(self, true: TrueType, subgraph: str) -> None:
        names = list(true.fields)
        if true.name in self.spread:
            names = self.chance.some(names, 1, len(names))
        for name in names:
            self.declare(true.name, name, subgraph)

    # --- making fields -------------------------------------------------------------------------

    def leaf(self) -> str:
        """Choose a leaf type."""
        return self.chance.one(LEAVES)

    def wrapped(self, name: str) -> TypeRef:
        """Wrap a named type in lists and non-null marks."""
        chance = self.chance
        type_ref = TypeRef(name, non_null=chance.yes(0.35))
        for _ in range(chance.one((0, 0, 0, 0, 0, 1, 1, 1, 2))):
            type_ref = TypeRef(None, type_ref, non_null=chance.yes(0.4))
        return type_ref

    def field(self, name: str, type_name: str, *, arguments: bool = True) -> TrueField:
        """Make a field of a named type."""
        chosen: Iterable[Argument] = ()
        if arguments and self.chance.yes(0.25):
            chosen = self.chance.some(_ARGUMENTS, 1, 2)
        return TrueField(name, self.wrapped(type_name), tuple(chosen))

    def target(self, subgraphs: list[str]) -> str:
        """Choose the type of a field that these subgraphs answer."""
        if self.chance.yes(0.45):
            return self.leaf()
        composite = [
            name
            for name, true in self.world.types.items()
            if name not in ("Query", "Mutation", "Ref")
            and all(self.can_place(name, subgraph) for subgraph in subgraphs)
            and (true.kind == "object" or len(subgraphs) == 1 or self.chance.yes(0.5))
        ]
        return self.chance.one(composite) if composite else self.leaf()


def top_names(fields: str) -> list[str]:
    """List the top-level names of a key: ``ref { a b } id`` gives ``ref`` and ``id``."""
    names, depth = [], 0
    for word in fields.split():
        if word == "{":
            depth += 1
        elif word == "}":
            depth -= 1
        elif depth == 0:
            names.append(word)
    return names
