"""One fetch: what is sent, and what its answer does to the state.

In: a fetch or flatten node. Out: an ``Arrival`` (the answer, not yet merged), and with
``merge_arrival`` its data in the merged data, its errors and its account in the state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import structs

from adapters.contract import (
    Representation,
    SubgraphError,
    SubgraphRequest,
    SubgraphResponse,
)
from adapters.errors import SourceCode
from gateway.executor.fetch.call import FetchAnswer, call_subgraph, refuse_fetch
from gateway.executor.fetch.consequences import find_consequences
from gateway.executor.fetch.context import WalkContext
from gateway.executor.fetch.failures import find_failures
from gateway.executor.fetch.places import FetchPlaces
from gateway.executor.lost_inputs import Withheld
from gateway.executor.merge import copy_tree, merge_object
from gateway.executor.representations import Representations, build_representations
from gateway.executor.response_path import Position, find_positions
from gateway.executor.rewrites import apply_rewrites
from gateway.executor.state.account import FetchAccount
from gateway.executor.state.answer_error import AnswerError
from gateway.operation.model import OperationKind
from gateway.plan.nodes import FetchNode, FlattenNode

__all__ = [
    "Arrival",
    "fetch",
    "merge_arrival",
    "positions_of",
    "send",
    "variables_of_fetch",
]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A fetch's answer and where it goes; ``answer`` is None where there was nothing to ask."""

    places: FetchPlaces
    answer: FetchAnswer | None
    keyless: Sequence[Position] = ()  # objects that could not be asked for
    withheld: Sequence[Withheld] = ()  # objects that lost a @requires input to a failure


async def fetch(node: FetchNode | FlattenNode, context: WalkContext) -> Arrival:
    """Send one fetch, if it has anything to ask and the limit allows it."""
    leaf = node.node if isinstance(node, FlattenNode) else node
    if isinstance(node, FlattenNode) and leaf.requires is None:
        return await _fetch_nested_root(node, context)
    variables = variables_of_fetch(leaf, context)
    representations: Representations | None = None
    if leaf.requires is not None:
        positions = positions_of(node, context.state.data)
        representations = build_representations(
            positions, leaf, context.types, context.state.explained
        )
    items = None if representations is None else representations.items
    keyless = () if representations is None else representations.keyless
    withheld = () if representations is None else representations.withheld
    places = FetchPlaces(
        leaf, context.variables, None if representations is None else representations.positions
    )
    if representations is not None and not items:
        return Arrival(places, None, keyless, withheld)
    if not context.state.take_fetch():
        return Arrival(places, refuse_fetch(), keyless, withheld)
    answer = await send(leaf, variables, items, context)
    return Arrival(places, answer, keyless, withheld)


async def _fetch_nested_root(node: FlattenNode, context: WalkContext) -> Arrival:
    """Ask the root once for all objects that are the root, as if it were one entity."""
    positions = positions_of(node, context.state.data)
    places = FetchPlaces(node.node, context.variables, [positions] if positions else [])
    if not positions:
        return Arrival(places, None)
    if not context.state.take_fetch():
        return Arrival(places, refuse_fetch())
    answer = await send(node.node, variables_of_fetch(node.node, context), None, context)
    return Arrival(places, structs.replace(answer, response=_as_entity(answer.response)))


def _as_entity(response: SubgraphResponse) -> SubgraphResponse:
    """Give a root's answer as that of ``_entities`` for one representation."""
    errors = tuple(
        SubgraphError(
            each.message, each.code, ("_entities", 0, *each.path), each.source, each.extensions
        )
        if each.path
        else each
        for each in response.errors
    )
    return SubgraphResponse(
        None if response.data is None else [response.data],
        errors,
        as_of=response.as_of,
        defects=response.defects,
        reports=response.reports,
    )


def merge_arrival(arrival: Arrival, context: WalkContext) -> None:
    """Merge an answer's data, and note its errors and its account."""
    if arrival.keyless or arrival.withheld:
        node_id, found = arrival.places.node.id, _consequences(arrival, context)
        context.state.consequences[node_id] = found
    if arrival.answer is not None:
        _merge_answer(arrival, arrival.answer, context)


def _consequences(arrival: Arrival, context: WalkContext) -> tuple[AnswerError, ...]:
    return find_consequences(
        arrival.keyless,
        arrival.withheld,
        arrival.places,
        context.state.explained,
        context.visible,
    )


def _merge_answer(arrival: Arrival, answer: FetchAnswer, context: WalkContext) -> None:
    node, state = arrival.places.node, context.state
    response = _check_form(answer.response, arrival.places)
    failures = find_failures(response, arrival.places, context.visible, context.options)
    for path, cause in failures.explained:
        state.explained.add(path, cause)
    state.accounts[node.id] = FetchAccount(
        fetch_id=node.id,
        subgraph=node.subgraph,
        errors=failures.errors,
        reports=response.reports,
        defects=failures.defects,
        has_data=response.data is not None,
        as_of=response.as_of,
        was_sent=answer.was_sent,
        span=answer.span,
    )
    if response.data is not None:
        _merge_data(response.data, arrival.places, context)


def positions_of(node: FetchNode | FlattenNode, data: dict[str, Any]) -> list[Position]:
    """Find the objects that an entity fetch completes, in the order of the paths."""
    paths = node.paths if isinstance(node, FlattenNode) else ((),)
    return [position for path in paths for position in find_positions(data, path)]


def variables_of_fetch(node: FetchNode, context: WalkContext) -> dict[str, Any]:
    """Take the fetch's variables; those that the client left out stay out."""
    given = context.variables
    return {name: given[name] for name in node.variables if name in given}


async def send(
    node: FetchNode,
    variables: Mapping[str, Any],
    representations: Sequence[Representation] | None,
    context: WalkContext,
) -> FetchAnswer:
    """Send the request of one fetch, unless its answer has come already."""
    known = context.known(node.id, variables, representations)
    if known is not None:
        return known
    request = SubgraphRequest(
        subgraph=node.subgraph,
        document=context.documents[node.id],
        selection=node.selection_set,
        call=context.call,
        variables=variables,
        representations=representations,
        is_mutation=node.kind is OperationKind.MUTATION,
    )
    return await call_subgraph(request, context.executors, context.options)


def _check_form(response: SubgraphResponse, places: FetchPlaces) -> SubgraphResponse:
    """Give the response with a copy of its data, or none if it is not what a fetch asks for.

    That is an object for a root fetch, and for an entity fetch one entity for each sent.
    """
    if response.data is None:
        return response
    try:
        # A copy: a response may be shared by requests in flight, a record by its positions.
        data = copy_tree(response.data)
    except RecursionError:  # a custom scalar may nest as deep as an upstream likes
        data = None
    if places.positions is None:
        is_whole = isinstance(data, dict)
    else:
        is_whole = isinstance(data, list) and len(data) == len(places.positions)
    if is_whole:
        return structs.replace(response, data=data)
    unreadable = SubgraphError("", SourceCode.DATA_RUSAK)
    return structs.replace(response, data=None, errors=(*response.errors, unreadable))


def _merge_data(data: Any, places: FetchPlaces, context: WalkContext) -> None:
    """Merge the data into its places; ``data`` becomes part of the state."""
    node, types = places.node, context.types
    if places.positions is None:
        apply_rewrites(data, node.output_rewrites)
        merge_object(context.state.data, data, types)
        return
    for entity, positions in zip(data, places.positions, strict=True):
        if isinstance(entity, dict):
            apply_rewrites(entity, node.output_rewrites)
            for position in positions[1:]:
                merge_object(position.value, copy_tree(entity), types)
            merge_object(positions[0].value, entity, types)
