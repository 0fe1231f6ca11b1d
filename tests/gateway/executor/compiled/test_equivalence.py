"""The compiled path against the reference: same requests, same answer, whatever upstreams do."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from graphql import GraphQLNonNull, GraphQLObjectType

from adapters.contract import (
    CallContext,
    SubgraphError,
    SubgraphExecutor,
    SubgraphRequest,
    SubgraphResponse,
)
from gateway.executor.compiled.program import MAX_DEVIATIONS, PAUSE
from gateway.executor.executor import (
    CompileMode,
    Execution,
    ExecutionOptions,
    ExecutionResult,
    execute,
    prepare_execution,
)
from gateway.executor.state.plan_fetches import fetches_of
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.federation_cases import FederationCase, read_cases
from tests.testkit.graph_world import GraphWorld
from tests.testkit.planning import golden_cases, golden_world
from tests.testkit.random_operation import random_operation

ROOT = Path(__file__).parents[2] / "planner" / "golden"
CASES = [case for case in golden_cases(ROOT) if not case.read_text().startswith("mutation")]
FOLDERS = sorted({case.parent for case in CASES})
WRITTEN = read_cases(Path(__file__).parents[3] / "federation" / "cases")
WORLDS = {case.topic.stem: case for case in WRITTEN}
SEEDS = 10
WRITTEN_SEEDS = 2  # there are many of them
BY_THE_REFERENCE = {  # arguments from a context; a field under another name in one fetch
    "contexts": {"batch", "from_another_subgraph", "nearest", "one_object_above"},
    "type_conflicts": {"nullability"},
}
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

pytestmark = [pytest.mark.anyio, pytest.mark.property]


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


async def check(
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
    for type_name in ("ID", "Float") * 3:  # wider records mean the same
        compiled.program.note_end(has_deviated=True, number_for=type_name)
    assert await run(compiled, world, variables, seed) == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
async def test_golden_operations_are_answered_alike(case: Path) -> None:
    """Both ways answer every golden operation the same, over any faults."""
    world, text = golden_world(case.parent), case.read_text()
    values = {"first": 1, "id": "1", "n": 1}
    for seed in range(SEEDS):
        variables = {
            variable.name: values.get(variable.name, seed % 2 == 0)
            for variable in world.operation(text).variables
        }
        await check(world, text, variables, seed)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
async def test_random_operations_are_answered_alike(folder: Path) -> None:
    """Both ways answer random operations the same, over any faults."""
    await check_random(golden_world(folder), SEEDS)


@pytest.mark.parametrize("topic", sorted(WORLDS))
async def test_random_operations_on_written_worlds_are_answered_alike(topic: str) -> None:
    """So they do over the worlds of the written cases, each of which has one difficulty."""
    await check_random(WORLDS[topic].world(), WRITTEN_SEEDS)


async def check_random(world: GraphWorld, seeds: int) -> None:
    """Check random operations of one world."""
    for seed in range(seeds):
        text, variables = random_operation(world.api, seed)
        await check(world, text, variables, seed)


@pytest.mark.parametrize("case", WRITTEN, ids=str)
async def test_written_operations_are_answered_alike(case: FederationCase) -> None:
    """Both ways answer every written operation the same, over any faults."""
    seed = len(case.name)  # one each, and not the same: there are hundreds
    await check(case.world(), case.operation, case.variables, seed)


async def test_covers_the_common_case() -> None:
    """The heavy golden operation runs without any step of the reference."""
    case = ROOT / "shop" / "heavy.graphql"
    execution = prepare(golden_world(case.parent), case.read_text(), CompileMode.ALWAYS)
    program = execution.program.note_use({})
    assert program is not None
    assert set(program.fetches) == {node.id for node in fetches_of(execution.plan)}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
async def test_golden_operations_are_compiled(folder: Path) -> None:
    """Every golden operation runs on records, except those with what is named here."""
    left = set()
    for case in (each for each in CASES if each.parent == folder):
        execution = prepare(golden_world(folder), case.read_text(), CompileMode.ALWAYS)
        variables = dict.fromkeys((each.name for each in execution.operation.variables), True)
        if execution.program.note_use(variables) is None:
            left.add(case.stem)
    assert left == BY_THE_REFERENCE.get(folder.name, set())


async def test_compiles_on_the_second_use() -> None:
    """An operation that is sent once is not compiled; one that is sent again is."""
    case = ROOT / "shop" / "heavy.graphql"
    execution = prepare(golden_world(case.parent), case.read_text(), CompileMode.SECOND_USE)
    assert execution.program.note_use({}) is None
    assert execution.program.note_use({}) is not None


async def test_leaves_alone_what_never_holds_and_tries_again_later() -> None:
    """After many deviations in a row the reference answers for a while."""
    case = ROOT / "shop" / "heavy.graphql"
    program = prepare(golden_world(case.parent), case.read_text(), CompileMode.ALWAYS).program
    for _ in range(MAX_DEVIATIONS):
        assert program.note_use({}) is not None
        program.note_end(has_deviated=True)
    assert [program.note_use({}) for _ in range(PAUSE)] == [None] * PAUSE
    assert program.note_use({}) is not None


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
async def test_operations_with_denied_fields_are_answered_alike(case: Path) -> None:
    """Both ways tell of the same denials, in the same order and at the same places."""
    world, text = golden_world(case.parent), case.read_text()
    values = {"first": 1, "id": "1", "n": 1}
    coordinates = sorted(
        f"{owner.name}.{name}"
        for owner in world.api.type_map.values()
        if isinstance(owner, GraphQLObjectType) and not owner.name.startswith("__")
        for name, field in owner.fields.items()
        if not isinstance(field.type, GraphQLNonNull)
    )
    for seed in range(4):
        denied = frozenset(random.Random(seed).sample(coordinates, min(2, len(coordinates))))
        variables = {
            variable.name: values.get(variable.name, seed % 2 == 0)
            for variable in world.operation(text).variables
        }
        await check(world, text, variables, seed, denied)


async def test_covers_denied_fields() -> None:
    """A caller without every grant is answered the fast way too."""
    case = ROOT / "shop" / "heavy.graphql"
    denied = frozenset({"Product.name"})
    world = golden_world(case.parent)
    compiled = prepare(world, case.read_text(), CompileMode.ALWAYS, denied)
    assert compiled.program.note_use({}) is not None
    result = await execute(compiled, {}, world.subgraphs, CallContext(), ExecutionOptions())
    assert isinstance(result.data, msgspec.Struct)
    assert [error["extensions"]["code"] for error in result.errors] == ["TIDAK_ADA_HAK"]
    assert [error["path"] for error in result.errors] == [["users"]]
    assert result.completeness["complete"] is False
