"""The walk's steps on records; what came is kept, so that the reference can take over.

In: a ``RecordProgram`` and one execution's context. Out: the root record, ready to be encoded; or
``has_deviated``, and then no more is sent: the reference runs the plan over ``received``, and asks
only for what is not there.
"""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

import msgspec

from adapters.contract import SubgraphRequest, SubgraphResponse
from gateway.executor.compiled.entities import Asked
from gateway.executor.compiled.fetches import FetchProgram
from gateway.executor.compiled.program import RecordProgram
from gateway.executor.compiled.records import is_decoded
from gateway.executor.compiled.source import Deviation
from gateway.executor.fetch.call import FetchAnswer, call_subgraph
from gateway.executor.fetch.context import Received, WalkContext
from gateway.executor.state.account import FetchAccount
from gateway.operation.model import OperationKind
from gateway.plan.nodes import FetchNode, FlattenNode

__all__ = ["RecordArrival", "RecordSteps", "read_again"]

# From where on a step takes milliseconds: the loop then gets its turn between two of them. Twice
# that, and the others wait twice as long; a tenth, and a turn of the loop costs what it divides.
_MANY = 2_000  # representations
_LARGE_BODY = 500_000  # bytes


class RecordArrival(NamedTuple):
    """A fetch's answer and what it was asked for."""

    fetch: FetchNode
    program: FetchProgram
    asked: Asked | None
    answer: FetchAnswer


class RecordSteps:
    """One execution on records."""

    def __init__(self, program: RecordProgram) -> None:
        self.has_deviated = False
        self.is_large = False  # others wait while its records are walked
        self.received: dict[int, Received] = {}
        self._program = program
        self._root: Any = program.root()
        self._gathered: list[list[Any]] = [[] for _ in range(program.place_count)]

    async def fetch(
        self, node: FetchNode | FlattenNode, context: WalkContext
    ) -> RecordArrival | None:
        """Send one fetch; None: there was nothing to ask, or the reference shall."""
        fetch = node.node if isinstance(node, FlattenNode) else node
        program = self._program.fetches[fetch.id]
        asked = None
        if program.ask is not None:
            asked = self._ask(program)
            if asked is None or not asked.items:
                return None
            if len(asked.items) > _MANY:
                await asyncio.sleep(0)
        if self.has_deviated:
            return None
        request = _build_request(fetch, program, asked, context)
        answer = await call_subgraph(request, context.executors, context.options)
        self.received[fetch.id] = Received(request.representations, answer)
        if len(answer.response.body or b"") > _LARGE_BODY:
            self.is_large = True
            await asyncio.sleep(0)
        return RecordArrival(fetch, program, asked, answer)

    def merge(self, arrival: RecordArrival | None, context: WalkContext) -> None:
        """Merge its answer into the records."""
        if arrival is None or self.has_deviated:
            return
        try:
            self._merge(arrival)
        except (Deviation, RecursionError):
            self.has_deviated = True
            return
        _account(arrival, context)

    def answer(self) -> Any:
        """Give the root record, with nothing in it that was not asked."""
        if self._program.hide is not None:
            self._program.hide(self._gathered)
        return self._root

    def _ask(self, program: FetchProgram) -> Asked | None:
        assert program.ask is not None
        if self.has_deviated:
            return None
        try:
            return program.ask(self._gathered)
        except Deviation:
            self.has_deviated = True
            return None

    def _merge(self, arrival: RecordArrival) -> None:
        response, program = arrival.answer.response, arrival.program
        if response.errors or response.defects or response.data is None:
            raise Deviation
        if arrival.asked is None:
            program.merge_root(self._root, response.data, self._gathered)
        else:
            program.merge_entities(arrival.asked, response.data, self._gathered)


def read_again(received: Received, *, is_entity_fetch: bool) -> Received:
    """Give an answer in dicts, as the reference reads it."""
    response = received.answer.response
    if not is_decoded(response.data):
        return received
    assert response.body is not None, "only bytes are decoded into records"
    data = msgspec.json.decode(response.body)["data"]
    plain = SubgraphResponse(
        data["_entities"] if is_entity_fetch else data,
        body=response.body,
        as_of=response.as_of,
        reports=response.reports,
    )
    return received._replace(answer=received.answer._replace(response=plain))


def _build_request(
    fetch: FetchNode, program: FetchProgram, asked: Asked | None, context: WalkContext
) -> SubgraphRequest:
    given = context.variables
    return SubgraphRequest(
        fetch.subgraph,
        context.documents[fetch.id],
        fetch.selection_set,
        context.call,
        {name: given[name] for name in fetch.variables if name in given},
        None if asked is None else asked.items,
        fetch.kind is OperationKind.MUTATION,
        shape=program.shape,
    )


def _account(arrival: RecordArrival, context: WalkContext) -> None:
    response, fetch = arrival.answer.response, arrival.fetch
    context.state.accounts[fetch.id] = FetchAccount(
        fetch_id=fetch.id,
        subgraph=fetch.subgraph,
        reports=response.reports,
        as_of=response.as_of,
        was_sent=arrival.answer.was_sent,
        span=arrival.answer.span,
    )
