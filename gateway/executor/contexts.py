"""Gathers the contextual arguments of an entity fetch, and parts its objects by them.

In: the positions of a fetch, its ``contexts``, the merged data. Out: groups of positions with equal
values, each to be asked by itself: arguments are variables, and a request has one value of each.
An object whose value a failure took away is withheld, as one that lost a @requires input; one whose
value is null where the argument allows none cannot be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from gateway.executor.lost_inputs import Withheld, find_lost_part
from gateway.executor.response_path import Position, path_of
from gateway.executor.state.explained import Cause, ExplainedNulls
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.plan.nodes import ContextVariable
from schema.selection import Field, SelectionSet

__all__ = ["ContextGroups", "group_by_contexts", "read_context"]

_ENCODER = msgspec.json.Encoder(order="deterministic")


@dataclass(slots=True)
class ContextGroups:
    """Objects by the values of their contexts, in order of first occurrence."""

    groups: list[tuple[dict[str, Any], list[Position]]] = field(default_factory=list)
    valueless: list[Position] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)


def group_by_contexts(
    positions: Iterable[Position],
    contexts: tuple[ContextVariable, ...],
    data: Mapping[str, Any],
    types: RuntimeTypes,
    explained: ExplainedNulls,
) -> ContextGroups:
    """Part positions by the values of their contexts."""
    found = ContextGroups()
    index_of: dict[bytes, int] = {}
    for position in positions:
        values, cause = _read_all(position, contexts, data, types, explained)
        if cause is not None:
            found.withheld.append(Withheld(position, cause))
        elif any(each.type.non_null and values[each.name] is None for each in contexts):
            found.valueless.append(position)
        else:
            index = index_of.setdefault(_ENCODER.encode(values), len(found.groups))
            if index == len(found.groups):
                found.groups.append((values, []))
            found.groups[index][1].append(position)
    return found


def _read_all(
    position: Position,
    contexts: tuple[ContextVariable, ...],
    data: Mapping[str, Any],
    types: RuntimeTypes,
    explained: ExplainedNulls,
) -> tuple[dict[str, Any], Cause | None]:
    """Give the value of each context of one object, or what took one of them away."""
    path = path_of(position.link)
    values: dict[str, Any] = {}
    for each in contexts:
        # A plan's path names every list level, so its names count the steps of a place.
        place = path[: sum(isinstance(element, str) for element in each.path)]
        setter: Any = data
        for element in place:
            setter = setter[element]
        values[each.name] = read_context(setter, each.selection, types)
        if explained:
            cause = find_lost_part(setter, each.selection, place, types, explained)
            if cause is not None:
                return values, cause
    return values, None


def read_context(value: Any, selections: SelectionSet, types: RuntimeTypes) -> Any:
    """Follow the one field that is selected, in the fragment that holds for the object."""
    if isinstance(value, list):
        return [read_context(item, selections, types) for item in value]
    if not isinstance(value, dict):
        return None
    for selection in selections:
        if isinstance(selection, Field):
            if selection.name == "__typename":
                continue
            inner = value.get(selection.response_name)
            if selection.selections is None or inner is None:
                return inner
            return read_context(inner, selection.selections, types)
        runtime = value.get("__typename") or selections.type_name
        if types.applies(selection.type_condition, runtime):
            return read_context(value, selection.selections, types)
    return None
