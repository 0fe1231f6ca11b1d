"""Walks the nodes of a plan: sequence, parallel, condition, and the fetches at the leaves.

In: a plan node, the context, and the steps that send a fetch and merge its answer. Out: nothing;
the state holds the merged data and the accounts.

Invariant: answers of a parallel level are merged in plan order after all have arrived, so that the
data does not depend on who was fastest. A branch that is itself a sequence merges as it goes: its
later fetches need its earlier ones. A level of one fetch is awaited directly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, assert_never

from gateway.executor.fetch.context import WalkContext
from gateway.executor.reference.contextual import fetch_in_contexts
from gateway.executor.reference.fetching import Arrival, fetch, merge_arrival
from gateway.executor.state.visible_names import holds
from gateway.plan.nodes import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    SequenceNode,
)
from schema.selection import Field, SelectionSet

__all__ = ["ReferenceSteps", "Steps", "walk"]


class Steps(Protocol):
    """What the walk does at a fetch; an arrival is understood only by who made it."""

    async def fetch(self, node: FetchNode | FlattenNode, context: WalkContext) -> Any:
        """Send one fetch, and give its answer unmerged."""
        ...

    def merge(self, arrival: Any, context: WalkContext) -> None:
        """Merge what ``fetch`` gave."""
        ...


class ReferenceSteps:
    """The steps as ``fetching`` has them."""

    async def fetch(self, node: FetchNode | FlattenNode, context: WalkContext) -> Arrival:
        """Send one fetch."""
        if isinstance(node, FlattenNode) and node.node.contexts:
            return await fetch_in_contexts(node, context)
        return await fetch(node, context)

    def merge(self, arrival: Arrival, context: WalkContext) -> None:
        """Merge its answer."""
        merge_arrival(arrival, context)


async def walk(node: PlanNode, context: WalkContext, steps: Steps) -> None:
    """Run ``node`` and all below it."""
    match node:
        case FetchNode() | FlattenNode():
            if _asks_anything(node, context.variables):
                steps.merge(await steps.fetch(node, context), context)
        case SequenceNode():
            for each in node.nodes:
                await walk(each, context, steps)
        case ParallelNode():
            await _walk_parallel(list(_branches(node, context.variables)), context, steps)
        case ConditionNode():
            chosen = _choose(node, context.variables)
            if chosen is not None:
                await walk(chosen, context, steps)
        case _:
            assert_never(node)


async def _walk_parallel(branches: list[PlanNode], context: WalkContext, steps: Steps) -> None:
    if len(branches) == 1:
        await walk(branches[0], context, steps)
        return
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_walk_branch(branch, context, steps)) for branch in branches]
    for task in tasks:
        arrival = task.result()
        if arrival is not None:
            steps.merge(arrival, context)


async def _walk_branch(node: PlanNode, context: WalkContext, steps: Steps) -> Any:
    """Run one branch; a single fetch is given back unmerged."""
    if isinstance(node, FetchNode | FlattenNode):
        return await steps.fetch(node, context)
    await walk(node, context, steps)
    return None


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
    """Tell whether a fetch selects anything: each of its fields may have its own condition."""
    fetch = node.node if isinstance(node, FlattenNode) else node
    return not fetch.variables or _selects_anything(fetch.selection_set, variables)


def _selects_anything(selections: SelectionSet, variables: Mapping[str, Any]) -> bool:
    return any(
        isinstance(selection, Field) or _selects_anything(selection.selections, variables)
        for selection in selections
        if holds(selection.conditions, variables)
    )


def _choose(node: ConditionNode, variables: Mapping[str, Any]) -> PlanNode | None:
    return node.if_clause if variables.get(node.variable) else node.else_clause
