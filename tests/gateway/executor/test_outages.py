"""Outages over real plans: nothing true becomes false, and no null lacks a reason.

Random operations over the planner's worlds are executed while subgraphs fail, at random but seeded;
the truth is the API schema executed over the same objects in one server.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

import pytest
from graphql import parse, validate

from adapters.contract import (
    CallContext,
    Path,
    SubgraphError,
    SubgraphExecutor,
    SubgraphRequest,
    SubgraphResponse,
)
from gateway.executor.executor import (
    ExecutionOptions,
    ExecutionResult,
    execute,
    prepare_execution,
)
from gateway.executor.state.plan_fetches import fetches_of
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.fake_subgraph import ScriptedSubgraph
from tests.testkit.graph_world import GraphWorld, random_operation
from tests.testkit.planning import golden_world

pytestmark = [pytest.mark.anyio, pytest.mark.property]

WORLDS = sorted(
    path.parent
    for path in (FilePath(__file__).parent.parent / "planner" / "golden").glob("*/world.graphql")
)
OPERATIONS = 8  # per world


@pytest.mark.parametrize("folder", WORLDS, ids=lambda folder: folder.name)
async def test_an_outage_costs_what_it_concerns_and_says_so(folder: FilePath) -> None:
    """What is answered is true; each null that is not true lies on the line of some error."""
    # A world of its own: its strict subgraphs keep what they were asked wrongly during an outage,
    # which the shared world's next reader would find.
    world, spoiled = golden_world.__wrapped__(folder), 0
    for seed in range(OPERATIONS):
        text, variables = random_operation(world.api, seed)
        if validate(world.api, parse(text)):
            continue  # the generator wrote fields that cannot be merged
        truth = world.truth(text, variables)
        result = await answer(world, text, variables, random.Random(seed))
        paths = [tuple(error["path"]) for error in result.errors]
        wrong = list(untrue_nulls(result.data, truth, ()))
        spoiled += len(wrong)
        for place in wrong:
            assert any(place[: len(path)] == path[: len(place)] for path in paths), (text, place)
        assert bool(result.errors) or result.data == truth
        assert result.completeness["complete"] is not bool(result.errors)
    assert spoiled > 0, "no outage was felt: the test shows nothing"


async def answer(
    world: GraphWorld, text: str, variables: dict[str, bool], chance: random.Random
) -> ExecutionResult:
    """Execute while every second fetch or so fails in whole or in part."""
    operation = world.operation(text)
    plan = plan_operation(operation, world.graph)
    types = {variable.name: variable.type for variable in operation.variables}
    documents = {node.id: print_fetch(node, types).encode() for node in fetches_of(plan)}
    execution = prepare_execution(plan, operation, world.api, documents, frozenset())
    executors = {name: shaky(each, chance) for name, each in world.subgraphs.items()}
    return await execute(execution, variables, executors, CallContext(), ExecutionOptions())


def shaky(subgraph: SubgraphExecutor, chance: random.Random) -> ScriptedSubgraph:
    """Make a subgraph that fails in whole, for one entity, or not."""

    async def script(request: SubgraphRequest) -> SubgraphResponse:
        fate = chance.randrange(4)
        if fate == 0:
            return SubgraphResponse(None, errors=(SubgraphError("x", "BATAS_WAKTU"),))
        response = await subgraph.execute(request)
        if fate == 1 and isinstance(response.data, list):
            lost = chance.randrange(len(response.data))
            data = [None if index == lost else each for index, each in enumerate(response.data)]
            path: Path = ("_entities", lost)
            return SubgraphResponse(data, errors=(SubgraphError("x", "KUOTA_HABIS", path),))
        return response

    return ScriptedSubgraph(script)


def untrue_nulls(given: Any, truth: Any, at: Path) -> Iterator[Path]:
    """Find the nulls that the truth does not have; anything else that differs fails.

    Where the owner of an interface failed, the real type is not known, and fragments on one type
    are missing: they count as null.
    """
    if given is None and truth is not None:
        yield at
    elif isinstance(given, dict):
        assert isinstance(truth, dict)
        assert list(given) == [name for name in truth if name in given], at
        for name, value in truth.items():
            yield from untrue_nulls(given.get(name), value, (*at, name))
    elif isinstance(given, list):
        assert isinstance(truth, list)
        assert len(given) == len(truth), at
        for index, value in enumerate(given):
            yield from untrue_nulls(value, truth[index], (*at, index))
    else:
        assert given == truth, at
