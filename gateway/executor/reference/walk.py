"""Walks the nodes of a plan: sequence, parallel, condition, and the fetches at the leaves.

In: a plan node and the context. Out: nothing; the state holds the merged data and the accounts.

Invariant: answers of a parallel level are merged in plan order after all have arrived, so that the
data does not depend on who was fastest. A branch that is itself a sequence merges as it goes: its
later fetches need its earlier ones. A level of one fetch is awaited directly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from gateway.executor.fetch.context import WalkContext
from gateway.executor.reference.contextual import fetch_in_contexts
from gateway.executor.reference.fetching import Arrival, fetch, merge_arrival
from gateway.executor.state.plan_fetches import asks_anything
from gateway.plan.nodes import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    SequenceNode,
)

__all__ = ["walk"]


async def walk(node: PlanNode, context: WalkContext) -> None:
    """Run ``node`` and all below it."""
    match node:
        case FetchNode() | FlattenNode():
            if _asks_anything(node, context.variables):
                merge_arrival(await _fetch(node, context), context)
        case SequenceNode():
            for each in node.nodes:
                await walk(each, context)
        case ParallelNode():
            await _walk_parallel(list(_branches(node, context.variables)), context)
        case ConditionNode():
            chosen = _choose(node, context.variables)
            if chosen is not None:
                await walk(chosen, context)
        case _:
            assert_never(node)


async def _walk_parallel(branches: list[PlanNode], context: WalkContext) -> None:
    if len(branches) == 1:
        await walk(branches[0], context)
        return
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_walk_branch(branch, context)) for branch in branches]
    for task in tasks:
        arrival = task.result()
        if arrival is not None:
            merge_arrival(arrival, context)


async def _walk_branch(node: PlanNode, context: WalkContext) -> Arrival | None:
    """Run one branch; a single fetch is given back unmerged."""
    if isinstance(node, FetchNode | FlattenNode):
        return await _fetch(node, context)
    await walk(node, context)
    return None


async def _fetch(node: FetchNode | FlattenNode, context: WalkContext) -> Arrival:
    if isinstance(node, FlattenNode) and node.node.contexts:
        return await fetch_in_contexts(node, context)
    return await fetch(node, context)


def _branches(node: PlanNode, variables: Mapping[str, Any]) -> Iterator[PlanNode]:
    """Give what runs at the same time, conditions decided and nested levels opened."""
    if isinstance(node, ParallelNode):
        for each in node.nodes:
            yield from _branches(each, variables)
    elif isinstance(node, ConditionNode):
        chosen = _choose(node, variables)
        if chosen is not None:
            yield from _branches(chosen, variables)
    elif not isinstance(node, FetchNode | FlattenNode) or _asks_anything(node, variables):
        yield node


def _asks_anything(node: FetchNode | FlattenNode, variables: Mapping[str, Any]) -> bool:
    return asks_anything(node.node if isinstance(node, FlattenNode) else node, variables)


def _choose(node: ConditionNode, variables: Mapping[str, Any]) -> PlanNode | None:
    return node.if_clause if variables.get(node.variable) else node.else_clause
