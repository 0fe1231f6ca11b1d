"""``LocalExecutor``: answers the gateway's fetches from an adapter's batch functions.

In: an ``AdapterDefinition``, the sources it opened, and ``SubgraphRequest``s. Out:
``SubgraphResponse``s. No GraphQL text is read and no GraphQL library executes: the selection is
compiled once (``program``) and then answered by batch calls (``answer``), into the executor's own
records where the request has their shape. Where a null stands that the SDL does not allow, the
answer is in dicts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from adapters.contract import (
    SubgraphError,
    SubgraphRequest,
    SubgraphResponse,
)
from adapters.kit.answer import Answer
from adapters.kit.arguments import build_arguments, build_root_stub
from adapters.kit.cells import Cell, put
from adapters.kit.compiler import ProgramCache
from adapters.kit.context import Context
from adapters.kit.definition import AdapterDefinition, Event, KeyedRoot, Listing, Mutation
from adapters.kit.entities import answer_entities
from adapters.kit.faults import Faults
from adapters.kit.index import build_index
from adapters.kit.loading import (
    Loads,
    as_outcome,
    call_function,
    outcomes_of,
)
from adapters.kit.null_propagation import propagate_nulls
from adapters.kit.outcome import InvalidArgument
from adapters.kit.program import Composite, Step

__all__ = ["LocalExecutor"]


class LocalExecutor:
    """Implements ``SubgraphExecutor`` over one adapter."""

    def __init__(
        self,
        definition: AdapterDefinition,
        sources: Any = None,
        close: Callable[[], Awaitable[None]] | None = None,
        *,
        is_written: bool = True,  # False: every record is answered step by step; it means the same
    ) -> None:
        self.definition = definition
        self._index = build_index(definition)
        self._programs = ProgramCache(self._index, is_written=is_written)
        self._sources = sources
        self._close = close

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer one fetch."""
        filled = None if request.shape is None else request.shape.filled
        composite = self._programs.find(request.selection, request.variables, filled)
        answer = self._new_answer(request)
        if request.representations is not None:
            return await _answer_entities(answer, composite, request)
        return await _answer_roots(answer, composite, request)

    async def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Yield one response per event of the selection's root field."""
        composite = self._programs.find(request.selection, request.variables)
        step = _root_steps(composite)[0]
        first = self._new_answer(request)
        root = step.root
        if not isinstance(root, Event):
            first.faults.crash(None, step.coordinate)
            yield _respond(first, None)
            return
        try:
            arguments = _arguments(first, step, root.arguments, paged=False)
        except InvalidArgument as refusal:
            first.faults.invalid((None, step.response), str(refusal), refusal.code)
            yield _respond(first, None)
            return
        events = root.function(step.wanted, first.loads.context, **arguments)
        async for value in outcomes_of(events, step.coordinate):
            answer = self._new_answer(request)
            out: dict[str, Any] = {}
            out[step.response] = answer.complete(step, value, (None, step.response), out)
            await answer.run([])
            yield _respond(answer, out)

    async def aclose(self) -> None:
        """Close the adapter's sources; idempotent."""
        close, self._close = self._close, None
        if close is not None:
            await close()

    def _new_answer(self, request: SubgraphRequest) -> Answer:
        context = Context(request.call, self._sources)
        faults = Faults(self.definition.name, context)
        return Answer(faults, self._index, request.variables, Loads(context))


async def _answer_entities(
    answer: Answer, composite: Composite, request: SubgraphRequest
) -> SubgraphResponse:
    entities = await answer_entities(answer, composite, request.representations or ())
    errors = answer.faults.errors
    if len(entities) > 1 and _all_failed(entities, errors):
        answer.faults.whole()
    return _respond(answer, entities)


def _all_failed(entities: list[Any], errors: list[SubgraphError]) -> bool:
    """Tell whether one and the same failure left every entity empty."""
    return (
        len(errors) == len(entities)
        and all(entity is None for entity in entities)
        and len({(e.code, e.source, e.message) for e in errors}) == 1
    )


async def _answer_roots(
    answer: Answer, composite: Composite, request: SubgraphRequest
) -> SubgraphResponse:
    steps, program = _root_steps(composite), composite.programs[composite.type_name]
    out = program.new() if program.shape else dict.fromkeys(step.response for step in steps)
    if request.is_mutation:
        for step in steps:  # serial: each sees what the one before it did
            answer.loads.forget()
            await answer.run(*_start_roots(answer, (step,), out, composite))
    else:
        await answer.run(*_start_roots(answer, steps, out, composite))
    if answer.has_null and program.shape is not None:
        out = program.shape.read(out)
    is_broken = answer.has_null and propagate_nulls(out, program, answer.kinds)
    return _respond(answer, None if is_broken else out)


def _start_roots(
    answer: Answer, steps: Sequence[Step], out: Any, composite: Composite
) -> tuple[list[Cell], list[Awaitable[None]]]:
    """Begin root fields: a keyed one is a cell, any other a call of its own function."""
    cells: list[Cell] = []
    calls: list[Awaitable[None]] = []
    for step in steps:
        link = (None, step.response)
        root = step.root
        if step.name == "__typename":
            put(out, step.slot, composite.type_name)
            continue
        try:
            if isinstance(root, KeyedRoot) and step.below is not None:
                stub = build_root_stub(step, root, answer.variables, answer.index.shapes)
                cells.append(
                    Cell(
                        step.below,
                        stub,
                        out,
                        step.slot,
                        link,
                        non_null=step.non_null,
                        must_exist=True,
                    )
                )
            elif isinstance(root, (Listing, Mutation)):
                paged = isinstance(root, Listing) and root.paged
                arguments = _arguments(answer, step, root.arguments, paged=paged)
                calls.append(_call_root(answer, step, root, arguments, out))
            else:
                answer.faults.crash(link, step.coordinate)
        except InvalidArgument as refusal:
            answer.faults.invalid(link, str(refusal), refusal.code)
            answer.has_null = answer.has_null or step.non_null
    return cells, calls


async def _call_root(
    answer: Answer,
    step: Step,
    root: Listing | Mutation,
    arguments: Mapping[str, Any],
    out: Any,
) -> None:
    """Call a root field's function, and put its value in place."""
    context, function = answer.loads.context, root.function
    value = await call_function(
        context, step.coordinate, lambda: function(step.wanted, context, **arguments)
    )
    link = (None, step.response)
    put(out, step.slot, answer.complete(step, as_outcome(value), link, out))


def _arguments(
    answer: Answer, step: Step, names: Mapping[str, str], *, paged: bool
) -> dict[str, Any]:
    return build_arguments(step, names, answer.variables, answer.index.shapes, paged=paged)


def _root_steps(composite: Composite) -> tuple[Step, ...]:
    return composite.programs[composite.type_name].steps


def _respond(answer: Answer, data: Any) -> SubgraphResponse:
    reports = answer.loads.context.reports
    times = [report.as_of for report in reports if report.as_of is not None]
    return SubgraphResponse(
        data,
        tuple(answer.faults.errors),
        as_of=min(times) if times else None,
        defects=tuple(answer.faults.defects.values()),
        reports=reports,
    )
