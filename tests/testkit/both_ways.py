"""Executes an operation both ways over spoiled subgraphs, and compares.

In: a world, an operation, a seed. Out: an assertion that the compiled path gives the values, key
order, errors, completeness and calls of the reference.
"""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.contract import (
    CallContext,
    SubgraphError,
    SubgraphExecutor,
    SubgraphRequest,
    SubgraphResponse,
)
from gateway.executor.executor import (
    CompileMode,
    Execution,
    ExecutionOptions,
    ExecutionResult,
    execute,
    prepare_execution,
)
from gateway.executor.state.plan_fetches import fetches_of
from gateway.operation.variables import coerce_variables
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.begun import FakeBegun
from tests.testkit.graph_world import GraphWorld

__all__ = ["check_both_ways", "is_compiled", "prepare"]

CODES = ("SUMBER_TIDAK_TERSEDIA", "DATA_RUSAK", "TIDAK_ADA_HAK", "ANY_CODE")
STRANGE = (
    "null",
    "null",
    "true",
    "7",
    "2.0",
    "2.5",
    "-1099511627776",
    '"text"',
    '""',
    "[]",
    "{}",
    "[null]",
    '{"x": 1}',
)


class Faulty:
    """A subgraph whose answers are spoiled, the same way for the same request."""

    def __init__(self, inner: SubgraphExecutor, seed: int, log: list[str]) -> None:
        self._inner = inner
        self._seed = seed
        self._log = log

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer, then spoil what the request's own chance says."""
        asked = [request.document.decode(), dict(request.variables), request.representations]
        self._log.append(json.dumps(asked))
        chance = random.Random(f"{self._seed} {self._log[-1]}")
        answer = await self._inner.execute(request)
        data = json.loads(json.dumps(answer.data))
        errors = list(answer.errors)
        for _ in range(chance.choice((0, 0, 1, 2, 4))):
            data = spoil(data, chance)
        if chance.random() < 0.2:
            path = place(data, chance) if request.representations is None else None
            if path is None and chance.random() < 0.7 and request.representations:
                path = ("_entities", chance.randrange(len(request.representations)))
            errors.append(SubgraphError("broken", chance.choice(CODES), path))
        if chance.random() < 0.5:
            return SubgraphResponse(data, tuple(errors))
        return as_bytes(request, data, tuple(errors))

    def begin(self, request: SubgraphRequest) -> FakeBegun | None:
        """Send some requests at once; they answer, or fail first, in an order of their own."""
        chance = random.Random(f"{self._seed} {request.document!r}")
        if chance.random() < 0.3:
            return None
        begun = FakeBegun(lambda: self.execute(request), fails=chance.random() < 0.3)
        begun.come(chance.randrange(6))
        return begun

    def subscribe(self, request: SubgraphRequest) -> Any:
        """Refuse: nothing subscribes here."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Hold nothing."""


def as_bytes(
    request: SubgraphRequest, data: Any, errors: tuple[SubgraphError, ...]
) -> SubgraphResponse:
    """Answer as the remote client does: read into the request's shape, if it fits that."""
    whole = data if request.representations is None else {"_entities": data}
    body = json.dumps({"data": whole}).encode()
    if request.shape is not None and not errors:
        with contextlib.suppress(ValueError):
            return SubgraphResponse(request.shape.decode(body), body=body)
    return SubgraphResponse(data, errors, body)


def spoil(value: Any, chance: random.Random) -> Any:
    """Replace, drop or add something somewhere below ``value``."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.1:
        return json.loads(chance.choice(STRANGE))
    key: Any = (
        chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
    )
    kind = chance.random()
    if kind < 0.08:
        del value[key]
    elif kind < 0.12 and isinstance(value, list):
        value.append(value[key])
    elif isinstance(value[key], dict | list) and kind < 0.8:
        value[key] = spoil(value[key], chance)
    else:
        value[key] = json.loads(chance.choice(STRANGE))
    return value


def place(value: Any, chance: random.Random) -> tuple[str | int, ...] | None:
    """Give a place of the answer."""
    path: list[str | int] = []
    while isinstance(value, dict | list) and value and chance.random() < 0.8:
        key: Any = (
            chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
        )
        path.append(key)
        value = value[key]
    return tuple(path) or None


def prepare(
    world: GraphWorld, text: str, mode: CompileMode, denied: frozenset[str] = frozenset()
) -> Execution:
    """Plan and prepare."""
    operation = world.operation(text)
    plan = plan_operation(operation, world.graph, denied=denied)
    types = {variable.name: variable.type for variable in operation.variables}
    documents = {node.id: print_fetch(node, types).encode() for node in fetches_of(plan)}
    return prepare_execution(plan, operation, world.api, documents, denied, compile_mode=mode)


def shown(result: ExecutionResult) -> str:
    """Give everything of a result that does not depend on time."""
    calls = [{**call, "milliseconds": 0} for call in result.source_calls]
    data = msgspec.json.encode(result.data).decode()
    return f"{data} {json.dumps(result.errors)} {json.dumps(result.completeness)} {calls}"


async def run(
    execution: Execution, world: GraphWorld, variables: Mapping[str, Any], seed: int
) -> tuple[str, list[str]]:
    """Execute over spoiled subgraphs; give the result and what was asked, in any order."""
    log: list[str] = []
    faulty = {name: Faulty(inner, seed, log) for name, inner in world.subgraphs.items()}
    result = await execute(execution, variables, faulty, CallContext(), ExecutionOptions())
    return shown(result), sorted(log)


async def check_both_ways(
    world: GraphWorld,
    text: str,
    variables: Mapping[str, Any],
    seed: int,
    denied: frozenset[str] = frozenset(),
) -> None:
    """Run both ways, twice over the compiled one: it must not remember anything of a request."""
    reference = prepare(world, text, CompileMode.NEVER, denied)
    compiled = prepare(world, text, CompileMode.ALWAYS, denied)
    expected = await run(reference, world, variables, seed)
    assert await run(compiled, world, variables, seed) == expected
    assert await run(compiled, world, variables, seed) == expected
    for type_name in ("ID", "Float", "Any") * 3:  # wider records mean the same
        compiled.program.note_end(has_deviated=True, wider_for=type_name)
    assert await run(compiled, world, variables, seed) == expected


def is_compiled(
    world: GraphWorld,
    text: str,
    variables: Mapping[str, Any] | None = None,
    denied: frozenset[str] = frozenset(),
) -> bool:
    """Tell whether an operation is answered on records, as long as nothing deviates."""
    execution = prepare(world, text, CompileMode.ALWAYS, denied)
    given = coerce_variables(execution.operation.variables, dict(variables or {}), world.api)
    return execution.program.note_use(given) is not None
