"""The one immutable selection-set representation.

Field sets of ``@key``/``@requires``/``@provides``, the query graph, the client's operation, the
plan's fetches and the adapters' contract all speak in these values, so that nothing is translated
between stages. In: nothing (pure data). Out: hashable values, and their GraphQL text.

What does not belong here: parsing (``schema/field_set.py``, ``gateway/operation/parse.py``) and
anything that needs a schema to answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

__all__ = [
    "Argument",
    "Condition",
    "Directive",
    "Field",
    "Fragment",
    "ListValue",
    "Literal",
    "ObjectValue",
    "Selection",
    "SelectionSet",
    "Value",
    "Variable",
    "evaluate",
    "print_condition",
    "print_selection_set",
    "print_value",
    "split_conditions",
    "variables_of",
]


class Variable(NamedTuple):
    """A reference to an operation's variable, without the dollar sign."""

    name: str


class Literal(NamedTuple):
    """A constant leaf as GraphQL text (``12``, ``1.5``, ``"a"``, ``true``, ``null``, ``RED``).

    Text and not a Python value, because ``1 == True == 1.0`` in Python and not in GraphQL.
    Strings are kept in JSON's spelling.
    """

    text: str


class ListValue(NamedTuple):
    """A list literal."""

    items: tuple[Value, ...]


class ObjectValue(NamedTuple):
    """An input-object literal, its fields in the order written."""

    fields: tuple[tuple[str, Value], ...]


Value: TypeAlias = "Variable | Literal | ListValue | ObjectValue"


class Argument(NamedTuple):
    """One argument of a field or directive."""

    name: str
    value: Value


class Condition(NamedTuple):
    """Selected only if the Boolean ``variable`` has the value ``expected``.

    ``@include(if: $v)`` is ``Condition("v", True)``; ``@skip(if: $v)`` has ``False``.
    Constant conditions are resolved by normalization and never appear here.
    """

    variable: str
    expected: bool


class Directive(NamedTuple):
    """A custom executable directive applied to a selection; never @skip or @include."""

    name: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A field as selected; ``selections`` is None for leaves."""

    name: str
    selections: SelectionSet | None = None
    arguments: tuple[Argument, ...] = ()
    alias: str | None = None
    conditions: tuple[Condition, ...] = ()  # all must hold
    directives: tuple[Directive, ...] = ()

    @property
    def response_name(self) -> str:
        """The key under which the answer holds this field."""
        return self.alias or self.name


@dataclass(frozen=True, slots=True)
class Fragment:
    """An inline fragment; ``selections.type_name`` is its type condition."""

    selections: SelectionSet
    conditions: tuple[Condition, ...] = ()
    directives: tuple[Directive, ...] = ()

    @property
    def type_condition(self) -> str:
        """The type on which the fragment's selections are made."""
        return self.selections.type_name


Selection: TypeAlias = "Field | Fragment"


@dataclass(frozen=True, slots=True)
class SelectionSet:
    """Selections made on ``type_name``, in the order asked."""

    type_name: str
    selections: tuple[Selection, ...] = ()

    def __iter__(self) -> Iterator[Selection]:
        """Iterate in the order asked."""
        return iter(self.selections)

    def __bool__(self) -> bool:
        """Tell whether anything is selected."""
        return bool(self.selections)

    def __str__(self) -> str:
        """Print on one line, with braces."""
        return print_selection_set(self)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields selected directly, without those inside fragments."""
        return tuple(s for s in self.selections if isinstance(s, Field))


def evaluate(value: Value, variables: Mapping[str, Any]) -> Any:
    """Give the JSON value of ``value``; enum names become text, absent variables become None."""
    if isinstance(value, Variable):
        return variables.get(value.name)
    if isinstance(value, ListValue):
        return [evaluate(item, variables) for item in value.items]
    if isinstance(value, ObjectValue):
        return {
            name: evaluate(item, variables)
            for name, item in value.fields
            if not (isinstance(item, Variable) and item.name not in variables)
        }
    return _literal_value(value.text)


def variables_of(selection_set: SelectionSet) -> tuple[str, ...]:
    """List the variables used anywhere below, each once, in order of first use."""
    seen: dict[str, None] = {}
    _collect_variables(selection_set, seen)
    return tuple(seen)


def print_value(value: Value) -> str:
    """Print a value as GraphQL text."""
    if isinstance(value, Variable):
        return f"${value.name}"
    if isinstance(value, ListValue):
        return "[" + ", ".join(print_value(item) for item in value.items) + "]"
    if isinstance(value, ObjectValue):
        return "{" + ", ".join(f"{name}: {print_value(item)}" for name, item in value.fields) + "}"
    return value.text


def split_conditions(
    conditions: tuple[Condition, ...],
) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """Split conditions into those one selection may carry and those printed around it.

    Neither @skip nor @include may stand twice at one place; a further one needs a fragment.
    """
    own: dict[bool, Condition] = {}
    for condition in conditions:
        own.setdefault(condition.expected, condition)
    carried = tuple(own.values())
    return carried, tuple(condition for condition in conditions if condition not in carried)


def print_condition(condition: Condition) -> str:
    """Print a condition as the directive that says it, with a leading blank."""
    return f" @{'include' if condition.expected else 'skip'}(if: ${condition.variable})"


def print_selection_set(selection_set: SelectionSet) -> str:
    """Print on one line: ``{ id name ... on T { f(a: 1) } }``."""
    return "{ " + " ".join(_print_selection(s) for s in selection_set) + " }"


def _print_selection(selection: Selection) -> str:
    own, outer = split_conditions(selection.conditions)
    text = _print_alone(selection, own)
    for condition in outer:
        text = f"...{print_condition(condition)} {{ {text} }}"
    return text


def _print_alone(selection: Selection, conditions: tuple[Condition, ...]) -> str:
    suffix = "".join(print_condition(condition) for condition in conditions)
    suffix += "".join(f" @{d.name}{_print_arguments(d.arguments)}" for d in selection.directives)
    if isinstance(selection, Fragment):
        return (
            f"... on {selection.type_condition}{suffix} {print_selection_set(selection.selections)}"
        )
    alias = f"{selection.alias}: " if selection.alias else ""
    text = f"{alias}{selection.name}{_print_arguments(selection.arguments)}{suffix}"
    if selection.selections is None:
        return text
    return f"{text} {print_selection_set(selection.selections)}"


def _print_arguments(arguments: tuple[Argument, ...]) -> str:
    if not arguments:
        return ""
    return "(" + ", ".join(f"{a.name}: {print_value(a.value)}" for a in arguments) + ")"


def _literal_value(text: str) -> Any:
    if text in ("true", "false", "null") or text[0] in '"-0123456789':
        return json.loads(text)
    return text  # an enum value


def _collect_variables(selection_set: SelectionSet, seen: dict[str, None]) -> None:
    for selection in selection_set:
        for condition in selection.conditions:
            seen[condition.variable] = None
        for directive in selection.directives:
            for argument in directive.arguments:
                _collect_value_variables(argument.value, seen)
        if isinstance(selection, Field):
            for argument in selection.arguments:
                _collect_value_variables(argument.value, seen)
        if selection.selections is not None:
            _collect_variables(selection.selections, seen)


def _collect_value_variables(value: Value, seen: dict[str, None]) -> None:
    if isinstance(value, Variable):
        seen[value.name] = None
    elif isinstance(value, ListValue):
        for item in value.items:
            _collect_value_variables(item, seen)
    elif isinstance(value, ObjectValue):
        for _, item in value.fields:
            _collect_value_variables(item, seen)
