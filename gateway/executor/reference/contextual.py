"""An entity fetch with contextual arguments: one request per distinct set of values.

In: a flatten node whose fetch has ``contexts``. Out: an ``Arrival`` as of one fetch: the answers of
all requests, put together in the order of their representations. A subgraph that may be asked for
several things at once gets them in one request all the same (``fetch/batch``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.contract import SubgraphError, SubgraphResponse
from gateway.executor.contexts import ContextGroups, group_by_contexts
from gateway.executor.fetch.call import FetchAnswer, call_subgraph, refuse_fetch
from gateway.executor.fetch.context import WalkContext
from gateway.executor.fetch.places import FetchPlaces
from gateway.executor.reference.fetching import (
    Arrival,
    build_request,
    positions_of,
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
    joined = _join(answers, [len(built.items) for _, built in asked])
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
    requests = [
        build_request(node.node, {**variables, **values}, built.items, context)
        for values, built in asked
    ]
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(call_subgraph(each, context.executors, context.options))
            for each in requests
        ]
    return [task.result() for task in tasks]


def _join(answers: Sequence[FetchAnswer], sizes: Sequence[int]) -> FetchAnswer:
    """Put answers together as if one request had brought all their representations."""
    if len(answers) == 1:
        return answers[0]
    data: list[Any] = []
    errors: list[SubgraphError] = []
    for answer, size in zip(answers, sizes, strict=True):
        errors.extend(_shifted(answer.response, len(data), size))
        part = answer.response.data
        is_whole = isinstance(part, list) and len(part) == size
        data.extend(part if is_whole else [None] * size)
    responses = [answer.response for answer in answers]
    spans = [answer.span for answer in answers if answer.span is not None]
    return FetchAnswer(
        SubgraphResponse(
            None if all(each.data is None for each in responses) else data,
            tuple(errors),
            as_of=min((r.as_of for r in responses if r.as_of is not None), default=None),
            defects=tuple(defect for each in responses for defect in each.defects),
            reports=tuple(report for each in responses for report in each.reports),
        ),
        (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None,
        any(answer.was_sent for answer in answers),
    )


def _shifted(response: SubgraphResponse, first: int, size: int) -> Iterator[SubgraphError]:
    """Give a part's errors at their places in the whole; one of all the part at each entity."""
    for error in response.errors:
        path = error.path or ()
        if len(path) > 1 and path[0] == "_entities" and isinstance(path[1], int):
            places = [("_entities", first + path[1], *path[2:])]
        else:
            places = [("_entities", first + index) for index in range(size)]
        for place in places:
            yield SubgraphError(error.message, error.code, place, error.source, error.extensions)
