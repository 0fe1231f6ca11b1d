"""A mutation's root field runs once, also where it was asked for under several conditions.

In: a normalized root selection set. Out: the same, where fields of one response name exclude each
other: each carries all that was selected under the name, and its conditions say that none before
it ran. For a query it would not matter how often a field is asked; a mutation must not run twice,
and when it runs is part of its meaning: at the first place whose conditions hold
(https://spec.graphql.org/September2025/#sec-Normal-and-Serial-Execution).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from gateway.operation.normalize.conditions import combine_conditions
from schema.selection import Condition, Field, Fragment, Selection, SelectionSet

__all__ = ["run_once"]

_Conditions: TypeAlias = "tuple[Condition, ...]"


def run_once(selection_set: SelectionSet) -> SelectionSet:
    """Make fields of one response name exclude each other."""
    by_name: dict[str, list[Field]] = {}
    for field in selection_set:
        if isinstance(field, Field):
            by_name.setdefault(field.response_name, []).append(field)
    parted = {
        id(field): new
        for fields in by_name.values()
        if len(fields) > 1
        for field, new in zip(fields, _exclude_each_other(fields), strict=True)
    }
    selections: list[Selection] = []
    for selection in selection_set:
        selections.extend(parted.get(id(selection), [selection]))
    return SelectionSet(selection_set.type_name, tuple(selections))


def _exclude_each_other(fields: Sequence[Field]) -> Iterator[list[Selection]]:
    """Give for each field what stands in its place."""
    not_yet: list[_Conditions] = [()]  # the cases in which none before ran
    for field in fields:
        cases = [combine_conditions(frozenset(), case, field.conditions) for case in not_yet]
        yield [_whole(fields, case) for case in cases if case is not None]
        not_yet = [rest for case in not_yet for rest in _without(case, field.conditions)]


def _without(case: _Conditions, conditions: _Conditions) -> Iterator[_Conditions]:
    """Part a case into those in which the conditions do not all hold."""
    holding: _Conditions = ()
    for condition in conditions:
        opposite = Condition(condition.variable, not condition.expected)
        rest = combine_conditions(frozenset(), case, holding, (opposite,))
        if rest is not None:
            yield rest
        holding = (*holding, condition)


def _whole(fields: Sequence[Field], case: _Conditions) -> Field:
    """Give the field as it is asked in one case, with everything selected under its name."""
    first = fields[0]
    if first.selections is None:
        return replace(first, conditions=case)
    selections: list[Selection] = []
    for field in fields:
        assert field.selections is not None
        conditions = combine_conditions(frozenset(case), field.conditions)
        if conditions:
            selections.append(Fragment(field.selections, conditions))
        elif conditions is not None:
            selections.extend(field.selections)
    inner = SelectionSet(first.selections.type_name, tuple(selections))
    return replace(first, selections=inner, conditions=case)
