"""Walks from the root record to the objects of a path that leads through several types.

In: a ``Reached``. Out: a ``Walk``, made for each execution of a fetch. It goes name by name, as the
reference does, and costs what the objects on its way are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from gateway.executor.compiled.paths import Reached
from gateway.executor.compiled.records import Records

__all__ = ["Walk", "compile_walk"]

Walk: TypeAlias = Callable[[Any], list[Any]]
"""From the root record to the objects that a path leads to, each once, in document order."""


def compile_walk(reached: Reached, records: Records) -> Walk:
    """Make the walk of a path that leads through several types."""
    steps = [
        ({records.of(place): field.attribute for place, field in step.fields}, step.lists)
        for step in reached.steps
    ]

    def walk(root: Any) -> list[Any]:
        found = [root]
        for attributes, lists in steps:
            found = _enter(found, attributes, lists)
        return found

    return walk


def _enter(
    objects: list[Any], attributes: Mapping[type[msgspec.Struct], str], lists: int
) -> list[Any]:
    """Go from objects to those in a field, wherever they have it."""
    values = [getattr(each, attributes[type(each)]) for each in objects if type(each) in attributes]
    for _ in range(lists):
        values = [each for value in values if _is_there(value) for each in value]
    return list({id(value): value for value in values if _is_there(value)}.values())


def _is_there(value: Any) -> bool:
    return value is not None and value is not msgspec.UNSET
