"""Parts the objects of a fetch with contextual arguments by the values that objects above give.

In: the fetch's contexts and paths. Out: ``Parting``, which lists the objects of every path and the
group of each; the groups are numbered as they are met. No object is in two groups: below what gives
a value nothing is shared.

The values are read and compared as the reference does it (``gateway/executor/contexts.py``). One
that is null where the argument allows none deviates, and so does a whole number for a Float, which
a record does not tell from one with a point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec
from graphql import GraphQLFloat, get_named_type

from gateway.executor.compiled.paths import Reached, depth_of
from gateway.executor.compiled.place_tree import PlaceTree
from gateway.executor.compiled.places import Place, PlaceField
from gateway.executor.compiled.records import Records
from gateway.executor.compiled.source import Deviation, NotCovered
from gateway.executor.compiled.walks import Walk, compile_walk
from gateway.executor.contexts import read_context
from gateway.plan.nodes import ContextVariable
from schema.selection import Field, SelectionSet

__all__ = ["Parted", "Parting", "compile_parting"]

_ENCODE = msgspec.json.Encoder(order="deterministic").encode

_Read: TypeAlias = Callable[[Any], Any]
"""From a record to the value that it gives; raises ``Deviation``."""


class Parted(NamedTuple):
    """``groups[p][n]`` is the group of the n-th object of the p-th path."""

    groups: list[list[int]]
    values: list[dict[str, Any]]  # by group: the variables


Parting: TypeAlias = Callable[[list[list[Any]]], Parted]
"""From the gathered objects, among which it puts those of the paths; raises ``Deviation``."""


def compile_parting(
    contexts: Sequence[ContextVariable],
    paths: Sequence[Reached],
    tree: PlaceTree,
    records: Records,
) -> Parting:
    """Make what parts the objects of one fetch."""
    compiled = [[_Context(each, reached, tree, records) for each in contexts] for reached in paths]
    walks = [compile_walk(reached, records) for reached in paths]

    def part(gathered: list[list[Any]]) -> Parted:
        parted = Parted([], [])
        numbers: dict[bytes, int] = {}
        root = gathered[0][0]
        for reached, walk, context in zip(paths, walks, compiled, strict=True):
            objects = gathered[reached.list_number] = walk(root)
            found = [each.values(root) for each in context]
            groups = []
            for record in objects:
                values = {
                    each.name: of[id(record)] for each, of in zip(context, found, strict=True)
                }
                number = numbers.setdefault(_ENCODE(values), len(numbers))
                if number == len(parted.values):
                    parted.values.append(values)
                groups.append(number)
            parted.groups.append(groups)
        return parted

    return part


class _Context:
    """One contextual argument of the objects of one path."""

    def __init__(
        self, context: ContextVariable, reached: Reached, tree: PlaceTree, records: Records
    ) -> None:
        self.name = context.name
        self._non_null = context.type.non_null
        above, below = reached.parted(depth_of(context.path))
        self._find: Walk = compile_walk(above, records)
        self._go_on: Walk = compile_walk(below, records)
        self._readers = {
            records.of(place): _reader(place, context.selection, tree, records)
            for place in above.places
        }

    def values(self, root: Any) -> dict[int, Any]:
        """Give the value for each object, by its id."""
        found: dict[int, Any] = {}
        for giver in self._find(root):
            read = self._readers.get(type(giver))
            if read is None:
                continue
            objects = self._go_on(giver)
            if objects:
                value = read(giver)
                if value is None and self._non_null:
                    raise Deviation
                found.update((id(each), value) for each in objects)
        return found


def _reader(place: Place, selections: SelectionSet, tree: PlaceTree, records: Records) -> _Read:
    """Follow the one field that is selected, in the fragment that holds for the place."""
    runtime = _runtime(place, selections)
    for selection in selections:
        if isinstance(selection, Field):
            if selection.name != "__typename":
                return _field_reader(place, selection, tree, records)
        elif tree.types.applies(selection.type_condition, runtime):
            return _reader(place, selection.selections, tree, records)
    return lambda record: None


def _runtime(place: Place, selections: SelectionSet) -> str:
    """Give the type that the data tells, or that is selected on."""
    givers = place.givers_of("__typename")
    if place.type_name == selections.type_name or place.is_tagged or place.origin in givers:
        return place.type_name
    if givers:
        raise NotCovered  # told later, by another fetch
    return selections.type_name


def _field_reader(place: Place, selected: Field, tree: PlaceTree, records: Records) -> _Read:
    field = place.fields.get(selected.response_name)
    if field is None:
        return lambda record: None
    attribute, selections = field.attribute, selected.selections
    if selections is None:
        check = _check(field)
        return lambda record: check(getattr(record, attribute))
    if field.is_opaque:
        types, inside = tree.types, selections
        return lambda record: read_context(getattr(record, attribute), inside, types)
    readers = {
        records.of(child): _reader(child, selections, tree, records) for child in field.children
    }
    return lambda record: _read_below(getattr(record, attribute), readers)


def _read_below(value: Any, readers: Mapping[type[Any], _Read]) -> Any:
    if value is None:
        return None
    if value is msgspec.UNSET:
        raise Deviation
    if type(value) is list:
        return [_read_below(each, readers) for each in value]
    return readers[type(value)](value)


def _check(field: PlaceField) -> _Read:
    """Refuse what the record does not tell as it came."""
    is_float = field.type is not None and get_named_type(field.type) is GraphQLFloat
    return _refuse_whole if is_float and not field.is_wide else _keep


def _keep(value: Any) -> Any:
    if value is msgspec.UNSET:  # what was to come did not
        raise Deviation
    return value


def _refuse_whole(value: Any) -> Any:
    if type(value) is list:
        return [_refuse_whole(each) for each in value]
    if type(value) is float and value.is_integer():
        raise Deviation("Float")
    return _keep(value)
