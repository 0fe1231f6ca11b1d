"""The operation compiled against the API schema: what to answer, per runtime type.

In: the operation's selection set, the API schema, the denied coordinates. Out: shapes that
``complete`` walks over the data. Fields of an object are collected as the specification says
(CollectFields: in order of first mention, selections of equal response names merged), for each
runtime type when it is first met and for each outcome of the operation's @skip/@include variables:
compiling all combinations ahead would explode on interfaces that refer to themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    GraphQLInterfaceType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    is_leaf_type,
)

from gateway.executor.project.leaf import Coercion, find_coercion
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.executor.state.visible_names import holds
from schema.selection import Field, SelectionSet

__all__ = [
    "TYPENAME_SHAPE",
    "FieldShape",
    "LeafShape",
    "ListShape",
    "ObjectShape",
    "OutputShape",
    "ProjectionProgram",
]

MAX_CONDITION_OUTCOMES = 64  # kept; an operation with more outcomes compiles the rest again

INTROSPECTION_FIELDS = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class LeafShape:
    """A scalar or enum value."""

    non_null: bool
    coerce: Coercion


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list of ``item``."""

    non_null: bool
    item: OutputShape


@dataclass(slots=True)
class ObjectShape:
    """An object, interface or union with what is selected on it.

    ``_fields`` fills while the program is used: at most one entry per possible type.
    """

    non_null: bool
    type_name: str
    is_abstract: bool
    _selections: tuple[SelectionSet, ...]
    _compiler: _Compiler
    _fields: dict[str, tuple[FieldShape, ...]]

    def fields_of(self, runtime: str) -> tuple[FieldShape, ...]:
        """Give what to answer for an object of type ``runtime``, in order."""
        found = self._fields.get(runtime)
        if found is None:
            found = self._fields[runtime] = self._compiler.collect(self._selections, runtime)
        return found

    def runtime_of(self, value: Mapping[str, Any]) -> str | None:
        """Give the object's visible type; None: it is of a type that the client may not see.

        A declared object type is believed over the data: the plan asks for ``__typename`` only
        where it can vary, and a renamed root type has another name in each subgraph.
        """
        if not self.is_abstract:
            return self.type_name
        return self._compiler.visible_type(value.get("__typename"), self.type_name)


OutputShape: TypeAlias = "LeafShape | ListShape | ObjectShape"


@dataclass(frozen=True, slots=True)
class FieldShape:
    """One field of the answer."""

    response_name: str
    coordinate: str  # of the runtime type
    output: OutputShape
    typename: str | None = None  # of ``__typename``: the answer; None: the type is not known
    is_denied: bool = False


def _keep(value: Any) -> Any:
    return value


TYPENAME_SHAPE = LeafShape(non_null=True, coerce=_keep)
_ANY_SHAPE = LeafShape(non_null=False, coerce=_keep)  # introspection: already complete


class ProjectionProgram:
    """The root shape of one operation, per outcome of its conditions. Made once, used often."""

    def __init__(
        self, selection_set: SelectionSet, schema: GraphQLSchema, denied: frozenset[str]
    ) -> None:
        self._selection_set = selection_set
        self._schema = schema
        self._denied = denied
        self._conditions = _condition_variables(selection_set)
        self._roots: dict[tuple[bool, ...], ObjectShape] = {}

    def root(self, variables: Mapping[str, Any]) -> ObjectShape:
        """Give the shape of ``data`` for these variables."""
        outcome: tuple[bool, ...] = ()
        if self._conditions:
            outcome = tuple(bool(variables.get(name)) for name in self._conditions)
        found = self._roots.get(outcome)
        if found is None:
            if len(self._roots) >= MAX_CONDITION_OUTCOMES:
                self._roots.clear()
            found = self._roots[outcome] = self._compile(outcome)
        return found

    def _compile(self, outcome: tuple[bool, ...]) -> ObjectShape:
        variables = dict(zip(self._conditions, outcome, strict=True))
        compiler = _Compiler(self._schema, self._denied, variables)
        return ObjectShape(
            non_null=False,
            type_name=self._selection_set.type_name,
            is_abstract=False,
            _selections=(self._selection_set,),
            _compiler=compiler,
            _fields={},
        )


class _Compiler:
    """Collects and types the fields of one runtime type, for one outcome of the conditions."""

    def __init__(
        self, schema: GraphQLSchema, denied: frozenset[str], variables: Mapping[str, bool]
    ) -> None:
        self._schema = schema
        self._types = RuntimeTypes(schema)
        self._denied = denied
        self._variables = variables

    def visible_type(self, runtime: object, declared: str) -> str | None:
        """Resolve the type name of an object declared as the abstract ``declared``.

        An interface's name, or none, leaves the declared type: only what is selected on the
        interface itself is answered.
        """
        if runtime is None:
            return declared
        if self._types.is_object(runtime):
            assert isinstance(runtime, str)
            return runtime if self._types.applies(declared, runtime) else None
        return declared if self._types.is_abstract(runtime) else None

    def collect(self, selections: tuple[SelectionSet, ...], runtime: str) -> tuple[FieldShape, ...]:
        """Collect the fields selected on an object of type ``runtime``."""
        groups: dict[str, list[tuple[Field, str]]] = {}
        for selection_set in selections:
            self._group(selection_set, runtime, groups)
        return tuple(self._field(name, found, runtime) for name, found in groups.items())

    def _group(
        self,
        selection_set: SelectionSet,
        runtime: str,
        groups: dict[str, list[tuple[Field, str]]],
    ) -> None:
        for selection in selection_set:
            if not holds(selection.conditions, self._variables):
                continue
            if isinstance(selection, Field):
                group = groups.setdefault(selection.response_name, [])
                group.append((selection, selection_set.type_name))
            elif self._types.applies(selection.type_condition, runtime):
                self._group(selection.selections, runtime, groups)

    def _field(self, name: str, found: list[tuple[Field, str]], runtime: str) -> FieldShape:
        field = found[0][0]
        coordinate = f"{runtime}.{field.name}"
        if field.name == "__typename":
            known = runtime if self._types.is_object(runtime) else None
            return FieldShape(name, coordinate, TYPENAME_SHAPE, typename=known)
        if field.name in INTROSPECTION_FIELDS:
            return FieldShape(name, coordinate, _ANY_SHAPE)
        denied = coordinate in self._denied or any(
            f"{parent}.{field.name}" in self._denied for _, parent in found
        )
        inner = tuple(each.selections for each, _ in found if each.selections is not None)
        return FieldShape(
            name,
            coordinate,
            self._output(self._type_of(field.name, runtime, found), inner),
            is_denied=denied,
        )

    def _type_of(
        self, field_name: str, runtime: str, found: list[tuple[Field, str]]
    ) -> GraphQLOutputType:
        """Give the field's type on the runtime type, else where it was selected."""
        for type_name in (runtime, *(parent for _, parent in found)):
            owner = self._schema.type_map.get(type_name)
            if isinstance(owner, GraphQLObjectType | GraphQLInterfaceType):
                definition = owner.fields.get(field_name)
                if definition is not None:
                    output: GraphQLOutputType = definition.type
                    return output
        raise LookupError(f'the API schema has no field "{runtime}.{field_name}"')

    def _output(self, of: GraphQLOutputType, inner: tuple[SelectionSet, ...]) -> OutputShape:
        non_null = isinstance(of, GraphQLNonNull)
        nullable = of.of_type if isinstance(of, GraphQLNonNull) else of
        if isinstance(nullable, GraphQLList):
            return ListShape(non_null, self._output(nullable.of_type, inner))
        if is_leaf_type(nullable):
            leaf: GraphQLLeafType = nullable
            return LeafShape(non_null, find_coercion(leaf))
        return ObjectShape(
            non_null=non_null,
            type_name=nullable.name,
            is_abstract=isinstance(nullable, GraphQLInterfaceType | GraphQLUnionType),
            _selections=inner,
            _compiler=self,
            _fields={},
        )


def _condition_variables(selection_set: SelectionSet) -> tuple[str, ...]:
    """List the variables of @skip and @include anywhere in the operation."""
    seen: dict[str, None] = {}
    pending = [selection_set]
    while pending:
        for selection in pending.pop():
            seen.update((condition.variable, None) for condition in selection.conditions)
            if selection.selections is not None:
                pending.append(selection.selections)
    return tuple(seen)
