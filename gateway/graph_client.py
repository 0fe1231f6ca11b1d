"""Lets adapters ask the graph: the ``GraphClient`` of the contract, one per adapter and snapshot.

In: the documents that lie beside an adapter, and who asks within which operation. Out: data, errors
and completeness, as any client would get them from the same snapshot: under the grants of the
officer who is served, until that officer's deadline, told to telemetry as an operation of its own.

A client is made while the subgraphs open, when no snapshot stands yet, and bound to the snapshot
before that serves. One level only: what an adapter asks may not ask the graph again, or two
adapters could wait for each other.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from adapters.contract import CallContext, GraphClient, GraphClientResult
from gateway.context import PUBLIC, RequestContext, new_operation_id
from gateway.errors import ClientError
from gateway.request import GraphQLResponse
from gateway.snapshot import KnownOperation, SchemaSnapshot

__all__ = ["AnswerWithin", "GraphClients"]

logger = logging.getLogger("simpul.graph_client")

AnswerWithin: TypeAlias = Callable[
    [SchemaSnapshot, KnownOperation, Mapping[str, Any], RequestContext], Awaitable[GraphQLResponse]
]
"""Answers one operation on a snapshot that the caller holds; raises only on cancellation."""


class GraphClients:
    """The clients of the adapters of one snapshot."""

    def __init__(self, answer: AnswerWithin) -> None:
        self._answer = answer
        self._clients: list[_Client] = []

    def open(self, subgraph: str, documents: Mapping[str, str]) -> GraphClient:
        """Make the client of one adapter."""
        client = _Client(subgraph, documents, self._answer)
        self._clients.append(client)
        return client

    def bind(self, snapshot: SchemaSnapshot) -> None:
        """Read and prepare every document; what this graph cannot answer is told in the log."""
        for client in self._clients:
            client.bind(snapshot)


class _Client:
    """Implements ``GraphClient`` for one adapter on one snapshot."""

    def __init__(self, subgraph: str, documents: Mapping[str, str], answer: AnswerWithin) -> None:
        self._subgraph = subgraph
        self._documents = documents
        self._answer = answer
        self._snapshot: SchemaSnapshot | None = None
        self._known: dict[str, KnownOperation | ClientError] = {}

    def bind(self, snapshot: SchemaSnapshot) -> None:
        """Take the snapshot that the adapter serves in."""
        self._snapshot = snapshot
        for name, text in self._documents.items():
            try:
                known = self._known[name] = snapshot.read_operation(text, None)
            except ClientError as error:  # a graph without the agency that it asks
                self._known[name] = error
                logger.warning(
                    'subgraph "%s" cannot ask "%s" of this graph: %s', self._subgraph, name, error
                )
            else:
                _prepare_for_callers(snapshot, known)

    async def run(
        self, name: str, variables: Mapping[str, Any], call: CallContext
    ) -> GraphClientResult:
        """Run the document ``name`` for whom ``call`` serves."""
        assert self._snapshot is not None, "the snapshot is bound before it serves"
        known = self._known[name]
        if isinstance(known, ClientError):
            return _refused(known.code, str(known))
        if call.depth:
            text = "what an adapter asks of the graph may not ask the graph again"
            return _refused("OPERATION_TOO_LARGE", text)
        context = _context_within(call, self._snapshot)
        response = await self._answer(self._snapshot, known, variables, context)
        data = msgspec.json.decode(msgspec.json.encode(response.data)) if response.data else None
        return GraphClientResult(
            data, tuple(response.errors), response.extensions.get("completeness")
        )


def _prepare_for_callers(snapshot: SchemaSnapshot, known: KnownOperation) -> None:
    """Plan for whoever may ask, so that no officer waits for it; equal grants share one plan."""
    for caller in snapshot.identification.callers().values():
        for purpose in caller.purposes:
            try:
                snapshot.prepare(snapshot.authorize(known, caller, purpose))
            except ClientError:
                continue  # whoever asks is told why


def _context_within(call: CallContext, snapshot: SchemaSnapshot) -> RequestContext:
    assert call.deadline is not None, "every operation has a deadline"
    return RequestContext(
        snapshot.identification.callers().get(call.caller, PUBLIC),
        call.purpose,
        call.case,
        call.deadline,
        call.headers,
        require_complete=False,
        operation_id=new_operation_id(),
        depth=call.depth + 1,
        person=call.person,
    )


def _refused(code: str, message: str) -> GraphClientResult:
    return GraphClientResult(None, ({"message": message, "extensions": {"code": code}},))
