"""Finds the objects that a flatten path leads to, each with its place in the client's answer.

In: the merged data and a ``FetchPath``. Out: ``Position``s in document order. A place is kept as a
chain of links (parent, last element) and written out only for an error: ten thousand positions cost
one small tuple each, whatever their depth.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from adapters.contract import Path
from gateway.plan.nodes import FetchPath, PathElement, TypeCondition

__all__ = ["Link", "Position", "find_positions", "nearest_list", "path_of"]

Link: TypeAlias = "tuple[Link, str | int] | None"
"""A place: the place above, and the name or index that leads here. None is the root."""


class Position(NamedTuple):
    """One object of the merged data and where it stands. A NamedTuple, made per entity."""

    value: dict[str, Any]
    link: Link


def find_positions(data: dict[str, Any], path: FetchPath) -> list[Position]:
    """Find every object at ``path``; nulls and type conditions that fail end their branch."""
    found: list[tuple[Any, Link]] = [(data, None)]
    for element in path:
        found = list(_step(found, element))
    return [Position(value, link) for value, link in _enter_lists(found)]


def path_of(link: Link) -> Path:
    """Write a place out from the root."""
    elements: list[str | int] = []
    while link is not None:
        link, element = link
        elements.append(element)
    return tuple(reversed(elements))


def nearest_list(path: Path) -> Path:
    """Cut a path before its first index: the one list that holds every place like it."""
    for index, element in enumerate(path):
        if isinstance(element, int):
            return path[:index]
    return path


def _step(found: list[tuple[Any, Link]], element: PathElement) -> Iterator[tuple[Any, Link]]:
    if element == "@":
        for value, link in found:
            if isinstance(value, list):
                yield from ((item, (link, index)) for index, item in enumerate(value))
    elif isinstance(element, TypeCondition):
        for value, link in _enter_lists(found):
            # Without a type name there is only one type, or the plan would have asked for it.
            if value.get("__typename", element.types[0]) in element.types:
                yield value, link
    else:
        for value, link in _enter_lists(found):
            inner = value.get(element)
            if inner is not None:
                yield inner, (link, element)


def _enter_lists(found: list[tuple[Any, Link]]) -> Iterator[tuple[dict[str, Any], Link]]:
    """Give the objects among ``found``, entering lists that the path does not mark."""
    for value, link in found:
        if isinstance(value, dict):
            yield value, link
        elif isinstance(value, list):
            yield from _enter_lists([(item, (link, index)) for index, item in enumerate(value)])
