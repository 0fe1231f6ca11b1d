"""Executing a prepared operation: on records, by the reference, and by graphql-core's executor.

Out: microseconds of CPU per operation, from prepared operation to encoded answer, subgraphs' bytes
at hand. The peer resolves from one object graph with no subgraphs, no merging and no completeness:
less work than ours, in the executor that most Python gateways are built on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

import msgspec
from graphql import execute as graphql_execute
from graphql import parse

from adapters.contract import CallContext
from bench.reviews import OPERATIONS, build_executors, build_supergraph, build_truth
from gateway.executor.executor import CompileMode, Execution, ExecutionOptions, execute
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.planner.cost import PlanBudget
from gateway.policy.authorize import Authorization
from gateway.prepare import prepare_operation
from schema.query_graph.build import build_query_graph
from schema.supergraph.api_schema import build_api_schema

__all__ = ["ExecutorRow", "run_executor"]

_SECONDS = 1.0  # of each measurement


class ExecutorRow(NamedTuple):
    """One operation; microseconds of CPU."""

    name: str
    size: int  # bytes of the answer
    compiled: float
    reference: float
    peer: float


async def run_executor() -> list[ExecutorRow]:
    """Measure every operation."""
    supergraph = build_supergraph()
    api_schema, graph = build_api_schema(supergraph), build_query_graph(supergraph)
    truth = build_truth()
    executors = build_executors(truth)
    options = ExecutionOptions()  # its timer is the process's
    rows = []
    for name, text in OPERATIONS.items():
        operation = normalize_document(parse_document(text, max_tokens=1000), None, api_schema)
        compiled, reference = (
            prepare_operation(
                operation, Authorization(), api_schema, graph, PlanBudget(), compile_mode=mode
            ).execution
            for mode in (CompileMode.ALWAYS, CompileMode.NEVER)
        )
        document = parse(text)

        async def run(execution: Execution) -> bytes:
            result = await execute(execution, {}, executors, CallContext(), options)
            assert not result.errors, result.errors[:1]
            return msgspec.json.encode(result.data)

        async def peer(document: Any = document) -> bytes:
            result: Any = graphql_execute(api_schema, document, truth)
            return msgspec.json.encode(result.data)

        answer = await run(compiled)
        assert answer == await run(reference) == await peer(), name
        costs = [
            await _measure(call)
            for call in (lambda: run(compiled), lambda: run(reference), peer)  # noqa: B023  # at once
        ]
        rows.append(ExecutorRow(name, len(answer), *costs))
    return rows


async def _measure(run: Callable[[], Coroutine[Any, Any, bytes]]) -> float:
    """Give microseconds of CPU per call."""
    await run()
    calls, started = 0, time.process_time()
    while time.process_time() - started < _SECONDS:
        await run()
        calls += 1
        await asyncio.sleep(0)
    return (time.process_time() - started) / calls * 1e6
