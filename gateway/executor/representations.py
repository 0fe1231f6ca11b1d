"""Builds what is sent for entities: one representation per distinct entity of a fetch.

In: the positions of a flatten path and the fetch's ``requires``. Out: representations without
duplicates, each with all the positions that its answer goes to. Linear in the positions.

Rules: a null in the key means no representation; so does a @requires input that a failure took
away, because a subgraph would compute a wrong answer without it (docs/decisions/0003); an input
that was answered as null, or that nobody owed, is sent as null; where a fragment of the requirement
does not match the object's type, nothing of it goes in, so that an object may become ``{}``. Two
representations are the same if their JSON is: in Python ``1 == True``, in JSON not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from adapters.contract import Representation
from gateway.executor.lost_inputs import Withheld, find_lost_input
from gateway.executor.response_path import Position
from gateway.executor.rewrites import apply_rewrites
from gateway.executor.state.explained import ExplainedNulls
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.plan.nodes import FetchNode
from schema.selection import Field, Fragment, SelectionSet

__all__ = ["Representations", "build_representations", "is_whole", "pick"]

_ENCODER = msgspec.json.Encoder(order="deterministic")


@dataclass(slots=True)
class Representations:
    """``positions[i]`` are the places that the answer to ``items[i]`` goes to.

    ``keyless`` are objects of the right type without a whole key, ``withheld`` those of which a
    failure took a @requires input.
    """

    items: list[Representation] = field(default_factory=list)
    positions: list[list[Position]] = field(default_factory=list)
    keyless: list[Position] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)


def build_representations(
    positions: Iterable[Position], node: FetchNode, types: RuntimeTypes, explained: ExplainedNulls
) -> Representations:
    """Build the representations of one entity fetch, each distinct one once.

    ``explained`` knows the failures so far.
    """
    built = Representations()
    index_of: dict[bytes, int] = {}
    for position in positions:
        runtime = _runtime_type(position.value, node, types)
        if runtime is None:
            continue
        representation = _build_one(position.value, runtime, node, types)
        if representation is None:
            built.keyless.append(position)
            continue
        cause = find_lost_input(position, runtime, node, types, explained) if explained else None
        if cause is not None:
            built.withheld.append(Withheld(position, cause))
            continue
        content = _ENCODER.encode(representation)
        index = index_of.setdefault(content, len(built.items))
        if index == len(built.items):
            built.items.append(representation)
            built.positions.append([])
        built.positions[index].append(position)
    return built


def _runtime_type(value: dict[str, Any], node: FetchNode, types: RuntimeTypes) -> str | None:
    """Give the object's type; None: the fetch is not for objects of that type.

    A type that was never asked for is the requirement's only one.
    """
    requires = node.requires
    assert requires is not None, "an entity fetch has requirements"
    found = value.get("__typename")
    if isinstance(found, str):
        return found if any(_matches(each, found, types) for each in requires) else None
    conditions = {s.type_condition for s in requires if isinstance(s, Fragment)}
    return conditions.pop() if len(conditions) == 1 else None


def _build_one(
    value: dict[str, Any], runtime: str, node: FetchNode, types: RuntimeTypes
) -> Representation | None:
    """Build one representation; None: a part of its key is null."""
    requires = node.requires
    assert requires is not None, "an entity fetch has requirements"
    representation: Representation = {"__typename": runtime}
    matched = tuple(s for s in requires if _matches(s, runtime, types))
    _collect(SelectionSet(runtime, matched), value, representation, types)
    representation["__typename"] = runtime
    if not _has_key(value, representation, node, runtime, types):
        return None
    apply_rewrites(representation, node.input_rewrites)
    return representation


def _matches(selection: Field | Fragment, runtime: str, types: RuntimeTypes) -> bool:
    return isinstance(selection, Field) or types.applies(selection.type_condition, runtime)


def _collect(
    selections: SelectionSet, value: dict[str, Any], into: dict[str, Any], types: RuntimeTypes
) -> None:
    """Copy what ``selections`` names from ``value``; what is missing becomes null."""
    runtime = value.get("__typename") or selections.type_name
    for selection in selections:
        if isinstance(selection, Field):
            name = selection.response_name
            into[name] = pick(value.get(name), selection.selections, into.get(name), types)
        elif types.applies(selection.type_condition, runtime):
            inner = SelectionSet(runtime, selection.selections.selections)
            _collect(inner, value, into, types)


def pick(value: Any, selections: SelectionSet | None, before: Any, types: RuntimeTypes) -> Any:
    """Copy what is required of one value; ``before`` is what a fragment already picked of it."""
    if selections is None or value is None:
        return value
    if isinstance(value, list):
        picked = before if isinstance(before, list) else [None] * len(value)
        return [pick(v, selections, b, types) for v, b in zip(value, picked, strict=True)]
    if not isinstance(value, dict):
        return None
    into = before if isinstance(before, dict) else {}
    _collect(selections, value, into, types)
    return into


def _has_key(
    value: dict[str, Any],
    representation: Representation,
    node: FetchNode,
    runtime: str,
    types: RuntimeTypes,
) -> bool:
    if node.keys is not None:
        return is_whole(value, node.keys, runtime, types)
    names = [name for name in representation if name != "__typename"]
    if names and all(representation[name] is None for name in names):
        return False
    return not any(
        representation[name] is None and types.is_required(runtime, name) for name in names
    )


def is_whole(value: Any, keys: SelectionSet, runtime: str, types: RuntimeTypes) -> bool:
    """Tell whether no part of the key is null, in nested objects and lists too."""
    if isinstance(value, list):
        return all(is_whole(item, keys, keys.type_name, types) for item in value)
    if not isinstance(value, dict):
        return False
    actual = value.get("__typename") or runtime
    for selection in keys:
        if isinstance(selection, Field):
            part = value.get(selection.response_name)
            if part is None and selection.name != "__typename":
                return False
            if selection.selections is not None and not is_whole(
                part, selection.selections, selection.selections.type_name, types
            ):
                return False
        elif types.applies(selection.type_condition, actual) and not is_whole(
            value, selection.selections, actual, types
        ):
            return False
    return True
