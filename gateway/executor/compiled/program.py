"""One operation's fast path: compiled when the operation is used again.

In: a plan, its API schema and the projection. Out: a ``RecordProgram`` per outcome of the
operation's conditions; None where a part is not covered, and the reference then answers. Compiled
synchronously: never twice at the same time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from graphql import GraphQLSchema

from gateway.executor.compiled.kept import KeptPrograms
from gateway.executor.compiled.place_tree import PlaceTree
from gateway.executor.compiled.record_program import RecordProgram, compile_program
from gateway.executor.compiled.source import NotCovered
from gateway.executor.compiled.widening import Widening
from gateway.executor.introspection import IntrospectionPart
from gateway.executor.project.shapes import ObjectShape, ProjectionProgram
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.plan.nodes import QueryPlan

__all__ = ["CompileMode", "OperationProgram"]


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
        kept: KeptPrograms,
        introspection: Sequence[IntrospectionPart] = (),
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
        self._kept = kept
        self._introspection = introspection
        self._key = object()  # this operation among those kept

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
        key = (self._key, id(root), self._widening.types)
        found = self._kept.get(key)
        if found is not None:
            return found[1]
        program = self._compile(root, variables)
        self._kept.put(key, root, program)
        return program

    def note_end(self, *, has_deviated: bool, wider_for: str | None = None) -> None:
        """Note how a use of the fast way ended; one that never holds is left for a while.

        ``wider_for`` is that of the ``Deviation``: where it is a habit, a wider shape is made.
        """
        if wider_for is not None and self._widening.note(wider_for):
            self._deviations = 0
            return
        self._deviations = self._deviations + 1 if has_deviated else 0
        if self._deviations >= MAX_DEVIATIONS:
            self._deviations, self._paused = 0, PAUSE

    def _compile(self, root: ObjectShape, variables: Mapping[str, Any]) -> RecordProgram | None:
        try:
            tree = PlaceTree(root, self._schema, self._types, variables, self._widening.types)
            return compile_program(
                self._plan.node, tree, variables, self._documents, self._introspection
            )
        except (NotCovered, SyntaxError, RecursionError, MemoryError):
            return None  # or deeper or wider than Python's own compiler takes
