"""What is known of one request while it runs, and what telemetry is told of it at its end.

In: the pipeline notes each stage's result. Out: an ``OperationRecord``, which holds no value of the
request.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from cache.hash_chain import keyed_hash
from gateway.audit.record import AuditRecord, find_subjects, hash_subjects
from gateway.context import RequestContext
from gateway.executor.executor import ExecutionResult
from gateway.operation.secrets import without_secrets
from gateway.policy.authorize import Authorization
from gateway.request import GraphQLResponse
from gateway.snapshot import KnownOperation
from gateway.telemetry import OperationRecord, Outcome, SourceUse

__all__ = ["Trace"]


class Trace(msgspec.Struct):
    """One request; each part is None until its stage is done. Built per request, so a struct."""

    operation_id: str
    started: float  # of ``clock``
    clock: Callable[[], float]  # the running loop's, bound: to find the loop asks the system
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
            given = self.variables or {}
            told = without_secrets(given, known.secrets) if known.secrets else given
            subjects = find_subjects(known.text, told, response.data)
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
        context, known = self.context, self.known
        uses, waited = self.result.statement.uses() if self.result else ((), ())
        outcome = _find_outcome(
            known.key if known else "",
            known.operation.kind if known else "",
            context.caller.name if context else "",
            context.caller.agency if context else "",
            (context.purpose or "") if context else "",
            response.status,
            _codes_of(response) if response.errors else (),
            uses,
        )
        seconds = self.clock() - self.started
        return OperationRecord(self.operation_id, time.time(), seconds, outcome, waited)


@lru_cache(maxsize=1_000)
def _find_outcome(
    document: str,
    kind: str,
    caller: str,
    agency: str,
    purpose: str,
    status: int,
    codes: tuple[str, ...],
    uses: tuple[tuple[str, str, int, int], ...],
) -> Outcome:
    """Give the one outcome of these; a process sees few, again and again."""
    sources = tuple(SourceUse(*each) for each in uses)
    return Outcome(document[:12], kind, caller, agency, purpose, status, codes, sources)


def _codes_of(response: GraphQLResponse) -> tuple[str, ...]:
    codes = {str(error.get("extensions", {}).get("code", "")) for error in response.errors}
    return tuple(sorted(codes))


def _seals_of(result: ExecutionResult) -> tuple[str, ...]:
    reports = (report for each in result.statement.accounts for report in each.reports)
    return tuple(seal for report in reports for seal in report.seals)
