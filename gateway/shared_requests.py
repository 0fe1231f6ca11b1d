"""Equal queries under way at the same time are answered once (``dedupe: {requests: true}``).

In: a request, who asks, and how to answer it. Out: the answer, which whoever asked the same shares
down to its bytes. Two requests are the same only if nothing that may tell in the answer differs:
operation, variables, caller, purpose, case, forwarded headers, and the statements wished for; and
they must run on the same snapshot. Mutations, and whoever sends a token of a person on, never
share.

A flight ends with its last waiter, never with its first; the deadline is that of its first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable

import msgspec

from cache.single_flight import SingleFlight
from gateway.context import RequestContext
from gateway.operation.model import OperationKind
from gateway.request import GraphQLRequest, GraphQLResponse
from gateway.snapshot import KnownOperation, SchemaSnapshot

__all__ = ["SharedRequests", "sharing_key"]


class SharedRequests:
    """The queries under way of one event loop."""

    def __init__(self) -> None:
        self._flights: SingleFlight[GraphQLResponse] = SingleFlight()

    async def answer(
        self, key: Hashable, answer: Callable[[], Awaitable[GraphQLResponse]]
    ) -> GraphQLResponse:
        """Answer, or wait for who answers the same; raises what ``answer`` raises."""
        return (await self._flights.join(key, answer)).value


def sharing_key(
    request: GraphQLRequest,
    context: RequestContext,
    known: KnownOperation,
    snapshot: SchemaSnapshot,
) -> Hashable | None:
    """Give all that may tell in the answer; None: not shared."""
    if known.operation.kind is not OperationKind.QUERY:
        return None
    if any(name == "authorization" for name, _ in context.forwarded):
        return None
    return (
        id(snapshot),  # alive for as long as one of its requests
        known.key,
        msgspec.json.encode(request.variables) if request.variables else b"",
        context.caller.name,
        context.purpose,
        context.case,
        context.person,
        context.forwarded,
        context.require_complete,
        repr(request.extensions.get("completeness")),  # it may be any JSON
        request.extensions.get("sourceCalls") is True,
    )
