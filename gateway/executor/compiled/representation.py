"""Writes how the representation of a record is built, and what tells it from others.

In: a place and what a fetch requires of its objects. Out: lines that set ``k``, a hashable value
that among objects of one type is equal only for equal representations, and the expression of that
of the record ``o``: it is built only for the first of equal ones.

A representation is told from others by its values; one with lists or names that the plan rewrites,
by its JSON. A null in a key deviates, and so does a value of which Python's equality is not JSON's:
in Python ``1 == True``. A whole number given for a Float deviates: the record no longer tells ``1``
from ``1.0``, unless it is wide (``widening``). So does a custom scalar that is neither text nor a
whole number; where its type is wide, its JSON tells it. What is opaque is read as the reference
reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import msgspec
from graphql import (
    GraphQLFloat,
    GraphQLList,
    GraphQLOutputType,
    get_named_type,
    get_nullable_type,
)

from gateway.executor.compiled.place_tree import PlaceTree
from gateway.executor.compiled.places import Place, PlaceField
from gateway.executor.compiled.records import Records, is_plain
from gateway.executor.compiled.source import NotCovered
from gateway.executor.representations import is_whole
from gateway.executor.representations import pick as pick_part
from gateway.plan.nodes import FetchNode
from schema.selection import Field, SelectionSet

__all__ = ["NAMES", "write_representation"]

NAMES = {"json_of": msgspec.json.Encoder(order="deterministic").encode}
"""What the lines that are written use."""

_INDENT = "   "
_MAX_LISTS = 8  # in one another; Python allows twenty nested loops


def write_representation(
    place: Place, fetch: FetchNode, tree: PlaceTree, records: Records, names: dict[str, Any]
) -> tuple[list[str], str]:
    """Write lines and expression for the objects of one place; raises ``NotCovered``.

    What they use is put into ``names``. Of a fetch with rewrites they call ``rewrite`` with the
    representation, which changes it in place.
    """
    if fetch.requires is None or fetch.keys is None:
        raise NotCovered
    has_rewrites = bool(fetch.input_rewrites)
    writer = _Writer(tree, records, names)
    built = writer.object(place, "o", fetch.requires, fetch.keys)
    if set(writer.values) <= {"None"} and not writer.has_list:
        raise NotCovered
    members = [f'"__typename": {place.type_name!r}', *built]
    representation = f"{{{', '.join(members)}}}"
    if not writer.has_list and not has_rewrites:
        values = writer.values
        known = values[0] if len(values) == 1 else f"({', '.join(values)})"
        return [*writer.lines, f"{_INDENT}k = {known}"], representation
    rewrite = [f"{_INDENT}rewrite(r)"] if has_rewrites else []
    made = [f"{_INDENT}r = {representation}", *rewrite, f"{_INDENT}k = json_of(r)"]
    return [*writer.lines, *made], "r"


class _Writer:
    """Collects the lines that read a record, and the names of the values read."""

    def __init__(self, tree: PlaceTree, records: Records, names: dict[str, Any]) -> None:
        self.lines: list[str] = []
        self.values: list[str] = []
        self.has_list = False
        self._tree = tree
        self._records = records
        self._names = names
        self._indent = _INDENT  # deeper within a list

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
            if field is None:  # nobody was asked for it: it was left out by a condition
                members.append(self._missing(name, is_key=name in identifying))
                continue
            value = self._member(place, field, selected, owner, identifying.get(name))
            if value is not None:
                members.append(f"{name!r}: {value}")
        return members

    def _missing(self, name: str, *, is_key: bool) -> str:
        if is_key:
            raise NotCovered
        self.values.append("None")  # places that lack different fields are not taken for equal
        return f"{name!r}: None"

    def _write(self, *lines: str) -> None:
        self.lines += [f"{self._indent}{line}" for line in lines]

    def _fields(self, place: Place, selections: SelectionSet) -> Mapping[str, Field]:
        found: dict[str, Field] = {}
        for selected in self._tree.fields_on(selections, place.type_name):
            known = found.setdefault(selected.response_name, selected)
            if known.selections != selected.selections:  # a key and an input of one object
                found[selected.response_name] = _merge(known, selected)
        return found

    def _member(
        self, place: Place, field: PlaceField, selected: Field, owner: str, key: Field | None
    ) -> str | None:
        if field.type is None:
            return self._typename(place, field, owner)
        value = f"{owner}_{field.attribute}"
        self._write(f"{value} = {owner}.{field.attribute}")
        if key is not None:
            self._write(f"if {value} is None: raise Deviation")
        if field.is_opaque:
            return self._opaque(selected, value, key)
        if selected.selections is not None and not field.children:
            raise NotCovered
        item = _item_type(field.type)
        if item is not None:
            self.has_list = True
            if selected.selections is None:
                self._check_items(field, item, value)
                return value
            return self._objects(field, item, selected.selections, value, key)
        if selected.selections is None:
            self._check(field, value)
            is_told_by_kind = field.is_wide and not is_plain(field)
            self.values += [f"type({value})", value] if is_told_by_kind else [value]
            return value
        self._write(f"if {value} is None: raise Deviation")
        return self._object(field, selected.selections, value, key)

    def _opaque(self, selected: Field, value: str, key: Field | None) -> str:
        """Read what may be anything, as the reference does."""
        self.has_list = True
        if selected.selections is None:
            return value
        types, selections = self._tree.types, selected.selections
        pick = self._name(lambda whole: pick_part(whole, selections, None, types))
        if key is not None and key.selections is not None:
            identifying = key.selections
            whole = self._name(
                lambda part: is_whole(part, identifying, identifying.type_name, types)
            )
            self._write(f"if not {whole}({value}): raise Deviation")
        return f"{pick}({value})"

    def _name(self, function: Callable[[Any], Any]) -> str:
        """Let the lines call a function."""
        name = f"opaque{len(self._names)}"
        self._names[name] = function
        return name

    def _object(
        self, field: PlaceField, selections: SelectionSet, value: str, key: Field | None
    ) -> str:
        below = None if key is None else key.selections
        if not field.is_abstract:
            return f"{{{', '.join(self.object(field.children[0], value, selections, below))}}}"
        self.has_list = True  # what tells it from others depends on its type
        made = f"{value}_t"
        self._write(f"{made} = None")
        for child in field.children:
            self._names[f"C{child.number}"] = self._records.of(child)
            self._write(f"if type({value}) is C{child.number}:")
            self._indent += " "
            members = self.object(child, value, selections, below)
            self._write(f"{made} = {{{', '.join(members)}}}")
            self._indent = self._indent[:-1]
        return made

    def _objects(
        self,
        field: PlaceField,
        item: GraphQLOutputType,
        selections: SelectionSet,
        value: str,
        key: Field | None,
    ) -> str:
        """Read every object of a list; a null is sent as one, and is no part of a key."""
        outside = self._indent
        if len(outside) > len(_INDENT) + 2 * _MAX_LISTS:
            raise NotCovered
        built, each = f"{value}_s", f"{value}_i"
        self._write(f"{built} = None if {value} is None else []", f"for {each} in {value} or ():")
        self._indent += " "
        null = "raise Deviation" if key is not None else f"{built}.append(None); continue"
        self._write(f"if {each} is None: {null}")
        inner = _item_type(item)
        if inner is None:
            made = self._object(field, selections, each, key)
        else:
            made = self._objects(field, inner, selections, each, key)
        self._write(f"{built}.append({made})")
        self._indent = outside
        return built

    def _typename(self, place: Place, field: PlaceField, owner: str) -> str | None:
        if field.response_name != "__typename" or (owner != "o" and not self._has_name(place)):
            raise NotCovered
        return None if owner == "o" else repr(place.type_name)

    def _has_name(self, place: Place) -> bool:
        return place.origin in place.givers_of("__typename")

    def _check(self, field: PlaceField, value: str) -> None:
        assert field.type is not None
        if get_named_type(field.type) is GraphQLFloat:
            if not field.is_wide:
                self._write(
                    f"if {value} is not None and {value}.is_integer(): raise Deviation('Float')"
                )
        elif not is_plain(field):
            name = get_named_type(field.type).name
            if self._tree.is_wide(name):
                self.has_list = True  # its JSON tells it
                return
            condition = f"type({value}) is not str and type({value}) is not int"
            deviate = f"raise Deviation({name!r})"
            self._write(f"if {value} is not None and ({condition}): {deviate}")

    def _check_items(self, field: PlaceField, item: GraphQLOutputType, value: str) -> None:
        """Look at what the record does not tell apart; what is no Float its JSON does."""
        if get_named_type(item) is not GraphQLFloat or field.is_wide:
            return
        whole = f"any(each is not None and each.is_integer() for each in {value} or ())"
        if _item_type(item) is not None:
            self._names["has_whole"] = _has_whole
            whole = f"has_whole({value})"
        self._write(f"if {whole}: raise Deviation('Float')")


def _has_whole(value: Any) -> bool:
    """Tell whether a Float somewhere in lists of lists is a whole number."""
    if type(value) is list:
        return any(map(_has_whole, value))
    return value is not None and bool(value.is_integer())


def _merge(first: Field, second: Field) -> Field:
    if first.selections is None or second.selections is None:
        raise NotCovered
    both = (*first.selections, *second.selections)
    return replace(first, selections=SelectionSet(first.selections.type_name, both))


def _item_type(of: GraphQLOutputType) -> GraphQLOutputType | None:
    """Give the type of a list's items; None: no list."""
    nullable = get_nullable_type(of)
    if not isinstance(nullable, GraphQLList):
        return None
    item: GraphQLOutputType = nullable.of_type
    return item
