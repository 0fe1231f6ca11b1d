"""One fetch, fast: what is asked comes from a program, a clean answer is merged without detours.

In: a plan's fetch and the walk's context. Out: as the reference's steps. An answer with an error, a
defect or another form is handed to the reference with the places that it needs, as they were when
the fetch was sent: objects of the merged data are never replaced, so each is found again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.contract import SubgraphRequest, SubgraphResponse
from gateway.executor.compiled.entities import Asked
from gateway.executor.compiled.program import FetchProgram
from gateway.executor.compiled.source import Deviation
from gateway.executor.fetch.call import FetchAnswer, call_subgraph
from gateway.executor.fetch.context import WalkContext
from gateway.executor.fetch.places import FetchPlaces
from gateway.executor.merge import copy_tree, merge_object
from gateway.executor.response_path import Position, find_positions
from gateway.executor.state.account import FetchAccount
from gateway.operation.model import OperationKind
from gateway.plan.nodes import FetchNode, FlattenNode

__all__ = ["FastArrival", "fetch_fast", "merge_clean", "places_of"]


@dataclass(slots=True)
class FastArrival:
    """A fetch's answer and the objects that it goes to; ``asked`` is None for a root fetch."""

    node: FetchNode | FlattenNode
    fetch: FetchNode
    program: FetchProgram
    asked: Asked | None
    answer: FetchAnswer | None  # None: there was nothing to ask


async def fetch_fast(
    node: FetchNode | FlattenNode, program: FetchProgram, context: WalkContext
) -> FastArrival:
    """Send one fetch; raises ``Deviation`` before anything was sent."""
    fetch = node.node if isinstance(node, FlattenNode) else node
    if context.state.fetches_left <= 0:
        raise Deviation
    if context.state.explained and fetch.requires != fetch.keys:
        raise Deviation  # a @requires input may be lost to a failure
    asked = None
    if program.ask is not None:
        asked = program.ask(context.state.data)
        if not asked.items:
            return FastArrival(node, fetch, program, asked, None)
    context.state.take_fetch()
    given = context.variables
    request = SubgraphRequest(
        fetch.subgraph,
        context.documents[fetch.id],
        fetch.selection_set,
        context.call,
        {name: given[name] for name in fetch.variables if name in given},
        None if asked is None else asked.items,
        fetch.kind is OperationKind.MUTATION,
    )
    answer = await call_subgraph(request, context.executors, context.options)
    return FastArrival(node, fetch, program, asked, answer)


def merge_clean(arrival: FastArrival, context: WalkContext) -> None:
    """Merge a clean answer; raises ``Deviation`` before anything was changed."""
    answer = arrival.answer
    if answer is None:
        return
    response, asked = answer.response, arrival.asked
    data = _clean_data(arrival, response)
    if asked is None:
        if context.state.data:
            merge_object(context.state.data, data, context.types)
        else:
            context.state.data.update(data)
    else:
        _merge_entities(data, asked.targets, context)
    context.state.accounts[arrival.fetch.id] = FetchAccount(
        fetch_id=arrival.fetch.id,
        subgraph=arrival.fetch.subgraph,
        errors=(),
        reports=response.reports,
        defects=0,
        has_data=True,
        as_of=response.as_of,
        was_sent=answer.was_sent,
        span=answer.span,
    )


def places_of(arrival: FastArrival, context: WalkContext) -> FetchPlaces:
    """Find the places of a fetch that was sent, for the reference."""
    if arrival.asked is None:
        return FetchPlaces(arrival.fetch, context.variables, None)
    index_of = {
        id(target): index
        for index, targets in enumerate(arrival.asked.targets)
        for target in targets
    }
    positions: list[list[Position]] = [[] for _ in arrival.asked.items]
    assert isinstance(arrival.node, FlattenNode)
    for path in arrival.node.paths:
        for position in find_positions(context.state.data, path):
            index = index_of.get(id(position.value))
            if index is not None:
                positions[index].append(position)
    return FetchPlaces(arrival.fetch, context.variables, positions)


def _clean_data(arrival: FastArrival, response: SubgraphResponse) -> Any:
    """Give data that belongs to this execution alone and has the form that was asked for."""
    data = response.data
    if response.errors or response.defects:
        raise Deviation
    if arrival.asked is None:
        if not isinstance(data, dict):
            raise Deviation
    elif not isinstance(data, list) or len(data) != len(arrival.asked.items):
        raise Deviation
    if response.body is not None and not arrival.program.has_custom_scalars:
        return data
    try:
        return copy_tree(data)
    except RecursionError:
        raise Deviation from None


def _merge_entities(
    data: Sequence[Any], targets: Sequence[Sequence[dict[str, Any]]], context: WalkContext
) -> None:
    for entity, places in zip(data, targets, strict=True):
        if type(entity) is not dict:
            continue
        is_flat = not any(type(value) in (dict, list) for value in entity.values())
        for number, target in enumerate(places):
            # The last place may keep the parts themselves; all before it get copies.
            own = entity if is_flat or number == len(places) - 1 else copy_tree(entity)
            if target.keys().isdisjoint(own):
                target.update(own)
            else:
                merge_object(target, own, context.types)
