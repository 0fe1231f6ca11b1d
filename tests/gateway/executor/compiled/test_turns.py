"""Large answers on records: the event loop gets its turns between the long stages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from gateway.executor.executor import (
    CompileMode,
    ExecutionOptions,
    execute,
    prepare_execution,
)
from gateway.executor.state.plan_fetches import fetches_of
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.graph_world import GraphWorld
from tests.testkit.plain_data import plain_data

pytestmark = pytest.mark.anyio

SHOP = 'type Query { offers: [Offer] } type Offer @key(fields: "id") { id: ID! }'
POST = 'type Offer @key(fields: "id") { id: ID! postage: Int }'
A_REQUEST = 3  # turns: it is read, begun, and answered
LARGE, SMALL = 600_000, 0  # bytes of blanks in a body


class Subgraph:
    """Answers from bytes, and notes at which turn of the loop it was asked."""

    def __init__(self, data: object, padding: int, turns: list[int]) -> None:
        self.data, self.padding, self.turns = data, padding, turns
        self.asked = 0

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer at once."""
        self.asked = len(self.turns)
        body = json.dumps({"data": self.data}).encode() + b" " * self.padding
        assert request.shape is not None
        return SubgraphResponse(request.shape.decode(body), body=body)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """Nothing here subscribes."""
        raise AssertionError(request.subgraph)

    async def aclose(self) -> None:
        """Hold nothing open."""


async def count_turns(padding: int) -> tuple[int, int]:
    """Execute once; give the loop's turns from one fetch to the next, and from there to the end."""
    world = GraphWorld(shop=SHOP, post=POST)
    operation = world.operation("{ offers { postage } }")
    plan = plan_operation(operation, world.graph)
    documents = {node.id: print_fetch(node, {}).encode() for node in fetches_of(plan)}
    execution = prepare_execution(
        plan, operation, world.api, documents, frozenset(), compile_mode=CompileMode.ALWAYS
    )
    turns: list[int] = []

    async def turn() -> None:
        while True:
            turns.append(len(turns))
            await asyncio.sleep(0)

    offers = {"offers": [{"__typename": "Offer", "id": "1"}]}
    shop = Subgraph(offers, padding, turns)
    post = Subgraph({"_entities": [{"postage": 7}]}, padding, turns)
    ticking = asyncio.ensure_future(turn())
    await asyncio.sleep(0)
    executors = {"shop": shop, "post": post}
    result = await execute(execution, {}, executors, CallContext(), ExecutionOptions())
    end = len(turns)
    ticking.cancel()
    assert plain_data(result.data) == {"offers": [{"postage": 7}]}
    return post.asked - shop.asked, end - post.asked


async def test_a_large_answer_lets_a_request_through_between_its_stages() -> None:
    """Behind reading, merging and finishing there is time for a whole small request each."""
    between, behind = await count_turns(LARGE)
    assert between >= 2 * A_REQUEST  # behind reading, and behind merging
    assert behind >= 3 * A_REQUEST  # behind reading, merging, and finishing


async def test_a_small_answer_waits_for_nobody() -> None:
    """Turns cost time, and a small answer holds up none."""
    assert await count_turns(SMALL) == (0, 0)
