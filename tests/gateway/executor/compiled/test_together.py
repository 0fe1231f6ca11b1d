"""Fetches of one level: sent together, waited for in one task, left together."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from adapters.contract import CallContext, SubgraphRequest, SubgraphResponse
from gateway.executor.executor import (
    CompileMode,
    ExecutionOptions,
    ExecutionResult,
    execute,
    prepare_execution,
)
from gateway.executor.state.plan_fetches import fetches_of
from gateway.plan.render import print_fetch
from gateway.planner.planner import plan_operation
from tests.testkit.begun import FakeBegun
from tests.testkit.fake_subgraph import ScriptedSubgraph, hanging
from tests.testkit.graph_world import GraphWorld

pytestmark = pytest.mark.anyio

FIELDS = {"one": "type Query { a: Int }", "two": "type Query { b: Int }"}


class Eager(ScriptedSubgraph):
    """Begins every fetch; the test lets the answers come."""

    def __init__(self, data: dict[str, Any], *, fails: bool = False) -> None:
        super().__init__(lambda _: SubgraphResponse(data))
        self.begun: list[FakeBegun] = []
        self._fails = fails

    def begin(self, request: SubgraphRequest) -> FakeBegun:
        """Begin."""
        self.begun.append(FakeBegun(lambda: self.execute(request), fails=self._fails))
        return self.begun[-1]


def start(**executors: ScriptedSubgraph) -> asyncio.Task[ExecutionResult]:
    """Execute a query of two fetches in one level."""
    world = GraphWorld(**FIELDS)
    operation = world.operation("{ a b }")
    plan = plan_operation(operation, world.graph)
    documents = {node.id: print_fetch(node, {}).encode() for node in fetches_of(plan)}
    execution = prepare_execution(
        plan, operation, world.api, documents, frozenset(), compile_mode=CompileMode.ALWAYS
    )
    return asyncio.ensure_future(
        execute(execution, {}, executors, CallContext(), ExecutionOptions())
    )


async def settle() -> None:
    """Let everything that can run, run."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_all_are_sent_before_one_is_waited_for_and_no_task_is_made() -> None:
    """The answers may come in any order, and stand in that of the plan."""
    one, two = Eager({"a": 1}), Eager({"b": 2})
    before = asyncio.all_tasks()
    running = start(one=one, two=two)
    await settle()
    assert asyncio.all_tasks() - before == {running}
    two.begun[0].come()
    await settle()
    assert (one.begun[0].held, two.begun[0].held) == (True, False)
    one.begun[0].come()
    result = await running
    assert msgspec.to_builtins(result.data) == {"a": 1, "b": 2}


async def test_a_failure_is_mended_while_its_sibling_is_under_way() -> None:
    """Who waits for one does not keep the other from going on."""
    one, two = Eager({"a": 1}), Eager({"b": 2}, fails=True)
    running = start(one=one, two=two)
    await settle()
    two.begun[0].come()
    await settle()
    assert (one.begun[0].held, two.begun[0].held, len(two.requests)) == (True, False, 1)
    one.begun[0].come()
    assert msgspec.to_builtins((await running).data) == {"a": 1, "b": 2}


async def test_who_is_cancelled_leaves_them_all() -> None:
    """Those under way without a task, and those that have one."""
    before = asyncio.all_tasks()
    one, two = Eager({"a": 1}), Eager({"b": 2})
    running, beside_a_task = start(one=one, two=two), start(one=one, two=hanging())
    await settle()
    for task in (running, beside_a_task):
        task.cancel()
    await asyncio.wait([running, beside_a_task])
    assert [each.held for each in (*one.begun, *two.begun)] == [False, False, False]
    assert asyncio.all_tasks() == before
