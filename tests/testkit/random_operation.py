"""Random operations over a schema, the same for the same seed.

In: an API schema and a seed. Out: a valid query with aliases, arguments, fragments, repeated
``__typename`` and conditions on two variables, and the values of these.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_required_argument,
    parse,
    validate,
)

__all__ = ["random_operation"]


def random_operation(api: GraphQLSchema, seed: int, depth: int = 4) -> tuple[str, dict[str, bool]]:
    """Make a valid query with aliases, fragments and conditions; and values of its variables."""
    chance = random.Random(seed)
    assert api.query_type is not None
    head = "{ a0: __typename @include(if: $yes) b0: __typename @skip(if: $no) "
    while True:
        body = _Writer(api, chance).selections(api.query_type, depth)
        text = f"query($yes: Boolean!, $no: Boolean!) {body.replace('{ ', head, 1)}"
        if not validate(api, parse(text)):  # fields of two members may conflict by chance
            return text, {"yes": chance.random() < 0.5, "no": chance.random() < 0.5}


class _Writer:
    """Writes random selections."""

    def __init__(self, api: GraphQLSchema, chance: random.Random) -> None:
        self._api = api
        self._chance = chance
        self._aliases = 0

    def selections(self, type_: GraphQLNamedType, depth: int) -> str:
        """Write a selection set on a type."""
        parts: list[str] = []
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            names = list(type_.fields)
            for name in self._chance.sample(names, min(len(names), 1 + self._chance.randrange(4))):
                parts.extend(self._field(type_, name, depth))
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            for member in self._api.get_possible_types(type_):
                if self._chance.random() < 0.6:
                    below = self.selections(member, depth)
                    parts.append(f"... on {member.name}{self._condition()} {below}")
        if not parts or self._chance.random() < 0.15:
            parts.append("__typename")
        return "{ " + " ".join(parts) + " }"

    def _field(
        self, type_: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int
    ) -> Iterator[str]:
        definition = type_.fields[name]
        named = get_named_type(definition.type)
        composite = isinstance(named, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
        if composite and depth == 0:
            return
        below = " " + self.selections(named, depth - 1) if composite else ""
        arguments = ""
        given = [
            f"{arg}: {self._chance.randrange(2)}"
            for arg, argument in definition.args.items()
            if is_required_argument(argument) or self._chance.random() < 0.7
        ]
        arguments = f"({', '.join(given)})" if given else ""
        alias = ""
        if arguments or self._chance.random() < 0.15:
            self._aliases += 1
            alias = f"x{self._aliases}: "
        yield f"{alias}{name}{arguments}{self._condition()}{below}"

    def _condition(self) -> str:
        if self._chance.random() < 0.85:
            return ""
        return self._chance.choice(
            (" @include(if: $yes)", " @skip(if: $yes)", " @include(if: $no)", " @skip(if: $no)")
        )
