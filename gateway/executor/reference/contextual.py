"""An entity fetch with contextual arguments: one request per distinct set of values.

In: a flatten node whose fetch has ``contexts``. Out: an ``Arrival`` as of one fetch: the answers of
all requests, put together in the order of their representations. A subgraph that may be asked for
several things at once gets them in one request all the same (``fetch/batch``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from gateway.executor.contexts import ContextGroups, group_by_contexts
from gateway.executor.fetch.call import FetchAnswer, refuse_fetch
from gateway.executor.fetch.context import WalkContext
from gateway.executor.fetch.join import join_answers
from gateway.executor.fetch.places import FetchPlaces
from gateway.executor.reference.fetching import (
    Arrival,
    positions_of,
    send,
    variables_of_fetch,
)
from gateway.executor.representations import Representations, build_representations
from gateway.plan.nodes import FlattenNode

__all__ = ["fetch_in_contexts"]


async def fetch_in_contexts(node: FlattenNode, context: WalkContext) -> Arrival:
    """Send what the fetch asks under each set of values."""
    found = _group(node, context)
    explained = context.state.explained
    parts = [
        (values, build_representations(positions, node.node, context.types, explained))
        for values, positions in found.groups
    ]
    asked = [(values, built) for values, built in parts if built.items]
    places = FetchPlaces(
        node.node, context.variables, [each for _, built in asked for each in built.positions]
    )
    keyless = [*found.valueless, *(each for _, built in parts for each in built.keyless)]
    withheld = [*found.withheld, *(each for _, built in parts for each in built.withheld)]
    if not asked:
        return Arrival(places, None, keyless, withheld)
    if not context.state.take_fetch():
        return Arrival(places, refuse_fetch(), keyless, withheld)
    answers = await _ask(node, asked, context)
    joined = join_answers(answers, [len(built.items) for _, built in asked])
    return Arrival(places, joined, keyless, withheld)


def _group(node: FlattenNode, context: WalkContext) -> ContextGroups:
    data = context.state.data
    return group_by_contexts(
        positions_of(node, data),
        node.node.contexts,
        data,
        context.types,
        context.state.explained,
    )


async def _ask(
    node: FlattenNode,
    asked: Sequence[tuple[dict[str, Any], Representations]],
    context: WalkContext,
) -> list[FetchAnswer]:
    variables = variables_of_fetch(node.node, context)
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(send(node.node, {**variables, **values}, built.items, context))
            for values, built in asked
        ]
    return [task.result() for task in tasks]
