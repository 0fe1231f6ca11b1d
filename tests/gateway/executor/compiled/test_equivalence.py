"""The compiled path against the reference: same requests, same answer, whatever upstreams do."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest
from graphql import GraphQLObjectType

from adapters.contract import CallContext
from gateway.executor.compiled.program import MAX_DEVIATIONS, PAUSE
from gateway.executor.executor import CompileMode, ExecutionOptions, execute
from gateway.executor.state.plan_fetches import fetches_of
from tests.testkit.both_ways import check_both_ways, prepare
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
BY_THE_REFERENCE: dict[str, set[str]] = {}

pytestmark = [pytest.mark.anyio, pytest.mark.property]


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
        await check_both_ways(world, text, variables, seed)


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
        await check_both_ways(world, text, variables, seed)


@pytest.mark.parametrize("case", WRITTEN, ids=str)
async def test_written_operations_are_answered_alike(case: FederationCase) -> None:
    """Both ways answer every written operation the same, over any faults."""
    seed = len(case.name)  # one each, and not the same: there are hundreds
    await check_both_ways(case.world(), case.operation, case.variables, seed)


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
        for name in owner.fields
    )
    for seed in range(4):
        denied = frozenset(random.Random(seed).sample(coordinates, min(2, len(coordinates))))
        variables = {
            variable.name: values.get(variable.name, seed % 2 == 0)
            for variable in world.operation(text).variables
        }
        await check_both_ways(world, text, variables, seed, denied)


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
