"""Which fields of the supergraph are personal, and how strictly.

In: a ``Supergraph`` whose elements carry ``@kelas(tingkat: UMUM | SPESIFIK)``, under whatever name
its ``@link`` gives the directive. Out: ``DataClasses``, compiled once: a class for every field that
has one. A field without a class is public.

The stricter wins: a field has the class of itself, of its parent type, of the leaf type that it
answers with, of the inputs that it ``@requires`` (whoever may read the result learns of them), and
of the same field on the interfaces and implementations of its parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.policy.lookups import find_lookups
from gateway.policy.personal_inputs import find_holders
from schema.coordinates import coordinate
from schema.errors import SupergraphError
from schema.selection import Field, Literal, SelectionSet
from schema.spec.feature_url import parse_feature_url
from schema.spec.link import LinkedFeature
from schema.supergraph.model import (
    Applied,
    EnumType,
    FieldDefinition,
    InputObjectType,
    InterfaceType,
    ObjectType,
    ScalarType,
    Supergraph,
)

__all__ = ["DATA_IDENTITY", "DataClass", "DataClasses", "build_classes"]

DATA_IDENTITY = "https://specs.simpul.example/data"
_DIRECTIVE = "kelas"

# Values of these types identify a person whether or not their scalar carries a class.
PERSONAL_SCALARS = ("NIK", "NomorKK", "_Any")  # a representation may hold any of them


class DataClass(StrEnum):
    """The classes of UU 27/2022: general and specific personal data."""

    UMUM = "UMUM"
    SPESIFIK = "SPESIFIK"

    @property
    def strictness(self) -> int:
        """Higher is stricter."""
        return 1 if self is DataClass.SPESIFIK else 0


@dataclass(frozen=True, slots=True)
class DataClasses:
    """The classes of one supergraph."""

    fields: Mapping[str, DataClass] = field(default_factory=dict)  # by coordinate Type.field
    # Who answers a coordinate that has a class, or finds a record that has.
    sources: Mapping[str, str] = field(default_factory=dict)
    # For an interface's coordinate: the same field on its implementations.
    implementations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Input types, and arguments and input fields by coordinate, whose values are personal.
    personal_inputs: frozenset[str] = frozenset()
    # Input types that are personal, or may hold a personal value at any depth.
    personal_holders: frozenset[str] = frozenset()
    # A field that finds a record by a personal value -> the record's classed fields.
    lookups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, type_name: str, field_name: str) -> DataClass | None:
        """Give a field's class; None is public."""
        return self.fields.get(f"{type_name}.{field_name}")


def build_classes(supergraph: Supergraph) -> DataClasses:
    """Compile the classes of ``supergraph``.

    Raises:
        SupergraphError: if a class directive names no known class.
    """
    reader = _Reader(_directive_names(supergraph))
    compiler = _Compiler(supergraph, reader)
    classes = compiler.compile()
    personal_inputs = frozenset(_personal_inputs(supergraph, reader))
    holders = find_holders(supergraph, personal_inputs)
    lookups = dict(find_lookups(supergraph, classes, personal_inputs, holders))
    return DataClasses(
        fields=classes,
        sources=dict(_sources(supergraph, (*classes, *lookups))),
        implementations=dict(_implementations(supergraph, classes)),
        personal_inputs=personal_inputs,
        personal_holders=holders,
        lookups=lookups,
    )


def _directive_names(supergraph: Supergraph) -> frozenset[str]:
    names = set()
    for link in supergraph.links:
        url = parse_feature_url(link.url)
        if url.identity == DATA_IDENTITY:
            feature = LinkedFeature(url, link.alias, dict(link.imports))
            names.add(feature.local_directive(_DIRECTIVE))
    # Without a link the plain name counts: a class lost on the way must not open a field.
    return frozenset(names or {_DIRECTIVE})


class _Reader:
    """Reads the class directive of one element."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def read(self, applied: Applied, where: str) -> DataClass | None:
        """Give the strictest class applied."""
        found = None
        for directive in applied.directives:
            if directive.name in self._names:
                values = {a.name: a.value for a in directive.arguments}
                found = stricter(found, _class_of(values.get("tingkat"), where))
        return found


def _class_of(value: object, where: str) -> DataClass:
    text = value.text if isinstance(value, Literal) else ""
    try:
        return DataClass(text)
    except ValueError:
        raise SupergraphError(
            f'"{where}" has the data class "{text}"; use UMUM or SPESIFIK.', (where,)
        ) from None


def stricter(first: DataClass | None, second: DataClass | None) -> DataClass | None:
    """Give the stricter of two classes; None is public."""
    if first is None or second is None:
        return first or second
    return max(first, second, key=lambda each: each.strictness)


class _Compiler:
    """Spreads classes from where they are written to all fields that tell the same."""

    def __init__(self, supergraph: Supergraph, reader: _Reader) -> None:
        self._supergraph = supergraph
        self._reader = reader
        self._composites = {
            name: definition
            for name, definition in supergraph.types.items()
            if isinstance(definition, ObjectType)
        }
        self._classes: dict[str, DataClass] = {}

    def compile(self) -> dict[str, DataClass]:
        """Give the class of every field that has one."""
        for definition in self._composites.values():
            own = self._reader.read(definition.applied, definition.name)
            for each in definition.fields.values():
                where = coordinate(definition.name, each.name)
                self._raise(where, self._written(own, each, where))
        while self._spread():
            pass  # inheritance goes over several steps: @requires inputs of @requires inputs
        return self._classes

    def _written(
        self, parent: DataClass | None, definition: FieldDefinition, where: str
    ) -> DataClass | None:
        own = self._reader.read(definition.applied, where)
        leaf = self._supergraph.types.get(definition.type.named)
        if isinstance(leaf, ScalarType | EnumType):
            own = stricter(own, self._reader.read(leaf.applied, leaf.name))
        return stricter(parent, own)

    def _raise(self, where: str, data_class: DataClass | None) -> bool:
        raised = stricter(self._classes.get(where), data_class)
        if raised is None or raised is self._classes.get(where):
            return False
        self._classes[where] = raised
        return True

    def _spread(self) -> bool:
        changed = False
        for definition in self._composites.values():
            for each in definition.fields.values():
                where = coordinate(definition.name, each.name)
                for source in self._told_by(definition, each):
                    changed |= self._raise(where, self._classes.get(source))
        return changed

    def _told_by(self, definition: ObjectType, each: FieldDefinition) -> Iterator[str]:
        for join in each.joins:
            if join.requires is not None:
                yield from _coordinates(join.requires)
        for interface in definition.interfaces:
            yield coordinate(interface, each.name)
        if isinstance(definition, InterfaceType):
            for name in self._supergraph.implementations(definition.name):
                yield coordinate(name, each.name)


def _coordinates(selection_set: SelectionSet) -> Iterator[str]:
    for selection in selection_set:
        if isinstance(selection, Field):
            yield coordinate(selection_set.type_name, selection.name)
        if selection.selections is not None:
            yield from _coordinates(selection.selections)


def _sources(supergraph: Supergraph, coordinates: Iterable[str]) -> Iterator[tuple[str, str]]:
    for where in coordinates:
        type_name, _, field_name = where.partition(".")
        for join in supergraph.joins_of(type_name, field_name):
            if join.graph is not None and not join.external:
                yield where, join.graph
                break


def _implementations(
    supergraph: Supergraph, classes: Mapping[str, DataClass]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for where in classes:
        type_name, _, field_name = where.partition(".")
        if isinstance(supergraph.types[type_name], InterfaceType):
            implementations = supergraph.implementations(type_name)
            yield where, tuple(coordinate(name, field_name) for name in implementations)


def _personal_inputs(supergraph: Supergraph, reader: _Reader) -> Iterator[str]:
    yield from PERSONAL_SCALARS
    for name, definition in supergraph.types.items():
        if reader.read(definition.applied, name) is not None:
            yield name
        if isinstance(definition, ObjectType):
            for each in definition.fields.values():
                for argument in each.arguments:
                    where = coordinate(name, each.name, argument.name)
                    if reader.read(argument.applied, where) is not None:
                        yield where
        elif isinstance(definition, InputObjectType):
            for input_field in definition.fields.values():
                where = coordinate(name, input_field.name)
                if reader.read(input_field.applied, where) is not None:
                    yield where
