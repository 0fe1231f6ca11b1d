"""Generates how the answer of a fetch goes into the records.

In: one place and what the fetch gives to it. Out: ``Merge``. An object that an earlier fetch made
already is not replaced: what the fetch adds is put into it, through its lists by index. Where one
of them has an object and the other has none, or their lists differ in length, that is for the
reference to judge; so is an entity that was not found where that is more than a null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import msgspec
from graphql import GraphQLNonNull

from gateway.executor.compiled.places import Place, PlaceField, list_depth
from gateway.executor.compiled.records import Records
from gateway.executor.compiled.source import NotCovered, build_function

__all__ = ["Merge", "compile_merge"]

Merge: TypeAlias = Callable[[Sequence[Any], Sequence[Any]], None]
"""From a place's objects and the entity of each; raises ``Deviation``."""

_MAX_LOOPS = 16  # Python allows twenty nested blocks


def compile_merge(
    place: Place, fetch_id: int, source: Place, records: Records, *, is_only: bool
) -> Merge | None:
    """Generate the merge into one place of records made for ``source``; None: nothing to do.

    ``is_only``: all objects given to it are of this place.
    """
    given = [each for each in place.given_by(fetch_id) if each.type is not None]
    if not given:
        return None
    names: dict[str, Any] = {"is_there": _is_there, f"C{place.number}": records.of(place)}
    lines = ["def merge(objects, entities):", " for o, e in zip(objects, entities):"]
    if not is_only:
        lines.append(f"  if type(o) is not C{place.number}: continue")
    lines.append("  if e is None:")
    must_come = any(_must_come(each, fetch_id) for each in given)
    lines.append(f"   {'raise Deviation' if must_come else 'continue'}")
    writer = _Writer(fetch_id, records, names)
    for each in given:
        held = source.fields[each.response_name].attribute
        lines += writer.field(each, f"o.{each.attribute}", f"e.{held}", "  ", 1)
    return build_function("merge", lines, names)


class _Writer:
    """Writes the lines of one fetch, and collects the names that they use."""

    def __init__(self, fetch_id: int, records: Records, names: dict[str, Any]) -> None:
        self._fetch_id = fetch_id
        self._records = records
        self._names = names

    def field(
        self, field: PlaceField, target: str, value: str, indent: str, depth: int
    ) -> Iterator[str]:
        """Put one field's value where it belongs."""
        if field.children and not field.is_made_by(self._fetch_id):
            yield from self._objects(field, target, value, indent, depth)
        elif field.children or field.givers == [self._fetch_id]:
            yield f"{indent}{target} = {value}"
        else:  # of two values the first that is not null stays
            yield f"{indent}if not is_there({target}): {target} = {value}"

    def _objects(
        self, field: PlaceField, target: str, value: str, indent: str, depth: int
    ) -> Iterator[str]:
        """Go through the lists of both, and add to the objects in them."""
        assert field.type is not None
        own, came = f"o{depth}", f"e{depth}"
        yield f"{indent}{own} = {target}"
        yield f"{indent}{came} = {value}"
        for _ in range(list_depth(field.type)):
            yield from _check_both(own, came, indent)
            yield f"{indent} if len({own}) != len({came}): raise Deviation"
            depth += 1
            if depth > _MAX_LOOPS:
                raise NotCovered
            yield f"{indent} for o{depth}, e{depth} in zip({own}, {came}):"
            own, came, indent = f"o{depth}", f"e{depth}", indent + "  "
        yield from _check_both(own, came, indent)
        indent += " "
        for child in field.children:
            inside = indent
            if field.is_abstract:
                yield from self._type_lines(child, own, came, indent)
                inside += " "
            yield f"{inside}pass"
            for each in child.given_by(self._fetch_id):
                if each.type is not None:
                    inner = each.attribute
                    yield from self.field(
                        each, f"{own}.{inner}", f"{came}.{inner}", inside, depth + 1
                    )

    def _type_lines(self, child: Place, own: str, came: str, indent: str) -> Iterator[str]:
        """Begin what is done with objects of one type, of which both must be."""
        number = child.number
        self._names[f"C{number}"] = self._records.of(child)
        self._names[f"A{number}"] = self._records.added(child, self._fetch_id)
        yield f"{indent}if type({came}) is A{number}:"
        yield f"{indent} if type({own}) is not C{number}: raise Deviation"


def _check_both(own: str, came: str, indent: str) -> Iterator[str]:
    """Refuse an object, or a list of them, that only one has; go on where both have it."""
    yield f"{indent}if {came} is None or not is_there({own}):"
    yield f"{indent} if {came} is not {own}: raise Deviation"
    yield f"{indent}else:"


def _is_there(value: Any) -> bool:
    return value is not None and value is not msgspec.UNSET


def _must_come(field: PlaceField, fetch_id: int) -> bool:
    """Tell whether an object lacks more than a null without it."""
    is_added = bool(field.children) and not field.is_made_by(fetch_id)
    return is_added or isinstance(field.type, GraphQLNonNull)
