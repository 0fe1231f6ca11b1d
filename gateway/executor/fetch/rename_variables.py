"""Renames variables in a selection, where two fetches of one request use one name for two values.

In: a selection set and the new names. Out: the same selections with the new names in all arguments.
Conditions keep theirs: only the client's variables stand there, and they have one value each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schema.selection import (
    Argument,
    Field,
    ListValue,
    ObjectValue,
    Selection,
    SelectionSet,
    Value,
    Variable,
)

__all__ = ["rename_variables"]


def rename_variables(selections: SelectionSet, names: Mapping[str, str]) -> SelectionSet:
    """Give the selections with variables renamed; names that are not in ``names`` stay."""
    if not names:
        return selections
    renamed = tuple(_selection(each, names) for each in selections)
    return SelectionSet(selections.type_name, renamed)


def _selection(selection: Selection, names: Mapping[str, str]) -> Selection:
    if not isinstance(selection, Field):
        return replace(selection, selections=rename_variables(selection.selections, names))
    below = selection.selections
    return replace(
        selection,
        selections=None if below is None else rename_variables(below, names),
        arguments=tuple(Argument(a.name, _value(a.value, names)) for a in selection.arguments),
    )


def _value(value: Value, names: Mapping[str, str]) -> Value:
    if isinstance(value, Variable):
        return Variable(names.get(value.name, value.name))
    if isinstance(value, ListValue):
        return ListValue(tuple(_value(item, names) for item in value.items))
    if isinstance(value, ObjectValue):
        return ObjectValue(tuple((name, _value(item, names)) for name, item in value.fields))
    return value
