"""Generates the walks over records: find the objects to complete, hide what was not asked.

In: places. Out: ``Gather``, which takes the records that one fetch made and appends the objects of
each place below to that place's list, in document order; ``Hide``, run before encoding.

Equal objects at one place become one object, which stands at all their positions: whatever later
fetches add is the same for each, and is added once. They are compared as they came, so that places
which differ in anything keep their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import msgspec
from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType

from gateway.executor.compiled.places import Place, PlaceField
from gateway.executor.compiled.records import is_plain
from gateway.executor.compiled.source import NotCovered, build_function

__all__ = ["Gather", "Hide", "compile_gather", "compile_hide"]

Gathered: TypeAlias = list[list[Any]]
"""The objects of each place, by its number."""

Gather: TypeAlias = Callable[[Iterable[Any], Gathered], None]
Hide: TypeAlias = Callable[[Gathered], None]

_MAX_LOOPS = 16  # Python allows twenty nested blocks


def compile_gather(place: Place, fetch_id: int) -> Gather | None:
    """Generate the walk below what a fetch gives to a place; None: there is nothing to find."""
    below = _children(place, fetch_id)
    wanted = [each for each in below if _is_wanted(each)]
    if not wanted:
        return None
    places = list(_gathered(wanted, fetch_id))
    lines = ["def gather(records, gathered):"]
    for found in places:
        lines.append(f" g{found.number} = gathered[{found.number}]")
        lines.append(f" s{found.number} = {{}}")
    lines.append(" for v in records:")
    for each in wanted:
        lines += _field_lines(each, "v", fetch_id, "  ", 1)
    return build_function("gather", lines, {})


def compile_hide(places: Iterable[Place]) -> Hide | None:
    """Generate what takes the fields that the client did not ask out of the answer."""
    lines = ["def hide(gathered):"]
    for place in places:
        hidden = [each for each in place.fields.values() if not each.is_visible]
        if hidden:
            lines.append(f" for o in gathered[{place.number}]:")
            lines += [f"  o.{each.attribute} = UNSET" for each in hidden]
    if len(lines) == 1:
        return None
    return build_function("hide", lines, {"UNSET": msgspec.UNSET})


def _children(place: Place, fetch_id: int) -> list[PlaceField]:
    return [each for each in place.given_by(fetch_id) if each.child is not None]


def _is_wanted(field: PlaceField) -> bool:
    child = field.child
    if child is None:
        return False
    return child.is_gathered or any(map(_is_wanted, _children(child, child.origin)))


def _gathered(fields: Iterable[PlaceField], fetch_id: int) -> Iterator[Place]:
    for field in fields:
        child = field.child
        if child is not None:
            if child.is_gathered:
                yield child
            yield from _gathered(_children(child, fetch_id), fetch_id)


def _field_lines(
    field: PlaceField, owner: str, fetch_id: int, indent: str, depth: int
) -> Iterator[str]:
    """Generate the walk into one field: through its lists, to its object."""
    assert field.child is not None
    assert field.type is not None
    value, target = f"{owner}_{field.attribute}", f"{owner}.{field.attribute}"
    yield f"{indent}{value} = {target}"
    yield f"{indent}if {value} is not None:"
    indent += " "
    for _ in range(_list_depth(field.type)):
        depth += 1
        if depth > _MAX_LOOPS:
            raise NotCovered
        yield f"{indent}for i{depth}, {value}_ in enumerate({value}):"
        yield f"{indent} if {value}_ is not None:"
        target, value, indent = f"{value}[i{depth}]", f"{value}_", indent + "  "
    yield from _object_lines(field.child, value, target, indent, depth)


def _object_lines(place: Place, value: str, target: str, indent: str, depth: int) -> Iterator[str]:
    number = place.number
    key = _sharing_key(place)
    if key is not None:
        yield f"{indent}c = s{number}.setdefault({value}.{key.attribute}, {value})"
        same = "" if _is_all_key(place, key) else f" and c == {value}"
        yield f"{indent}if c is not {value}{same}:"
        yield f"{indent} {target} = c"
        yield f"{indent}else:"
        indent += " "
    if place.is_gathered:
        yield f"{indent}g{number}.append({value})"
    else:
        yield f"{indent}pass"
    for field in _children(place, place.origin):
        if _is_wanted(field):
            yield from _field_lines(field, value, place.origin, indent, depth)


def _sharing_key(place: Place) -> PlaceField | None:
    """Choose the field by which equal objects are found; None: they are not shared."""
    if not place.is_asked or not _is_comparable(place):
        return None
    for field in place.given_by(place.origin):
        if field.type is not None and field.child is None and _list_depth(field.type) == 0:
            return field
    return None


def _is_comparable(place: Place) -> bool:
    for field in place.given_by(place.origin):
        if field.child is not None:
            if not _is_comparable(field.child):
                return False
        elif field.type is not None and not is_plain(field.type):
            return False
    return True


def _is_all_key(place: Place, key: PlaceField) -> bool:
    """Tell whether objects with the same key cannot differ: nothing else came with them."""
    given = place.given_by(place.origin)
    return all(each is key or each.type is None for each in given)


def _list_depth(of: GraphQLOutputType) -> int:
    depth = 0
    while isinstance(of, GraphQLNonNull | GraphQLList):
        depth += isinstance(of, GraphQLList)
        of = of.of_type
    return depth
