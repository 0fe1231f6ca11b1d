"""What a new operation costs before it first runs: parse, validate, normalize, plan, prepare.

Out: milliseconds per stage. The peer of the first two stages is graphql-core, whose parser we use.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from graphql import parse, validate

from bench.world import OPERATIONS, build_supergraph
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.operation.validate import validate_document
from gateway.planner.cost import PlanBudget
from gateway.planner.planner import plan_operation
from gateway.policy.authorize import Authorization
from gateway.prepare import prepare_operation
from schema.query_graph.build import build_query_graph
from schema.supergraph.api_schema import build_api_schema

__all__ = ["run_cold"]

_SECONDS = 0.5


def run_cold() -> list[tuple[str, dict[str, float]]]:
    """Measure every operation; gives milliseconds by stage."""
    supergraph = build_supergraph()
    api_schema, graph = build_api_schema(supergraph), build_query_graph(supergraph)
    rows = []
    for name, text in OPERATIONS.items():
        document = parse_document(text, max_tokens=1000)
        operation = normalize_document(document, None, api_schema)
        rows.append(
            (
                name,
                {
                    "parse": _measure(parse_document, text, max_tokens=1000),
                    "validate": _measure(validate_document, document, api_schema),
                    "graphql-core parse + validate": _measure(
                        lambda text=text: validate(api_schema, parse(text))
                    ),
                    "normalize": _measure(normalize_document, document, None, api_schema),
                    "plan": _measure(plan_operation, operation, graph),
                    "plan + prepare": _measure(
                        prepare_operation,
                        operation,
                        Authorization(),
                        api_schema,
                        graph,
                        PlanBudget(),
                    ),
                },
            )
        )
    return rows


def _measure(call: Callable[..., Any], *arguments: Any, **named: Any) -> float:
    """Give milliseconds of CPU per call."""
    call(*arguments, **named)
    calls, started = 0, time.process_time()
    while time.process_time() - started < _SECONDS:
        call(*arguments, **named)
        calls += 1
    return (time.process_time() - started) / calls * 1e3
