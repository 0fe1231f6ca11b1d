"""Whole numbers for IDs and Floats: the reference answers thrice, then wider records do."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from gateway.executor.executor import (
    CompileMode,
    Execution,
    ExecutionOptions,
    execute,
    prepare_execution,
)
from gateway.executor.state.plan_fetches import fetches_of
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.fake_subgraph import ScriptedSubgraph
from tests.testkit.graph_world import GraphWorld

pytestmark = pytest.mark.anyio

SHOP = (
    'type Query { offers: [Offer] top: ID } type Offer @key(fields: "id") '
    "{ id: ID! tags: [ID] price: Float label: String }"
)
POST = (
    'type Offer @key(fields: "id") { id: ID! price: Float @external '
    'postage: Int @requires(fields: "price") }'
)
TEXT = "{ top offers { id tags price postage label } }"


def prepare(mode: CompileMode) -> Execution:
    """Plan and prepare."""
    world = GraphWorld(shop=SHOP, post=POST)
    operation = world.operation(TEXT)
    plan = plan_operation(operation, world.graph)
    documents = {node.id: print_fetch(node, {}).encode() for node in fetches_of(plan)}
    return prepare_execution(plan, operation, world.api, documents, frozenset(), compile_mode=mode)


async def run(execution: Execution, data: Any, sent: list[Any]) -> tuple[bytes, bool]:
    """Execute once over bytes; give the answer, and whether records were it."""

    def answer(request: SubgraphRequest) -> SubgraphResponse:
        whole = data
        if request.representations is not None:
            sent.append(json.dumps(request.representations))
            whole = {"_entities": [{"postage": n} for n in range(len(request.representations))]}
        body = json.dumps({"data": whole}).encode()
        try:
            assert request.shape is not None
            return SubgraphResponse(request.shape.decode(body), body=body)
        except (AssertionError, ValueError):
            plain = whole if request.representations is None else whole["_entities"]
            return SubgraphResponse(plain, body=body)

    subgraphs = {name: ScriptedSubgraph(answer) for name in ("shop", "post")}
    result = await execute(execution, {}, subgraphs, CallContext(), ExecutionOptions())
    answered = msgspec.json.encode({"data": result.data, "errors": result.errors})
    return answered, isinstance(result.data, msgspec.Struct)


def offer(key: Any, price: Any, **more: Any) -> dict[str, Any]:
    """Give an offer as its subgraph does."""
    return {"__typename": "Offer", "id": key, "tags": [7, "b", None], "price": price} | more


NUMBERS = {
    "top": 9,
    "offers": [
        offer(1, 2, label="A"),
        offer("1", 2, label="A"),
        offer(1, 2.0, label="A"),
        offer(1, 2, label="A"),
        offer(3, 2.5, label=None),
    ],
}


async def test_three_deviations_of_a_kind_widen_the_shape() -> None:
    """IDs are learnt first, then Floats; from then on records answer, as the reference does."""
    execution, expected_sent = prepare(CompileMode.ALWAYS), []
    expected, _ = await run(prepare(CompileMode.NEVER), NUMBERS, expected_sent)
    ways = []
    for _ in range(8):
        sent: list[Any] = []
        answered, is_fast = await run(execution, NUMBERS, sent)
        assert (answered, sent) == (expected, expected_sent)
        ways.append(is_fast)
    assert ways == [False] * 6 + [True] * 2


async def test_a_wide_shape_refuses_what_the_reference_calls_unreadable() -> None:
    """Only whole numbers are new: a text that came as a number is a defect all the same."""
    execution = prepare(CompileMode.ALWAYS)
    for _ in range(6):
        await run(execution, NUMBERS, [])
    for strange in (True, 1.5, [], {}):
        data = {"top": strange, "offers": [offer(1, 2, label=5)]}
        expected, _ = await run(prepare(CompileMode.NEVER), data, [])
        assert await run(execution, data, []) == (expected, False)
