"""Answers one operation by its plan: the two functions that the pipeline calls.

In: at prepare, a plan with its operation, the API schema and the denied coordinates; per request,
variables, executors and the caller. Out: ``ExecutionResult``: data, errors, the completeness
statement, the calls per source. Nothing that upstreams do raises here.

``reference/`` runs the plan and is its meaning. An operation that is used again is compiled, and
then the fast way is tried first; if anything deviates, the reference runs the plan over the answers
that have come, and nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import GraphQLSchema

from adapters.contract import CallContext, SubgraphExecutor
from gateway.executor.compiled.kept import KeptPrograms
from gateway.executor.compiled.program import CompileMode, OperationProgram
from gateway.executor.compiled.record_program import RecordProgram
from gateway.executor.compiled.steps import RecordSteps, read_again
from gateway.executor.fetch.batch import BatchDocuments, BatchingExecutor, Levels
from gateway.executor.fetch.call import let_others_run
from gateway.executor.fetch.context import Received, WalkContext
from gateway.executor.introspection import IntrospectionPart, find_introspection
from gateway.executor.project.complete import Completed, complete
from gateway.executor.project.shapes import ProjectionProgram
from gateway.executor.reference.walk import walk
from gateway.executor.response_path import find_positions
from gateway.executor.state.account import FetchAccount
from gateway.executor.state.answer_error import LIMIT_CODE, AnswerError
from gateway.executor.state.execution_state import ExecutionState
from gateway.executor.state.options import ExecutionOptions
from gateway.executor.state.plan_fetches import asked_at_once, fetches_of
from gateway.executor.state.providers import Providers
from gateway.executor.state.runtime_types import RuntimeTypes
from gateway.executor.state.statement import Statement
from gateway.executor.state.visible_names import VisibleNames
from gateway.operation.model import Operation
from gateway.plan.nodes import FetchNode, QueryPlan, TypenameSetter

__all__ = [
    "MAX_ERRORS",
    "CompileMode",
    "Execution",
    "ExecutionOptions",
    "ExecutionResult",
    "KeptPrograms",
    "execute",
    "prepare_execution",
]


# Errors in one answer. A list of a hundred thousand broken records would send ten megabytes that
# nobody reads; a thousand places are enough to see what is wrong. Doubled, such answers double.
MAX_ERRORS = 1_000


@dataclass(frozen=True, slots=True)
class Execution:
    """One operation, ready to be executed any number of times, also at the same time."""

    plan: QueryPlan
    operation: Operation
    documents: Mapping[int, bytes]  # by fetch id
    types: RuntimeTypes
    projection: ProjectionProgram
    providers: Providers
    introspection: tuple[IntrospectionPart, ...]
    denied_sources: Mapping[str, str]  # who would have answered a denied coordinate
    subgraphs: tuple[str, ...]  # those that the plan may ask, in plan order
    program: OperationProgram
    at_once: Mapping[str, Levels]  # by subgraph: the entity fetches that may be ready together
    batches: BatchDocuments


class ExecutionResult(msgspec.Struct, frozen=True):
    """The answer, before it is encoded."""

    # Dicts, or records that encode as the answer; parts of them may be encoded already.
    data: Any
    errors: list[dict[str, Any]]
    statement: Statement

    @property
    def completeness(self) -> dict[str, Any]:
        """What every source did, made at each call; nobody may change what this gives."""
        return self.statement.completeness()

    @property
    def source_calls(self) -> list[dict[str, Any]]:
        """What every source cost, made at each call."""
        return self.statement.source_calls()


def prepare_execution(
    plan: QueryPlan,
    operation: Operation,
    api_schema: GraphQLSchema,
    documents: Mapping[int, bytes],
    denied: frozenset[str],
    *,
    denied_sources: Mapping[str, str] | None = None,
    compile_mode: CompileMode = CompileMode.SECOND_USE,
    kept: KeptPrograms | None = None,
) -> Execution:
    """Compute everything about an operation that no request changes.

    ``documents`` holds the text of every fetch by its id. ``denied_sources`` names for a denied
    coordinate the source that would have answered; without it the completeness statement only says
    that the answer is not complete. ``compile_mode`` changes no answer, only when it is computed
    the fast way; ``kept`` bounds what that takes, together with other operations.
    """
    fetches = fetches_of(plan)
    types = RuntimeTypes(api_schema, frozenset(_hidden_interfaces(fetches)))
    projection = ProjectionProgram(operation.selection_set, api_schema, denied)
    introspection = find_introspection(operation, api_schema)
    return Execution(
        plan=plan,
        operation=operation,
        documents=documents,
        types=types,
        projection=projection,
        providers=Providers(fetches, api_schema),
        introspection=introspection,
        denied_sources=denied_sources or {},
        subgraphs=tuple(dict.fromkeys(fetch.subgraph for fetch in fetches)),
        program=OperationProgram(
            compile_mode,
            plan,
            api_schema,
            types,
            projection,
            documents,
            kept or KeptPrograms(),
            introspection,
        ),
        at_once=_levels_of(asked_at_once(plan), fetches, documents),
        batches=_batch_documents(operation, fetches, api_schema),
    )


async def execute(
    execution: Execution,
    variables: Mapping[str, Any],
    executors: Mapping[str, SubgraphExecutor],
    call: CallContext,
    options: ExecutionOptions,
) -> ExecutionResult:
    """Execute an operation with coerced ``variables``. Raises only on cancellation or our bug."""
    asked = _batch(execution, executors, options) if execution.at_once else executors
    program = execution.program.note_use(variables)
    received: Mapping[int, Sequence[Received]] = {}
    if program is not None and len(program.fetches) <= options.max_fetches:
        steps = RecordSteps(program, variables, asked, call, options)
        await steps.run()
        execution.program.note_end(has_deviated=steps.has_deviated, wider_for=steps.wider_for)
        if steps.is_large:
            await let_others_run()
        if not steps.has_deviated:
            result = _answer_records(execution, steps, options)
            if steps.is_large:
                await let_others_run()  # before it is encoded
            return result
        received = _read_again(execution, program, steps)
    state = ExecutionState(fetches_left=options.max_fetches)
    context = _walk_context(execution, state, variables, asked, call, options, received)
    completed = await _run_reference(execution, context)
    return _answer(completed, state.errors_in_plan_order(), state.accounts_in_plan_order(), options)


def _answer_records(
    execution: Execution, steps: RecordSteps, options: ExecutionOptions
) -> ExecutionResult:
    """Nothing deviated, so nothing is missing but what was not granted."""
    data, accounts = steps.answer(), steps.accounts_in_plan_order()
    denied, is_null = steps.denied()
    if not denied:
        return ExecutionResult(data, [], Statement(accounts, (), {}, options.now, is_whole=True))
    completed = Completed(None if is_null else data)
    for coordinate, path in denied.items():
        completed.note_denied(coordinate, path, execution.denied_sources.get(coordinate))
    return _answer(completed, [], accounts, options)


def _read_again(
    execution: Execution, program: RecordProgram, steps: RecordSteps
) -> dict[int, list[Received]]:
    """Give what has come to the reference, so that it asks only for the rest."""
    received = steps.received()
    return {
        fetch.id: [
            read_again(
                each,
                program.fetches[fetch.id].shape,
                is_entity_fetch=fetch.requires is not None,
            )
            for each in received[fetch.id]
        ]
        for fetch in fetches_of(execution.plan)
        if fetch.id in received
    }


async def _run_reference(execution: Execution, context: WalkContext) -> Completed:
    if execution.plan.node is not None:
        await walk(execution.plan.node, context)
    for part in execution.introspection:
        for position in find_positions(context.state.data, part.path):
            position.value.update(part.answer(context.variables))
    return complete(
        execution.projection.root(context.variables),
        context.state.data,
        context.state.explained,
        execution.providers.of,
        execution.denied_sources,
    )


def _walk_context(
    execution: Execution,
    state: ExecutionState,
    variables: Mapping[str, Any],
    executors: Mapping[str, SubgraphExecutor],
    call: CallContext,
    options: ExecutionOptions,
    received: Mapping[int, Sequence[Received]],
) -> WalkContext:
    return WalkContext(
        documents=execution.documents,
        types=execution.types,
        visible=VisibleNames(execution.operation.selection_set, variables),
        variables=variables,
        executors=executors,
        call=call,
        options=options,
        state=state,
        received=received,
    )


def _batch(
    execution: Execution, executors: Mapping[str, SubgraphExecutor], options: ExecutionOptions
) -> Mapping[str, SubgraphExecutor]:
    """Let entity fetches that are ready together share a request, where that is allowed."""
    batching = {
        name: BatchingExecutor(executors[name], execution.batches, levels)
        for name, levels in execution.at_once.items()
        if name in options.batched and name in executors
    }
    return {**executors, **batching} if batching else executors


def _levels_of(
    levels: Mapping[int, int], fetches: tuple[FetchNode, ...], documents: Mapping[int, bytes]
) -> dict[str, Levels]:
    """Group by subgraph, for ``BatchingExecutor``; a text of several levels is in none."""
    found: dict[str, dict[bytes, set[int]]] = {}
    for fetch in fetches:
        if fetch.id in levels:
            of = found.setdefault(fetch.subgraph, {}).setdefault(documents[fetch.id], set())
            of.add(levels[fetch.id])
    return {
        subgraph: {text: min(of) for text, of in texts.items() if len(of) == 1}
        for subgraph, texts in found.items()
    }


def _batch_documents(
    operation: Operation, fetches: tuple[FetchNode, ...], api_schema: GraphQLSchema
) -> BatchDocuments:
    root = api_schema.query_type
    types = {definition.name: definition.type for definition in operation.variables}
    types.update({each.name: each.type for fetch in fetches for each in fetch.contexts})
    return BatchDocuments(types, "Query" if root is None else root.name)


def _answer(
    completed: Completed,
    errors_of_fetches: list[AnswerError],
    accounts: Sequence[FetchAccount],
    options: ExecutionOptions,
) -> ExecutionResult:
    """Account for every source."""
    errors = _cut(errors_of_fetches + completed.errors)
    return ExecutionResult(
        completed.data,
        [error.render(options.error_id) for error in errors],
        Statement(
            accounts,
            completed.denied,
            completed.defects,
            options.now,
            is_whole=not completed.errors,
        ),
    )


def _cut(errors: list[AnswerError]) -> list[AnswerError]:
    """Keep an answer readable: beyond ``MAX_ERRORS`` they are counted."""
    rest = len(errors) - MAX_ERRORS
    if rest <= 0:
        return errors
    return [*errors[:MAX_ERRORS], AnswerError(f"{rest} more errors are left out.", LIMIT_CODE)]


def _hidden_interfaces(fetches: tuple[FetchNode, ...]) -> Iterator[str]:
    """Name what only the plan knows to be abstract: the types set for @interfaceObject."""
    for fetch in fetches:
        for rewrite in fetch.input_rewrites:
            if isinstance(rewrite, TypenameSetter):
                yield rewrite.type_name
