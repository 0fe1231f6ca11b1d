"""Merges one fetch's data into the data so far.

In: a target object, changed in place, and a source object. Out: nothing. Three cases: objects merge
by name, lists of equal standing merge by index, and of two values the first that is not null stays.

Invariants: an object of the target is never replaced by another (positions hold references to it);
null never overwrites; the type name given by the entity's owner stays, and replaces an interface's
name, which only an @interfaceObject subgraph can have given.
"""

from __future__ import annotations

from typing import Any

from gateway.executor.state.runtime_types import RuntimeTypes

__all__ = ["copy_tree", "merge_object"]


def merge_object(target: dict[str, Any], source: dict[str, Any], types: RuntimeTypes) -> None:
    """Merge ``source`` into ``target``; parts of ``source`` become parts of ``target``."""
    for name, value in source.items():
        current = target.get(name)
        if current is None:
            target[name] = value
        elif name == "__typename":
            if current != value and types.is_abstract(current) and value is not None:
                target[name] = value
        else:
            _merge_value(current, value, types)


def copy_tree(value: Any) -> Any:
    """Copy objects and lists, so that two positions never share what later fetches change."""
    if isinstance(value, dict):
        return {name: copy_tree(item) for name, item in value.items()}
    if isinstance(value, list):
        return [copy_tree(item) for item in value]
    return value


def _merge_value(current: Any, value: Any, types: RuntimeTypes) -> None:
    if isinstance(current, dict) and isinstance(value, dict):
        merge_object(current, value, types)
    elif isinstance(current, list) and isinstance(value, list):
        _merge_list(current, value, types)


def _merge_list(target: list[Any], source: list[Any], types: RuntimeTypes) -> None:
    """Merge by index; the first list's length stands, so that no item lacks its first half."""
    for index, value in enumerate(source[: len(target)]):
        current = target[index]
        if current is None:
            target[index] = value
        else:
            _merge_value(current, value, types)
