"""The field sets of a subgraph's @key, @requires and @provides, parsed, and the fields they use.

In: a ``Subgraph``. Out: selection sets, and ``FieldUsage``: which fields stand in which sort of
field set. The rules about externals, sharing and overriding all ask the same question: is this
field used, and by what?
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schema.field_set import FieldSetError, parse_field_set
from schema.selection import Directive, Field, SelectionSet
from schema.subgraph.contexts import context_settings, context_uses
from schema.subgraph.literals import is_value_of
from schema.subgraph.model import Subgraph, SubgraphType, TypeKind, text_argument

__all__ = ["FieldSetUse", "FieldUsage", "field_set_uses", "read_field_set", "read_usage", "walk"]

FieldName = tuple[str, str]  # type, field

_APPLIED = re.compile(r"@\w+(\s*\([^)]*\))?")


@dataclass(frozen=True, slots=True)
class FieldSetUse:
    """One application of a directive with a field set.

    ``field`` is None for @key; ``type_name`` is the type that the fields are selected on: the
    parent for @key and @requires, the field's own type for @provides.
    """

    directive: Directive
    parent: str
    field: str | None
    type_name: str

    @property
    def coordinate(self) -> str:
        """The coordinate of the element that carries the directive."""
        return self.parent if self.field is None else f"{self.parent}.{self.field}"


@dataclass(frozen=True, slots=True)
class FieldUsage:
    """Fields, as (type, field), by the sort of directive that names them."""

    keys: frozenset[FieldName]
    provided: frozenset[FieldName]
    required: frozenset[FieldName]
    implementing: frozenset[FieldName]  # needed to satisfy an interface of the subgraph
    contextual: frozenset[FieldName]  # selected from a context

    def is_used(self, type_name: str, field_name: str) -> bool:
        """Tell whether anything in the subgraph names the field."""
        name = (type_name, field_name)
        return any(
            name in names
            for names in (
                self.keys,
                self.provided,
                self.required,
                self.implementing,
                self.contextual,
            )
        )


def field_set_uses(subgraph: Subgraph) -> Iterator[FieldSetUse]:
    """Iterate over all field sets, valid or not, in the order of the schema."""
    for definition in subgraph.composites():
        for key in definition.keys:
            yield FieldSetUse(key, definition.name, None, definition.name)
        for field in definition.fields.values():
            for directive in field.notes.every("requires"):
                yield FieldSetUse(directive, definition.name, field.name, definition.name)
            for directive in field.notes.every("provides"):
                yield FieldSetUse(directive, definition.name, field.name, field.type.named)


def read_field_set(subgraph: Subgraph, use: FieldSetUse) -> SelectionSet:
    """Parse a use's field set; raises FieldSetError."""
    return parse_field_set(
        text_argument(use.directive, "fields") or "", use.type_name, subgraph.field_type
    )


def walk(selections: SelectionSet) -> Iterator[tuple[str, Field]]:
    """Iterate over every field of a field set with its parent type, outer ones first."""
    for selection in selections:
        if isinstance(selection, Field):
            yield selections.type_name, selection
        if selection.selections is not None:
            yield from walk(selection.selections)


def read_usage(subgraph: Subgraph) -> FieldUsage:
    """Collect the fields used anywhere in a subgraph.

    A field set that names an unknown field counts up to there, and one that passes a wrong value
    up to that field, as the reference reads them.
    """
    names: dict[str, set[FieldName]] = {"key": set(), "provides": set(), "requires": set()}
    for use in field_set_uses(subgraph):
        for parent, field in walk(_read_leniently(subgraph, use)):
            if field.name != "__typename" and subgraph.field_type(parent, field.name) is None:
                break
            for type_name in _with_possible_types(subgraph, parent):
                names[use.directive.name].add((type_name, field.name))
            if not _takes_arguments(subgraph, parent, field):
                break
    return FieldUsage(
        frozenset(names["key"]),
        frozenset(names["provides"]),
        frozenset(names["requires"]),
        frozenset(_implementing(subgraph)),
        frozenset(_contextual(subgraph)),
    )


def _takes_arguments(subgraph: Subgraph, parent: str, field: Field) -> bool:
    """Tell whether the values that a field set passes are of the arguments' types."""
    definition = subgraph.find_field(parent, field.name)
    known = definition.arguments if definition is not None else {}
    return all(
        is_value_of(subgraph, passed.value, known[passed.name].type)
        for passed in field.arguments
        if passed.name in known
    )


def _read_leniently(subgraph: Subgraph, use: FieldSetUse) -> SelectionSet:
    """Read what there is of a field set: directives and unknown fields are faults of their own."""
    text = _APPLIED.sub("", text_argument(use.directive, "fields") or "")
    try:
        return parse_field_set(
            text, use.type_name, lambda parent, name: subgraph.field_type(parent, name) or "String"
        )
    except FieldSetError:
        return SelectionSet(use.type_name)


def _with_possible_types(subgraph: Subgraph, type_name: str) -> tuple[str, ...]:
    if subgraph.kind_of(type_name) is TypeKind.INTERFACE:
        return (type_name, *subgraph.possible_types(type_name))
    return (type_name,)


def _implementing(subgraph: Subgraph) -> Iterator[FieldName]:
    for definition in subgraph.composites():
        for name in definition.interfaces:
            interface: SubgraphType | None = subgraph.types.get(name)
            for field in interface.fields if interface else ():
                yield definition.name, field


def _contextual(subgraph: Subgraph) -> Iterator[FieldName]:
    settings = context_settings(subgraph)
    for use in context_uses(subgraph):
        for type_name in settings.get(use.context or "", ()):
            try:
                selections = parse_field_set(use.selection, type_name, subgraph.field_type)
            except FieldSetError:
                continue  # CONTEXT_INVALID_SELECTION says it
            for parent, field in walk(selections):
                yield parent, field.name
