"""Random valid operations over an API schema.

In: an API schema and a seed. Out: text and variables. Everything a client may write is written
sometimes: aliases, inline and named fragments on objects, interfaces and unions, the same field
twice, arguments as literals and variables, @skip and @include, ``__typename``, introspection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
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

from tests.oracle.chance import Chance

__all__ = ["RandomOperation", "random_operation"]

_LITERALS = {
    "Int": ("1", "2", "null"),
    "Int!": ("1", "2"),
    "String": ('"a"', '"b"', "null"),
    "Color!": ("RED", "BLUE"),
    "Filter": ("{ least: 1 }", '{ words: ["a"], deeper: { color: RED } }', "{}", "null"),
    "[Int!]": ("[1, 2]", "3", "[]"),
}
_VALUES: dict[str, tuple[Any, ...]] = {
    "Int": (1, 2, None),
    "Int!": (1, 2),
    "String": ("a", "b"),
    "Color!": ("RED", "GREEN"),
    "Filter": ({"least": 2}, {"deeper": {"words": ["w"]}}, None),
    "[Int!]": ([1], 4, []),
}
_TRIES = 30


@dataclass(frozen=True, slots=True)
class RandomOperation:
    """One operation with the values of its variables."""

    text: str
    variables: dict[str, Any]


def random_operation(api: GraphQLSchema, seed: int) -> RandomOperation | None:
    """Write the operation of a seed; None if chance only gave conflicting fields."""
    for attempt in range(_TRIES):
        writer = _Writer(api, Chance(seed * 100 + attempt))
        text = writer.operation()
        if not validate(api, parse(text)):
            return RandomOperation(text, writer.variables)
    return None


class _Writer:
    """Writes one operation."""

    def __init__(self, api: GraphQLSchema, chance: Chance) -> None:
        self._api = api
        self._chance = chance
        self._aliases = 0
        self._fragments: list[str] = []
        self._declared: dict[str, str] = {}
        self._room = chance.one((15, 30, 30, 60))  # fields that may still be written
        self.variables: dict[str, Any] = {}

    def operation(self) -> str:
        """Write the whole document."""
        chance = self._chance
        root, keyword = self._api.query_type, "query"
        if self._api.mutation_type is not None and chance.yes(0.4):
            root, keyword = self._api.mutation_type, "mutation"
        assert root is not None
        body = self._selections(root, chance.between(2, 5))
        if keyword == "query" and chance.yes(0.1):
            body = body[:-1] + "__schema { queryType { name } } }"
        if chance.yes(0.1):
            body = f"{{ ... on {root.name} {body} }}"
        declared = ", ".join(f"${name}: {kind}" for name, kind in self._declared.items())
        head = f"{keyword}({declared})" if declared else keyword
        return "\n".join([f"{head} {body}", *self._fragments])

    # --- selections ----------------------------------------------------------------------------

    def _selections(self, type_: GraphQLNamedType, depth: int) -> str:
        parts: list[str] = []
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for name in self._chance.some(list(type_.fields), 1, 4):
                parts.extend(self._field(type_.fields[name], name, depth))
                if self._chance.yes(0.08):
                    parts.extend(self._field(type_.fields[name], name, depth))
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType) or self._chance.yes(0.12):
            parts.extend(self._fragment(name, depth) for name in self._conditions_for(type_))
        if not parts or self._chance.yes(0.2):
            parts.append(("" if self._chance.yes(0.7) else self._alias()) + "__typename")
        return "{ " + " ".join(parts) + " }"

    def _conditions_for(self, type_: GraphQLNamedType) -> list[GraphQLNamedType]:
        """Choose the types of fragments: members, and whatever else can overlap."""
        if isinstance(type_, GraphQLObjectType):
            return [self._chance.one([type_, *type_.interfaces])]
        assert isinstance(type_, GraphQLInterfaceType | GraphQLUnionType)
        members = list(self._api.get_possible_types(type_))
        chosen: list[GraphQLNamedType] = [m for m in members if self._chance.yes(0.6)]
        if members and self._chance.yes(0.3):
            wider = [type_, *self._chance.one(members).interfaces]
            chosen.append(self._chance.one(wider))
        return chosen

    def _fragment(self, type_: GraphQLNamedType, depth: int) -> str:
        below = self._selections(type_, depth)
        condition = self._condition()
        if self._chance.yes(0.25):
            name = f"Part{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {type_.name} {below}")
            return f"...{name}{condition}"
        return f"... on {type_.name}{condition} {below}"

    def _field(self, field: GraphQLField, name: str, depth: int) -> list[str]:
        named = get_named_type(field.type)
        is_leaf = not isinstance(named, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
        if self._room <= 0 or (depth <= 0 and not is_leaf):
            return []
        self._room -= 1
        below = "" if is_leaf else " " + self._selections(named, depth - 1)
        arguments = self._arguments(field)
        alias = self._alias() if arguments or self._chance.yes(0.15) else ""
        return [f"{alias}{name}{arguments}{self._condition()}{below}"]

    def _alias(self) -> str:
        self._aliases += 1
        return f"x{self._aliases}: "

    # --- arguments and conditions --------------------------------------------------------------

    def _arguments(self, field: GraphQLField) -> str:
        given = [
            f"{name}: {self._argument(argument)}"
            for name, argument in field.args.items()
            if is_required_argument(argument) or self._chance.yes(0.6)
        ]
        return f"({', '.join(given)})" if given else ""

    def _argument(self, argument: GraphQLArgument) -> str:
        kind = str(argument.type)
        if self._chance.yes(0.6):
            return self._chance.one(_LITERALS[kind])
        name = f"v{len(self._declared)}"
        value = self._chance.one(_VALUES[kind])
        default = ""
        if not kind.endswith("!") and self._chance.yes(0.3):
            default = f" = {self._chance.one(_LITERALS[kind])}"
        self._declared[name] = kind + default
        if kind.endswith("!") or self._chance.yes(0.7):
            self.variables[name] = value
        return f"${name}"

    def _condition(self) -> str:
        if self._chance.yes(0.85):
            return ""
        directives = [self._one_condition(name) for name in ("skip", "include")]
        return "".join(directives if self._chance.yes(0.15) else [self._chance.one(directives)])

    def _one_condition(self, directive: str) -> str:
        if self._chance.yes(0.1):
            return f" @{directive}(if: {self._chance.one(('true', 'false'))})"
        name = self._chance.one(("yes", "no"))
        self._declared[name] = "Boolean!"
        self.variables[name] = name == "yes"
        return f" @{directive}(if: ${name})"
