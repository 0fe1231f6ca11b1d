"""One world, composed and ready to be asked, and the comparison with the truth.

In: a seed, or a blueprint. Out: for each operation a ``Disagreement`` or None.
"""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from graphql import ExecutionResult

from adapters.contract import CallContext
from gateway.executor.compiled.program import CompileMode
from gateway.executor.executor import ExecutionOptions, execute, prepare_execution
from gateway.executor.executor import ExecutionResult as Answer
from gateway.executor.state.plan_fetches import fetches_of
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.operation.validate import validate_document
from gateway.operation.variables import coerce_variables
from gateway.plan.nodes import QueryPlan
from gateway.plan.render import print_fetch, render_plan
from gateway.planner.planner import plan_operation
from schema.composition.composer import compose
from schema.errors import CompositionError
from schema.query_graph.build import build_query_graph
from schema.subgraph.model import SubgraphSource
from schema.supergraph.api_schema import build_api_schema
from tests.oracle.blueprint import Blueprint
from tests.oracle.chance import number_of
from tests.oracle.monolith import Monolith
from tests.oracle.objects import Objects
from tests.oracle.random_operation import RandomOperation
from tests.oracle.sdl import print_subgraph
from tests.oracle.strict_subgraph import StrictSubgraph
from tests.testkit.plain_data import plain_data

__all__ = ["Disagreement", "NotComposed", "Trial", "sources_of"]

_MAX_TOKENS = 100_000
_APART: frozenset[str] = frozenset()


class NotComposed(Exception):
    """Composition refuses the world."""

    def __init__(self, errors: Sequence[CompositionError]) -> None:
        super().__init__("\n".join(f"{each.code}: {each}" for each in errors))
        self.codes = sorted({str(each.code) for each in errors})


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What differs for one operation, with all that is needed to see why."""

    reason: str
    operation: RandomOperation
    ours: str = ""
    truth: str = ""
    plan: str = ""
    details: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        """Print as a report."""
        lines = [
            f"reason: {self.reason}",
            f"operation: {self.operation.text}",
            f"variables: {json.dumps(self.operation.variables)}",
            f"ours:  {self.ours}",
            f"truth: {self.truth}",
            *self.details,
            self.plan,
        ]
        return "\n".join(line for line in lines if line)


def sources_of(world: Blueprint) -> list[SubgraphSource]:
    """Give the subgraphs as composition takes them."""
    return [
        SubgraphSource(name, f"http://{name}.example/", print_subgraph(world, name))
        for name in world.subgraphs
    ]


class Trial:
    """A composed world."""

    def __init__(self, world: Blueprint) -> None:
        """Raises ``NotComposed``."""
        self.world = world
        result = compose(sources_of(world))
        if result.supergraph is None:
            raise NotComposed(result.errors)
        self.api = build_api_schema(result.supergraph)
        self.graph = build_query_graph(result.supergraph)
        objects = Objects(world)
        self._monolith = Monolith(self.api, objects)
        self._mutations: list[str] = []
        self.subgraphs = {
            name: StrictSubgraph(name, objects, self._mutations) for name in world.subgraphs
        }

        self._labels = world.labels()
        self.executions = 0  # how many were run so far
        # How each operation is executed: the path, and the subgraphs that take joined requests.
        self.ways = (
            (CompileMode.NEVER, _APART),
            (CompileMode.ALWAYS, _APART),
            (CompileMode.ALWAYS, frozenset(self.subgraphs)),
        )

    def plan(self, operation: RandomOperation, labels: frozenset[str] = frozenset()) -> QueryPlan:
        """Plan an operation, with these labels of progressive overrides on."""
        document = parse_document(operation.text, max_tokens=_MAX_TOKENS)
        normalized = normalize_document(document, None, self.api)
        return plan_operation(normalized, self.graph, labels=labels)

    def check(
        self, operation: RandomOperation, failing: Mapping[str, frozenset[int]] | None = None
    ) -> Disagreement | None:
        """Compare our answer with the truth, by the reference path and by the compiled one.

        The compiled one is also run with the entity fetches of a level in one request.

        With ``failing``, requests by subgraph and number that get no answer, ours may hold nulls
        where the truth does not, and nothing else may differ.
        """
        truth = self._monolith.answer(operation.text, operation.variables)
        for mode, batched in self.ways:
            found = self._check_mode(operation, truth, failing or {}, mode, batched)
            if found is not None:
                return found
        return None

    def _check_mode(
        self,
        operation: RandomOperation,
        truth: ExecutionResult,
        failing: Mapping[str, frozenset[int]],
        mode: CompileMode,
        batched: frozenset[str],
    ) -> Disagreement | None:
        self.executions += 1
        self._mutations.clear()
        for name, each in self.subgraphs.items():
            each.start_over(failing.get(name, frozenset()), self._labels_on(operation))
        try:
            answer = asyncio.run(self._answer(operation, mode, batched))
        except Exception as bug:  # whatever it is, it is a finding
            trace = "".join(traceback.format_tb(bug.__traceback__)[-4:])
            return Disagreement(
                f"{mode} {sorted(batched)}: {type(bug).__name__}: {bug}", operation, plan=trace
            )
        reason = self._difference(answer, truth, is_failing=bool(failing))
        if reason is None:
            return None
        return self._report(f"{mode} {sorted(batched)}: {reason}", operation, answer, truth)

    async def _answer(
        self, operation: RandomOperation, mode: CompileMode, batched: frozenset[str]
    ) -> Answer:
        document = parse_document(operation.text, max_tokens=_MAX_TOKENS)
        validate_document(document, self.api)
        normalized = normalize_document(document, None, self.api)
        variables = coerce_variables(normalized.variables, operation.variables, self.api)
        plan = plan_operation(normalized, self.graph, labels=self._labels_on(operation))
        types = {each.name: each.type for each in normalized.variables}
        documents = {node.id: print_fetch(node, types).encode() for node in fetches_of(plan)}
        execution = prepare_execution(
            plan, normalized, self.api, documents, frozenset(), compile_mode=mode
        )
        options = ExecutionOptions(max_fetches=10_000, batched=batched)
        result = await execute(execution, variables, self.subgraphs, CallContext(), options)
        return msgspec.structs.replace(result, data=plain_data(result.data))

    def _labels_on(self, operation: RandomOperation) -> frozenset[str]:
        """Choose the labels that are on for an operation: all or none."""
        return self._labels if number_of(operation.text) % 2 else frozenset()

    # --- comparing -----------------------------------------------------------------------------

    def _difference(
        self, answer: Answer, truth: ExecutionResult, *, is_failing: bool
    ) -> str | None:
        refusals = [text for each in self.subgraphs.values() for text in each.refusals]
        if is_failing:
            return _difference_in_part(answer, truth)
        # An input that could not be had is sent as null: no mistake of the plan.
        if refusals and not truth.errors:
            return "refused"
        if json.dumps(answer.data) != json.dumps(truth.data):
            return "data"
        if bool(answer.errors) != bool(truth.errors):
            return "errors"
        ran = self._mutations
        if truth.data is None:  # what comes after the failure may run or not
            ran = ran[: len(self._monolith.mutations)]
        if ran != self._monolith.mutations:
            return f"order of mutations: {ran} for {self._monolith.mutations}"
        return None

    def _report(
        self, reason: str, operation: RandomOperation, answer: Answer, truth: ExecutionResult
    ) -> Disagreement:
        refusals = [text for each in self.subgraphs.values() for text in each.refusals]
        return Disagreement(
            reason,
            operation,
            json.dumps(answer.data),
            json.dumps(truth.data),
            render_plan(self.plan(operation, self._labels_on(operation))),
            (*refusals, f"errors: {answer.errors}", f"true errors: {truth.errors}"),
        )


def _difference_in_part(answer: Answer, truth: ExecutionResult) -> str | None:
    """Tell what is neither the truth nor a null that an error explains."""
    found = _wrong_place(answer.data, truth.data, ())
    if found is not None:
        return f"wrong at {found}"
    if json.dumps(answer.data) != json.dumps(truth.data) and not answer.errors:
        return "missing without an error"
    return None


def _wrong_place(ours: Any, true: Any, path: tuple[str | int, ...]) -> str | None:
    if ours is None:
        return None
    if isinstance(ours, dict) and isinstance(true, dict):
        # Where the fetch that tells the type failed, fragments on types are not answered.
        if [name for name in true if name in ours] != list(ours):
            return f"{path}: {list(ours)} for {list(true)}"
        fields = ((_wrong_place(ours[name], true[name], (*path, name))) for name in ours)
        return next((found for found in fields if found is not None), None)
    if isinstance(ours, list) and isinstance(true, list):
        if len(ours) != len(true):
            return f"{path}: {len(ours)} items for {len(true)}"
        pairs = enumerate(zip(ours, true, strict=True))
        items = (_wrong_place(o, t, (*path, i)) for i, (o, t) in pairs)
        return next((found for found in items if found is not None), None)
    return None if json.dumps(ours) == json.dumps(true) else f"{path}: {ours!r} for {true!r}"
