"""One request, from decoded bytes to an answer: read this first, one line per stage.

In: a ``GraphQLRequest`` from the edge. Out: a ``GraphQLResponse``, whatever happened. What a client
or an upstream does never raises here; a bug of ours becomes a masked error whose id is in the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from adapters.resilience.deadline import Deadlines
from gateway.audit.log import Audit
from gateway.context import RequestContext, new_operation_id
from gateway.errors import GatewayError, Incomplete, MutationOverGet, PersonalValueInUrl
from gateway.executor.executor import ExecutionOptions, ExecutionResult, execute
from gateway.operation.model import OperationKind
from gateway.operation.variables import coerce_variables
from gateway.refuse import mask, refuse
from gateway.request import GraphQLRequest, GraphQLResponse
from gateway.shared_requests import SharedRequests, sharing_key
from gateway.snapshot import KnownOperation, ReadyOperation, SchemaSnapshot, SnapshotHolder
from gateway.telemetry import Telemetry
from gateway.trace import Trace

__all__ = ["Pipeline"]


class Pipeline:
    """Answers requests on the current snapshot; belongs to one event loop."""

    def __init__(
        self,
        holder: SnapshotHolder,
        telemetry: Telemetry,
        now: Callable[[], datetime],
        audit: Audit | None = None,
    ) -> None:
        self._holder = holder
        self._telemetry = telemetry
        self._now = now
        self._audit = audit  # None: nothing is recorded as evidence
        self._deadlines = Deadlines("operation")
        self._shared = SharedRequests()

    async def answer(self, request: GraphQLRequest) -> GraphQLResponse:
        """Answer one request; raises only on cancellation."""
        clock = asyncio.get_running_loop().time
        trace = Trace(new_operation_id(), clock(), clock, variables=request.variables)
        snapshot = self._holder.acquire()
        try:
            context = trace.context = snapshot.identification.identify(
                request.headers, now=trace.started, operation_id=trace.operation_id
            )
            ready = snapshot.find_ready(
                request.query, request.operation_name, context.caller, context.purpose
            )
            if ready is None:
                ready = _read(request, context, snapshot, trace)
            else:
                trace.known, trace.authorization = ready.known, ready.authorization
                if request.is_get:
                    _check_readable_by_get(ready.known)
            key = None
            if snapshot.shares_requests:
                key = sharing_key(request, context, ready.known, snapshot)
            if key is None:
                result = trace.result = await self._begin(request, context, ready, snapshot, trace)
                response = _respond(result, request, context, has_adapters=snapshot.has_adapters)
            else:
                execute_once = partial(self._execute, request, context, ready, snapshot, trace)
                response = await self._shared.answer(key, execute_once)
        except GatewayError as error:
            response = refuse(error, trace.operation_id)
        except Exception as bug:
            response = mask(bug, trace.operation_id)
        finally:
            self._holder.release(snapshot)
        if self._audit is not None:
            response = self._recorded(trace, response, self._audit)
        self._telemetry.operation_finished(trace.record(response))
        return response

    async def answer_within(
        self,
        snapshot: SchemaSnapshot,
        known: KnownOperation,
        variables: Mapping[str, Any],
        context: RequestContext,
    ) -> GraphQLResponse:
        """Answer what an adapter asks while ``snapshot`` is held; raises only on cancellation."""
        clock = asyncio.get_running_loop().time
        trace = Trace(context.operation_id, clock(), clock)
        trace.context, trace.known, trace.variables = context, known, variables
        request = GraphQLRequest(known.text, variables=variables, extensions={"completeness": True})
        try:
            ready = _make_ready(known, context, snapshot, trace)
            response = await self._execute(request, context, ready, snapshot, trace)
        except GatewayError as error:
            response = refuse(error, trace.operation_id)
        except Exception as bug:
            response = mask(bug, trace.operation_id)
        if self._audit is not None:
            response = self._recorded(trace, response, self._audit)
        self._telemetry.operation_finished(trace.record(response))
        return response

    def _recorded(self, trace: Trace, response: GraphQLResponse, audit: Audit) -> GraphQLResponse:
        """Write the evidence before the answer leaves; without it none does."""
        try:
            audit.write(trace.evidence(response, self._now(), audit.key))
        except Exception as bug:  # a full disk among them: nobody sees what is not recorded
            return mask(bug, trace.operation_id)
        return response

    async def _execute(
        self,
        request: GraphQLRequest,
        context: RequestContext,
        ready: ReadyOperation,
        snapshot: SchemaSnapshot,
        trace: Trace,
    ) -> GraphQLResponse:
        """Execute and respond, as ``answer`` does itself where nothing is shared."""
        result = trace.result = await self._begin(request, context, ready, snapshot, trace)
        return _respond(result, request, context, has_adapters=snapshot.has_adapters)

    def _begin(
        self,
        request: GraphQLRequest,
        context: RequestContext,
        ready: ReadyOperation,
        snapshot: SchemaSnapshot,
        trace: Trace,
    ) -> Awaitable[ExecutionResult]:
        """Coerce and execute: what is given is awaited, and not yet begun."""
        variables, definitions = {}, ready.known.operation.variables
        if definitions:
            variables = coerce_variables(definitions, request.variables, snapshot.api_schema)
        call = snapshot.identification.call_context(context, ready.authorization.profile)
        options = ExecutionOptions(
            snapshot.max_fetches,
            snapshot.shows_upstream_messages,
            trace.operation_id,
            self._now,
            self._deadlines,
            snapshot.batched,
            punctual=snapshot.punctual,
            clock=trace.clock,
        )
        return execute(ready.prepared.execution, variables, snapshot.executors, call, options)


def _read(
    request: GraphQLRequest, context: RequestContext, snapshot: SchemaSnapshot, trace: Trace
) -> ReadyOperation:
    """Read, authorize and prepare, where nothing is ready."""
    known = trace.known = snapshot.read_operation(request.query, request.operation_name)
    if request.is_get:
        _check_readable_by_get(known)
    return _make_ready(known, context, snapshot, trace)


def _make_ready(
    known: KnownOperation, context: RequestContext, snapshot: SchemaSnapshot, trace: Trace
) -> ReadyOperation:
    """Authorize and prepare."""
    decision = snapshot.authorize(known, context.caller, context.purpose)
    trace.authorization = decision.authorization
    return snapshot.prepare(decision)


def _check_readable_by_get(known: KnownOperation) -> None:
    """A GET reads only, and puts no personal value into a URL."""
    if known.operation.kind is not OperationKind.QUERY:
        raise MutationOverGet("only queries may be sent by GET; send this operation by POST")
    if known.has_personal_arguments:
        raise PersonalValueInUrl(
            "this operation takes a personal value, which must not stand in a URL; send it by POST"
        )


def _respond(
    result: ExecutionResult,
    request: GraphQLRequest,
    context: RequestContext,
    *,
    has_adapters: bool,
) -> GraphQLResponse:
    """Put data, errors and the statements asked for together."""
    if context.require_complete and not result.completeness.get("complete", True):
        raise _incomplete(result)
    if not (request.extensions or has_adapters):
        return GraphQLResponse(result.data, result.errors)
    extensions: dict[str, Any] = {}
    asked = request.extensions.get("completeness")
    if asked is True or (has_adapters and asked is not False):
        extensions["completeness"] = result.completeness
    if request.extensions.get("sourceCalls") is True:
        extensions["sourceCalls"] = result.source_calls
    return GraphQLResponse(result.data, result.errors, extensions)


def _incomplete(result: ExecutionResult) -> Incomplete:
    missing = [
        f"{source['source']} ({source['status']})"
        for source in result.completeness.get("sources", ())
        if source["status"] != "ANSWERED" or source.get("defects")
    ]
    return Incomplete(
        "the answer would not be complete, and the request asks for a complete one; "
        f"these sources did not answer in full: {', '.join(missing)}"
    )
