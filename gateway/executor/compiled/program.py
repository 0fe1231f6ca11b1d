"""One operation's fast path: compiled when the operation is used again.

In: a plan, its API schema and the projection. Out: per fetch an ``EntityProgram`` or
``RootProgram``, and per outcome of the conditions a projection; None where a part is not covered,
so that the reference does that part. Compiled synchronously: never twice at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_specified_scalar_type,
)

from gateway.executor.compiled.entities import Ask, compile_entities
from gateway.executor.compiled.projection import Project, compile_projection
from gateway.executor.compiled.source import NotCovered
from gateway.executor.project.shapes import (
    MAX_CONDITION_OUTCOMES,
    ObjectShape,
    ProjectionProgram,
)
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.plan.nodes import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    QueryPlan,
    SequenceNode,
)
from schema.selection import SelectionSet

__all__ = ["CompileMode", "FetchProgram", "OperationProgram"]


class CompileMode(StrEnum):
    """When an operation is compiled: most texts are sent once, and compiling costs milliseconds."""

    NEVER = "never"
    SECOND_USE = "second-use"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class FetchProgram:
    """How one fetch is done fast; ``ask`` is None for a root fetch."""

    ask: Ask | None
    has_custom_scalars: bool  # their values may be anything: they are copied as the reference does


class OperationProgram:
    """The fast path of one operation; ``fetches`` is empty until it is compiled."""

    def __init__(
        self,
        mode: CompileMode,
        plan: QueryPlan,
        schema: GraphQLSchema,
        types: RuntimeTypes,
        projection: ProjectionProgram,
    ) -> None:
        self.fetches: Mapping[int, FetchProgram] = {}
        self._uses_left = {CompileMode.ALWAYS: 0, CompileMode.SECOND_USE: 1}.get(mode)
        self._plan = plan
        self._schema = schema
        self._types = types
        self._projection = projection
        self._projects: dict[int, tuple[ObjectShape, Project | None]] = {}
        self._is_compiled = False

    def note_use(self) -> bool:
        """Count one execution, compile when it is time; tell whether the fast path is open."""
        if self._is_compiled:
            return True
        if self._uses_left is None:
            return False
        if self._uses_left > 0:
            self._uses_left -= 1
            return False
        self.fetches = dict(_compile_fetches(self._plan.node, self._schema, self._types))
        self._is_compiled = True
        return True

    def project(self, variables: Mapping[str, Any]) -> Project | None:
        """Give the projection for these variables; None: it is not covered."""
        root = self._projection.root(variables)
        found = self._projects.get(id(root))
        if found is None:
            if len(self._projects) >= MAX_CONDITION_OUTCOMES:
                self._projects.clear()
            # The shape is kept beside its function, so that its id stays its own.
            found = self._projects[id(root)] = (root, _compile_root(root))
        return found[1]


def _compile_root(root: ObjectShape) -> Project | None:
    try:
        return compile_projection(root)
    except (NotCovered, SyntaxError, RecursionError, MemoryError):
        return None  # deeper or wider than Python's own compiler takes


def _compile_fetches(
    node: PlanNode | None, schema: GraphQLSchema, types: RuntimeTypes
) -> Iterator[tuple[int, FetchProgram]]:
    for each in _leaves(node):
        fetch = each.node if isinstance(each, FlattenNode) else each
        if fetch.output_rewrites:
            continue
        try:
            ask = compile_entities(each, types) if isinstance(each, FlattenNode) else None
        except NotCovered:
            continue
        if ask is None and fetch.requires is not None:
            continue  # an entity fetch at the root, as a mutation's may be
        yield fetch.id, FetchProgram(ask, _has_custom_scalars(fetch.selection_set, schema))


def _leaves(node: PlanNode | None) -> Iterator[FetchNode | FlattenNode]:
    match node:
        case FetchNode() | FlattenNode():
            yield node
        case SequenceNode() | ParallelNode():
            for each in node.nodes:
                yield from _leaves(each)
        case ConditionNode():
            yield from _leaves(node.if_clause)
            yield from _leaves(node.else_clause)
        case _:
            return


def _has_custom_scalars(selections: SelectionSet, schema: GraphQLSchema) -> bool:
    """Tell whether a leaf may be custom; a field that the client may not see counts as one."""
    for selection in selections:
        if selection.selections is not None:
            if _has_custom_scalars(selection.selections, schema):
                return True
            continue
        owner = schema.type_map.get(selections.type_name)
        if selection.name != "__typename" and not _is_plain(owner, selection.name):
            return True
    return False


def _is_plain(owner: GraphQLNamedType | None, field_name: str) -> bool:
    """Tell whether a field is an enum's or of a scalar that the specification has."""
    if not isinstance(owner, GraphQLObjectType | GraphQLInterfaceType):
        return False
    field = owner.fields.get(field_name)
    if field is None:
        return False
    named = get_named_type(field.type)
    return isinstance(named, GraphQLEnumType) or is_specified_scalar_type(named)
