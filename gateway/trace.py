"""What is known of one request while it runs, and what telemetry is told of it at its end.

In: the pipeline notes each stage's result. Out: an ``OperationRecord``, which holds no value of the
request.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from adapters.contract import SourceReport
from cache.hash_chain import keyed_hash
from gateway.audit.record import AuditRecord, find_subjects, hash_subjects
from gateway.context import RequestContext
from gateway.executor.executor import ExecutionResult
from gateway.policy.authorize import Authorization
from gateway.request import GraphQLResponse
from gateway.snapshot import KnownOperation
from gateway.telemetry import OperationRecord, SourceUse

__all__ = ["Trace"]


class Trace(msgspec.Struct):
    """One request; each part is None until its stage is done. Built per request, so a struct."""

    operation_id: str
    started: float  # of the running loop's clock
    context: RequestContext | None = None
    known: KnownOperation | None = None
    authorization: Authorization | None = None
    variables: Mapping[str, Any] | None = None  # as they were sent
    result: ExecutionResult | None = None

    def evidence(self, response: GraphQLResponse, at: datetime, key: bytes) -> AuditRecord:
        """Tell who saw what of whom; persons only by hashes, and only where something was read."""
        context, known, decided = self.context, self.known, self.authorization
        classed = known.classed if known and decided else ()
        denied = decided.denied if decided else frozenset()
        fields = tuple(where for where in classed if where not in denied)
        subjects: set[str] = set()
        if known and fields and response.has_data:
            subjects = find_subjects(known.text, self.variables or {}, response.data)
        return AuditRecord(
            at.isoformat(),
            self.operation_id,
            known.key if known else "",
            known.operation.kind if known else "",
            context.depth if context else 0,
            context.caller.name if context else "",
            context.caller.agency if context else "",
            context.caller.roles if context else (),
            (context.purpose or "") if context else "",
            keyed_hash(key, context.case) if context and context.case else "",
            fields,
            tuple(where for where in classed if where in denied),
            hash_subjects(key, subjects),
            response.status,
            _codes_of(response) if response.errors else (),
            _seals_of(self.result) if self.result else (),
            keyed_hash(key, context.person) if context and context.person else "",
        )

    def record(self, response: GraphQLResponse) -> OperationRecord:
        """Tell what became of the request."""
        context, known, result = self.context, self.known, self.result
        return OperationRecord(
            self.operation_id,
            time.time(),
            known.key[:12] if known else "",
            known.operation.kind if known else "",
            context.caller.name if context else "",
            context.caller.agency if context else "",
            (context.purpose or "") if context else "",
            response.status,
            _codes_of(response) if response.errors else (),
            asyncio.get_running_loop().time() - self.started,
            _source_uses(result) if result else (),
        )


def _codes_of(response: GraphQLResponse) -> tuple[str, ...]:
    codes = {str(error.get("extensions", {}).get("code", "")) for error in response.errors}
    return tuple(sorted(codes))


def _seals_of(result: ExecutionResult) -> tuple[str, ...]:
    reports = (report for each in result.statement.accounts for report in each.reports)
    return tuple(seal for report in reports for seal in report.seals)


def _source_uses(result: ExecutionResult) -> list[SourceUse]:
    only = _only_report(result)
    if only is not None:
        seconds = only.spans[0][1] - only.spans[0][0] if only.spans else 0.0
        return [SourceUse(only.source, only.status, 1, only.calls, seconds)]
    statuses = {each["source"]: each["status"] for each in result.completeness["sources"]}
    return [
        SourceUse(
            each["source"],
            statuses.get(each["source"], ""),
            each["fetches"],
            each["calls"],
            each["milliseconds"] / 1000,
        )
        for each in result.source_calls
    ]


def _only_report(result: ExecutionResult) -> SourceReport | None:
    """Give the report of an operation of one call that went as it should: the commonest."""
    statement = result.statement
    if result.errors or statement.denied or len(statement.accounts) != 1:
        return None
    reports = statement.accounts[0].reports
    return reports[0] if len(reports) == 1 and len(reports[0].spans) <= 1 else None
