"""Generates the walks over records: find the objects to complete, finish the answer.

In: places. Out: ``Gather``, which takes the records that one fetch made and appends the objects of
each place below to that place's list, in document order; ``Finish``, run before encoding.

Equal objects at one place become one object, which stands at all their positions: whatever later
fetches add is the same for each, and is added once. They are compared as they came, so that places
which differ in anything keep their own. Where they come as bytes, the bytes are compared, and only
the first of equal ones is decoded. Objects that several fetches give are not shared, nor are those
that stand below what gives an argument of theirs: what is said of them depends on what they stand
in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import msgspec
from graphql import GraphQLNonNull, GraphQLOutputType, get_named_type

from gateway.executor.compiled.places import Place, PlaceField, list_depth
from gateway.executor.compiled.records import Records, is_plain
from gateway.executor.compiled.sealing import SEALING_NAMES, write_sealing
from gateway.executor.compiled.source import NotCovered, build_function
from gateway.executor.compiled.widening import as_float, as_id

__all__ = ["Finish", "Gather", "compile_finish", "compile_gather"]

Gathered: TypeAlias = list[list[Any]]
"""The objects of each place, by its number."""

Gather: TypeAlias = Callable[[Iterable[Any], Gathered], None]
Finish: TypeAlias = Callable[[Gathered], None]

_MAX_LOOPS = 16  # Python allows twenty nested blocks


def compile_gather(place: Place, fetch_id: int, records: Records) -> Gather | None:
    """Generate the walk below what a fetch gives to a place; None: there is nothing to find."""
    wanted = _wanted(place, fetch_id)
    if not wanted:
        return None
    lines = ["def gather(records, gathered):"]
    names: dict[str, Any] = {"Raw": msgspec.Raw}
    for found in _added_below(wanted, fetch_id):
        names[f"A{found.number}"] = records.added(found, fetch_id)
    for found in _below(wanted, fetch_id):
        lines.append(f" g{found.number} = gathered[{found.list_number}]")
        lines.append(f" s{found.number} = {{}}")
        if found.is_made_again:
            names[f"T{found.number}"] = records.came(found)
            names[f"C{found.number}"] = records.of(found)
    for each in _packed_below(wanted, fetch_id):
        found = each.children[0]
        nullable = not isinstance(_item_type(each), GraphQLNonNull)
        lines.append(f" n{found.number} = {{}}")
        if each.repeats is not None:
            lines.append(f" r{found.number} = gathered[{each.repeats}]")
        names[f"load{found.number}"] = records.loader(found, is_nullable=nullable).load
    lines += [" for v in records:", "  if v is None: continue"]
    for each in wanted:
        lines += _field_lines(each, fetch_id, "v", "  ", 1)
    return build_function("gather", lines, names)


def compile_finish(places: Sequence[Place], records: Records) -> Finish | None:
    """Generate what makes the answer the client's.

    Fields that were not asked are taken out, those not granted are null, numbers become what their
    type is, and what repeats becomes its bytes.
    """
    lines = ["def finish(gathered):"]
    names: dict[str, Any] = {
        **SEALING_NAMES,
        "UNSET": msgspec.UNSET,
        "as_ID": as_id,
        "as_Float": as_float,
    }
    for place in places:
        hidden, widened, withheld = place.hidden(), place.widened(), place.withheld()
        if hidden or widened or withheld:
            lines.append(f" for o in gathered[{place.list_number}]:")
            if place.is_tagged:
                names[f"C{place.number}"] = records.of(place)
                lines.append(f"  if type(o) is not C{place.number}: continue")
            lines += [f"  o.{each.attribute} = UNSET" for each in hidden]
            for each in widened:
                assert each.type is not None
                make = f"as_{get_named_type(each.type).name}"
                lines.append(f"  o.{each.attribute} = {make}(o.{each.attribute})")
            lines += [f"  o.{each.attribute} = None" for each in withheld]
    lines += write_sealing(places)
    if len(lines) == 1:
        return None
    return build_function("finish", lines, names)


def _wanted(place: Place, fetch_id: int) -> list[PlaceField]:
    return [each for each in place.given_by(fetch_id) if each.is_wanted(fetch_id)]


def _children(place: Place, fetch_id: int) -> list[PlaceField]:
    return [each for each in place.given_by(fetch_id) if each.children]


def _below(fields: Iterable[PlaceField], fetch_id: int) -> Iterator[Place]:
    """Give the places whose objects the fetch makes and the walk keeps or makes again."""
    for field in fields:
        for child in field.children:
            is_kept = child.is_gathered or child.is_made_again or field.is_packed
            if is_kept and field.is_made_by(fetch_id):
                yield child
            yield from _below(_children(child, fetch_id), fetch_id)


def _added_below(fields: Iterable[PlaceField], fetch_id: int) -> Iterator[Place]:
    """Give the places of several types to whose objects the fetch adds."""
    for field in fields:
        for child in field.children:
            if child.is_tagged and not field.is_made_by(fetch_id):
                yield child
            yield from _added_below(_children(child, fetch_id), fetch_id)


def _packed_below(fields: Iterable[PlaceField], fetch_id: int) -> Iterator[PlaceField]:
    for field in fields:
        if field.is_packed:
            yield field
        for child in field.children:
            yield from _packed_below(_children(child, fetch_id), fetch_id)


def _field_lines(
    field: PlaceField, fetch_id: int, owner: str, indent: str, depth: int
) -> Iterator[str]:
    """Generate the walk into one field: through its lists, to its object."""
    assert field.type is not None
    value, target = f"{owner}_{field.attribute}", f"{owner}.{field.attribute}"
    yield f"{indent}{value} = {target}"
    yield f"{indent}if {value} is not None:"
    indent += " "
    for level in range(1, list_depth(field.type) + 1):
        depth += 1
        if depth > _MAX_LOOPS:
            raise NotCovered
        if level == list_depth(field.type) and _puts_others(field, fetch_id):
            yield f"{indent}for i{depth}, {value}_ in enumerate({value}):"
        else:
            yield f"{indent}for {value}_ in {value}:"
        yield f"{indent} if {value}_ is not None:"
        target, value, indent = f"{value}[i{depth}]", f"{value}_", indent + "  "
    if field.is_packed:
        yield from _packed_lines(field, owner, target, value, indent, depth)
        return
    is_made = field.is_made_by(fetch_id)
    if not field.is_abstract:
        place = field.children[0]
        if is_made:
            if place.is_made_again:
                yield f"{indent}{value} = {target} = {_made_again(place, value)}"
            yield from _shared_lines(place, value, target, indent, depth)
        else:
            yield from _object_lines(place, fetch_id, value, indent, depth)
        return
    yield f"{indent}t = type({value})"
    for position, place in enumerate(field.children):
        came_as = f"{'T' if is_made else 'A'}{place.number}"
        yield f"{indent}{'elif' if position else 'if'} t is {came_as}:"
        if place.lacks_fields:
            yield f"{indent} raise Deviation"
            continue
        if is_made:
            yield f"{indent} {value} = {target} = {_made_again(place, value)}"
        yield from _object_lines(place, fetch_id, value, indent + " ", depth)


def _made_again(place: Place, value: str) -> str:
    values = (f"{each.attribute}={value}.{each.attribute}" for each in place.made_of())
    return f"C{place.number}({', '.join(values)})"


def _puts_others(field: PlaceField, fetch_id: int) -> bool:
    """Tell whether the walk may put other objects where those of a field stand."""
    place = field.children[0]
    is_found_again = field.is_packed or _sharing_key(place) is not None
    return field.is_made_by(fetch_id) and (
        is_found_again or field.is_abstract or place.is_made_again
    )


def _packed_lines(
    field: PlaceField, owner: str, target: str, value: str, indent: str, depth: int
) -> Iterator[str]:
    """Decode the first of objects that came as equal bytes; the others are the same object.

    Bytes are compared with the first ones of their length, at a twentieth of what hashing them
    costs; only where those differ are they looked up by themselves.
    """
    place = field.children[0]
    number = place.number
    is_known = [f"{value} = None"]
    if field.repeats is not None:
        is_known.append(f"r{number}.append({owner})")
    yield f"{indent}if type({value}) is Raw:"
    yield f"{indent} n = len({value})"
    yield f"{indent} c = n{number}.get(n)"
    yield f"{indent} if c is None:"
    yield f"{indent}  c = {value}"
    yield f"{indent}  {value} = {target} = load{number}(c)"
    yield f"{indent}  n{number}[n] = c, {value}"
    yield f"{indent} elif c[0] == {value}:"
    yield f"{indent}  {target} = c[1]"
    yield from (f"{indent}  {line}" for line in is_known)
    yield f"{indent} else:"
    yield f"{indent}  b = bytes({value})"
    yield f"{indent}  if b in s{number}:"
    yield f"{indent}   {target} = s{number}[b]"
    yield from (f"{indent}   {line}" for line in is_known)
    yield f"{indent}  else:"
    yield f"{indent}   {value} = {target} = s{number}[b] = load{number}(b)"
    yield f"{indent}if {value} is not None:"
    yield from _object_lines(place, place.origin, value, f"{indent} ", depth)


def _shared_lines(place: Place, value: str, target: str, indent: str, depth: int) -> Iterator[str]:
    """Put the first of equal objects in the place of the others."""
    key = _sharing_key(place)
    if key is not None:
        shared = f"s{place.number}.setdefault({value}.{key.attribute}, {value})"
        if key.type is not None and not is_plain(key):
            shared = f"{shared} if type({value}.{key.attribute}) is str else {value}"
        yield f"{indent}c = {shared}"
        same = "" if _is_all_key(place, key) else f" and c == {value}"
        yield f"{indent}if c is not {value}{same}:"
        yield f"{indent} {target} = c"
        yield f"{indent}else:"
        indent += " "
    yield from _object_lines(place, place.origin, value, indent, depth)


def _object_lines(
    place: Place, fetch_id: int, value: str, indent: str, depth: int
) -> Iterator[str]:
    if place.is_gathered and place.origin == fetch_id:
        yield f"{indent}g{place.number}.append({value})"
    else:
        yield f"{indent}pass"
    for field in _wanted(place, fetch_id):
        yield from _field_lines(field, fetch_id, value, indent, depth)


def _sharing_key(place: Place) -> PlaceField | None:
    """Choose the field by which equal objects are found; None: they are not shared."""
    if not place.is_asked or place.is_unshared:
        return None
    for field in place.given_by(place.origin):
        if field.type is not None and not field.children and list_depth(field.type) == 0:
            return field if _is_comparable(place, field) else None
    return None


def _is_comparable(place: Place, key: PlaceField | None = None) -> bool:
    """Tell whether equal records are equal JSON; ``key`` is looked at where they are compared."""
    for field in place.given_by(place.origin):
        if field is key:
            continue
        if field.children:
            if field.is_abstract or field.is_packed or not _is_comparable(field.children[0]):
                return False
        elif field.type is not None and not is_plain(field):
            return False
    return True


def _is_all_key(place: Place, key: PlaceField) -> bool:
    """Tell whether objects with the same key cannot differ: nothing else came with them."""
    given = place.given_by(place.origin)
    return all(each is key or each.type is None for each in given)


def _item_type(field: PlaceField) -> GraphQLOutputType:
    """Give the type of the objects of a field, whatever lists they stand in."""
    of: Any = field.type
    while list_depth(of):
        of = of.of_type
    output: GraphQLOutputType = of
    return output
