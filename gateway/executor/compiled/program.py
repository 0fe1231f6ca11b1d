"""One operation's fast path: compiled when the operation is used again.

In: a plan, its API schema and the projection. Out: a ``RecordProgram`` per outcome of the
operation's conditions; None where a part is not covered, and the reference then answers. Compiled
synchronously: never twice at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec
from graphql import GraphQLNonNull, GraphQLSchema

from gateway.executor.compiled.fetches import (
    FetchProgram,
    compile_entity_fetch,
    compile_root_fetch,
)
from gateway.executor.compiled.gathering import Finish, compile_finish
from gateway.executor.compiled.places import Place, PlaceTree
from gateway.executor.compiled.records import Records
from gateway.executor.compiled.schedule import Schedule, build_schedule
from gateway.executor.compiled.source import NotCovered
from gateway.executor.compiled.widening import Widening
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

__all__ = ["CompileMode", "OperationProgram", "RecordProgram"]


# A subgraph that gives an ID as a number does so every time, and an outage lasts: trying the fast
# way first would then cost both ways. Twenty tries in a thousand uses cost two percent more; twice
# the pause, half of that, but the fast way comes back later.
MAX_DEVIATIONS = 20
PAUSE = 1_000


class CompileMode(StrEnum):
    """When an operation is compiled: most texts are sent once, and compiling costs milliseconds."""

    NEVER = "never"
    SECOND_USE = "second-use"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class RecordProgram:
    """The fast path of one operation under one outcome of its conditions."""

    root: type[msgspec.Struct]
    fetches: Mapping[int, FetchProgram]  # by id
    documents: Mapping[int, bytes]  # by fetch id
    schedule: Schedule
    place_count: int
    finish: Finish | None


class OperationProgram:
    """The fast paths of one operation."""

    def __init__(
        self,
        mode: CompileMode,
        plan: QueryPlan,
        schema: GraphQLSchema,
        types: RuntimeTypes,
        projection: ProjectionProgram,
        documents: Mapping[int, bytes],
    ) -> None:
        self._deviations = 0  # in a row
        self._paused = 0  # uses that the reference still answers
        self._uses_left = {CompileMode.ALWAYS: 0, CompileMode.SECOND_USE: 1}.get(mode)
        self._plan = plan
        self._schema = schema
        self._types = types
        self._projection = projection
        self._documents = documents
        self._widening = Widening()
        self._programs: dict[int, tuple[ObjectShape, RecordProgram | None]] = {}

    def note_use(self, variables: Mapping[str, Any]) -> RecordProgram | None:
        """Count one execution, compile when it is time; None: the reference answers it."""
        if self._uses_left is None:
            return None
        if self._uses_left > 0:
            self._uses_left -= 1
            return None
        if self._paused > 0:
            self._paused -= 1
            return None
        root = self._projection.root(variables)
        found = self._programs.get(id(root))
        if found is None:
            if len(self._programs) >= MAX_CONDITION_OUTCOMES:
                self._programs.clear()
            # The shape is kept beside its program, so that its id stays its own.
            found = self._programs[id(root)] = (root, self._compile(root, variables))
        return found[1]

    def note_end(self, *, has_deviated: bool, number_for: str | None = None) -> None:
        """Note how a use of the fast way ended; one that never holds is left for a while.

        ``number_for`` is that of the ``Deviation``: where it is a habit, a wider shape is made.
        """
        if number_for is not None and self._widening.note(number_for):
            self._programs.clear()
            self._deviations = 0
            return
        self._deviations = self._deviations + 1 if has_deviated else 0
        if self._deviations >= MAX_DEVIATIONS:
            self._deviations, self._paused = 0, PAUSE

    def _compile(self, root: ObjectShape, variables: Mapping[str, Any]) -> RecordProgram | None:
        if self._plan.node is None:
            return None
        try:
            tree = PlaceTree(root, self._schema, self._types, variables, self._widening.types)
            return _compile_program(self._plan.node, tree, variables, self._documents)
        except (NotCovered, SyntaxError, RecursionError, MemoryError):
            return None  # or deeper or wider than Python's own compiler takes


def _compile_program(
    node: PlanNode,
    tree: PlaceTree,
    variables: Mapping[str, Any],
    documents: Mapping[int, bytes],
) -> RecordProgram:
    """Place every fetch, then make records, then what fills them."""
    leaves = list(_leaves(node, variables))
    places = [_place(each, tree) for each in leaves]
    _check_given(tree.places)
    records = Records()
    programs: dict[int, FetchProgram] = {}
    for each, found in zip(leaves, places, strict=True):
        if isinstance(each, FlattenNode):
            programs[each.node.id] = compile_entity_fetch(each.node, found, tree, records)
        else:
            programs[each.id] = compile_root_fetch(each, tree.root, records)
    return RecordProgram(
        root=records.of(tree.root),
        fetches=programs,
        documents=documents,
        schedule=build_schedule(node, programs, variables),
        place_count=len(tree.places),
        finish=compile_finish(tree.places, records),
    )


def _place(leaf: FetchNode | FlattenNode, tree: PlaceTree) -> tuple[tuple[Place, ...], ...]:
    fetch = leaf.node if isinstance(leaf, FlattenNode) else leaf
    if fetch.input_rewrites or fetch.output_rewrites or fetch.contexts:
        raise NotCovered
    if isinstance(leaf, FlattenNode) is (fetch.requires is None):
        raise NotCovered  # an entity fetch at the root, or a root fetch below one
    if isinstance(leaf, FlattenNode):
        return tree.add_entity_fetch(leaf)
    tree.add_root_fetch(fetch)
    return ()


def _check_given(places: list[Place]) -> None:
    """Refuse what no fetch gives, where that is more than a null; and what the root would hide."""
    for place in places:
        for each in place.fields.values():
            if not each.givers and isinstance(each.type, GraphQLNonNull):
                raise NotCovered
    for each in places[0].fields.values():
        if not each.is_visible and each.type is not None:
            raise NotCovered  # nothing hides a field of the root
        if each.type is not None and len(each.givers) > 1:
            raise NotCovered


def _leaves(
    node: PlanNode | None, variables: Mapping[str, Any]
) -> Iterator[FetchNode | FlattenNode]:
    match node:
        case FetchNode() | FlattenNode():
            yield node
        case SequenceNode() | ParallelNode():
            for each in node.nodes:
                yield from _leaves(each, variables)
        case ConditionNode():
            chosen = node.if_clause if variables.get(node.variable) else node.else_clause
            yield from _leaves(chosen, variables)
        case _:
            return
