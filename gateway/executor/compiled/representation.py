"""Writes how the representation of a record is built, and what tells it from others.

In: a place and what a fetch requires of its objects. Out: lines that set ``k``, a hashable value
that is equal only for equal representations, and ``r``, the representation of the record ``o``.

Covered: scalars and objects, no lists. A null in a key deviates, and so does a value of which
Python's equality is not JSON's: in Python ``1 == True``. A whole number given for a Float deviates:
the record no longer tells ``1`` from ``1.0``, unless it is wide (``widening``).
"""

from __future__ import annotations

from collections.abc import Mapping

from graphql import GraphQLFloat, GraphQLList, get_named_type, get_nullable_type

from gateway.executor.compiled.places import Place, PlaceField, PlaceTree
from gateway.executor.compiled.records import is_plain
from gateway.executor.compiled.source import NotCovered
from schema.selection import Field, SelectionSet

__all__ = ["write_representation"]

_INDENT = "   "


def write_representation(
    place: Place, requires: SelectionSet, keys: SelectionSet, tree: PlaceTree
) -> list[str]:
    """Write the lines for the objects of one place; raises ``NotCovered``."""
    writer = _Writer(tree)
    built = writer.object(place, "o", requires, keys)
    if not writer.values:
        raise NotCovered
    known = f"({place.type_name!r}, {', '.join(writer.values)})"
    typename = f'"__typename": {place.type_name!r}'
    return [
        *writer.lines,
        f"{_INDENT}k = {known}",
        f"{_INDENT}r = {{{', '.join([typename, *built])}}}",
    ]


class _Writer:
    """Collects the lines that read a record, and the names of the values read."""

    def __init__(self, tree: PlaceTree) -> None:
        self.lines: list[str] = []
        self.values: list[str] = []
        self._tree = tree

    def object(
        self, place: Place, owner: str, requires: SelectionSet, keys: SelectionSet | None
    ) -> list[str]:
        """Read the inputs of one object; gives the members that the representation has of it."""
        identifying = {} if keys is None else self._fields(place, keys)
        asked = self._fields(place, requires)
        if not identifying.keys() <= asked.keys():
            raise NotCovered
        members = []
        for name, selected in asked.items():
            field = place.fields.get(name)
            if field is None or field.name != selected.name:
                raise NotCovered
            value = self._member(place, field, selected, owner, identifying.get(name))
            if value is not None:
                members.append(f"{name!r}: {value}")
        return members

    def _fields(self, place: Place, selections: SelectionSet) -> Mapping[str, Field]:
        found: dict[str, Field] = {}
        for selected in self._tree.fields_on(selections, place.type_name):
            known = found.setdefault(selected.response_name, selected)
            if known.selections != selected.selections:
                raise NotCovered
        return found

    def _member(
        self, place: Place, field: PlaceField, selected: Field, owner: str, key: Field | None
    ) -> str | None:
        if field.type is None:
            return self._typename(place, field, owner)
        if isinstance(get_nullable_type(field.type), GraphQLList):
            raise NotCovered
        value = f"{owner}_{field.attribute}"
        self.lines.append(f"{_INDENT}{value} = {owner}.{field.attribute}")
        if selected.selections is None:
            self._check(field, value, is_key=key is not None)
            is_told_by_kind = field.is_wide and not is_plain(field)
            self.values.append(f"type({value}), {value}" if is_told_by_kind else value)
            return value
        if field.is_abstract or not field.children:
            raise NotCovered
        self.lines.append(f"{_INDENT}if {value} is None: raise Deviation")
        below = None if key is None else key.selections
        members = self.object(field.children[0], value, selected.selections, below)
        return f"{{{', '.join(members)}}}"

    def _typename(self, place: Place, field: PlaceField, owner: str) -> str | None:
        if field.response_name != "__typename" or (owner != "o" and not self._has_name(place)):
            raise NotCovered
        return None if owner == "o" else repr(place.type_name)

    def _has_name(self, place: Place) -> bool:
        return place.origin in place.givers_of("__typename")

    def _check(self, field: PlaceField, value: str, *, is_key: bool) -> None:
        assert field.type is not None
        if is_key:
            self.lines.append(f"{_INDENT}if {value} is None: raise Deviation")
        if get_named_type(field.type) is GraphQLFloat:
            if not field.is_wide:
                self.lines.append(f"{_INDENT}if {value} is not None and {value}.is_integer():")
                self.lines.append(f"{_INDENT} raise Deviation('Float')")
        elif not is_plain(field):
            condition = f"type({value}) is not str and type({value}) is not int"
            self.lines.append(f"{_INDENT}if {value} is not None and ({condition}):")
            self.lines.append(f"{_INDENT} raise Deviation")
