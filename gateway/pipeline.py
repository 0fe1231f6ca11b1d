"""One request, from decoded bytes to an answer: read this first, one line per stage.

In: a ``GraphQLRequest`` from the edge. Out: a ``GraphQLResponse``, whatever happened. What a client
or an upstream does never raises here; a bug of ours becomes a masked error whose id is in the log.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.context import RequestContext, build_call_context, identify
from gateway.errors import (
    ClientError,
    GatewayError,
    Incomplete,
    InternalError,
    MutationOverGet,
    PersonalValueInUrl,
)
from gateway.executor.executor import ExecutionOptions, ExecutionResult, execute
from gateway.operation.model import OperationKind
from gateway.operation.variables import coerce_variables
from gateway.request import GraphQLRequest, GraphQLResponse
from gateway.snapshot import KnownOperation, SchemaSnapshot, SnapshotHolder
from gateway.telemetry import OperationRecord, SourceUse, Telemetry

__all__ = ["Pipeline"]

logger = logging.getLogger("simpul.pipeline")


@dataclass(slots=True)
class _Trace:
    """What is known of a request so far, for its record. One per request."""

    operation_id: str
    started: float
    context: RequestContext | None = None
    known: KnownOperation | None = None
    result: ExecutionResult | None = None


class Pipeline:
    """Answers requests on the current snapshot; belongs to one event loop."""

    def __init__(
        self,
        holder: SnapshotHolder,
        telemetry: Telemetry,
        now: Callable[[], datetime],
    ) -> None:
        self._holder = holder
        self._telemetry = telemetry
        self._now = now

    async def answer(self, request: GraphQLRequest) -> GraphQLResponse:
        """Answer one request; raises only on cancellation."""
        trace = _Trace(uuid.uuid4().hex, asyncio.get_running_loop().time())
        with self._holder.use() as snapshot:
            try:
                response = await self._run(request, snapshot, trace)
            except GatewayError as error:
                response = _refuse(error, trace)
            except Exception as bug:
                response = _mask(bug, trace)
        self._telemetry.operation_finished(_record(trace, response))
        return response

    async def _run(
        self, request: GraphQLRequest, snapshot: SchemaSnapshot, trace: _Trace
    ) -> GraphQLResponse:
        """Identify, read, authorize, prepare, coerce, execute."""
        config = snapshot.config
        context = trace.context = identify(
            request.headers,
            snapshot.callers,
            config,
            now=trace.started,
            operation_id=trace.operation_id,
        )
        known = trace.known = snapshot.read_operation(request.query, request.operation_name)
        _check_method(request, known)
        authorization = snapshot.authorize(known, context.caller, context.purpose)
        prepared = snapshot.prepare(known, authorization)
        variables = coerce_variables(
            known.operation.variables, request.variables, snapshot.api_schema
        )
        call = build_call_context(
            context,
            grant_profile=authorization.profile,
            source_calls=config.limits.source_calls,
        )
        options = ExecutionOptions(
            max_fetches=config.limits.fetches,
            show_upstream_messages=config.errors.upstream == "show",
            error_id=trace.operation_id,
            now=self._now,
        )
        result = trace.result = await execute(
            prepared.execution, variables, snapshot.executors, call, options
        )
        return _respond(result, request, context, has_adapters=snapshot.has_adapters)


def _check_method(request: GraphQLRequest, known: KnownOperation) -> None:
    """A GET reads only, and puts no personal value into a URL."""
    if not request.is_get:
        return
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
        missing = [
            f"{source['source']} ({source['status']})"
            for source in result.completeness.get("sources", ())
            if source["status"] != "ANSWERED" or source.get("defects")
        ]
        raise Incomplete(
            "the answer would not be complete, and the request asks for a complete one; "
            f"these sources did not answer in full: {', '.join(missing)}"
        )
    extensions: dict[str, Any] = {}
    asked = request.extensions.get("completeness")
    if asked is True or (has_adapters and asked is not False):
        extensions["completeness"] = result.completeness
    if request.extensions.get("sourceCalls") is True:
        extensions["sourceCalls"] = result.source_calls
    return GraphQLResponse(result.data, result.errors, extensions)


def _refuse(error: GatewayError, trace: _Trace) -> GraphQLResponse:
    """Answer a request that gets no data."""
    if not isinstance(error, ClientError) and error.status == 500:
        return _mask(error, trace)
    headers: tuple[tuple[str, str], ...] = ()
    if error.status == 405:
        headers = (("allow", "POST"),)
    elif error.status == 401:
        headers = (("www-authenticate", "Bearer"),)
    return GraphQLResponse(
        None, error.render(), status=error.status, has_data=False, headers=headers
    )


def _mask(bug: Exception, trace: _Trace) -> GraphQLResponse:
    """Log where it broke, never the exception's text, and give the client the id."""
    logger.error(
        "%s (error id %s)\n%s",
        type(bug).__name__,
        trace.operation_id,
        "".join(traceback.format_tb(bug.__traceback__)),
    )
    error = InternalError("internal error; the operators find it by its error id")
    rendered = error.render()
    rendered[0]["extensions"]["errorId"] = trace.operation_id
    return GraphQLResponse(None, rendered, status=500, has_data=False)


def _record(trace: _Trace, response: GraphQLResponse) -> OperationRecord:
    context, known, result = trace.context, trace.known, trace.result
    codes = {str(error.get("extensions", {}).get("code", "")) for error in response.errors}
    return OperationRecord(
        operation_id=trace.operation_id,
        document_hash=known.key[:12] if known else "",
        kind=str(known.operation.kind) if known else "",
        caller=context.caller.name if context else "",
        agency=context.caller.agency if context else "",
        purpose=(context.purpose or "") if context else "",
        status=response.status,
        codes=tuple(sorted(codes)),
        ended=time.time(),
        seconds=asyncio.get_running_loop().time() - trace.started,
        sources=_source_uses(result) if result else (),
    )


def _source_uses(result: ExecutionResult) -> list[SourceUse]:
    statuses = {
        source["source"]: source["status"] for source in result.completeness.get("sources", ())
    }
    return [
        SourceUse(
            source=each["source"],
            status=statuses.get(each["source"], ""),
            fetches=each["fetches"],
            calls=each["calls"],
            seconds=each["milliseconds"] / 1000,
        )
        for each in result.source_calls
    ]
