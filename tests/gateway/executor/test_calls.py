"""How many calls a warm operation costs: speed that no clock can tell on a shared machine.

The bounds are a tenth above what it takes today. Whoever needs more calls raises them knowingly;
each is about a third of a microsecond on every request there is.
"""

from __future__ import annotations

import pytest

from adapters.contract import CallContext, SubgraphRequest
from adapters.http_client import HttpClient
from adapters.remote import RemoteExecutor
from adapters.resilience import SourceGuard
from bench.reviews import OPERATIONS, build_executors, build_supergraph, build_truth
from gateway.executor.executor import CompileMode, ExecutionOptions, execute
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.planner.cost import PlanBudget
from gateway.policy.authorize import Authorization
from gateway.prepare import prepare_operation
from schema.query_graph.build import build_query_graph
from schema.selection import SelectionSet
from schema.supergraph.api_schema import build_api_schema
from tests.testkit.http_server import http_server, json_reply
from tests.testkit.work import counting_calls

pytestmark = pytest.mark.anyio

_MOST = {"simple": 25, "medium": 64, "heavy": 206}


@pytest.mark.parametrize("name", OPERATIONS)
async def test_a_warm_operation_makes_few_calls(name: str) -> None:
    """From prepared operation to records, the subgraphs' bytes at hand."""
    supergraph = build_supergraph()
    api_schema, graph = build_api_schema(supergraph), build_query_graph(supergraph)
    operation = normalize_document(
        parse_document(OPERATIONS[name], max_tokens=1000), None, api_schema
    )
    execution = prepare_operation(
        operation,
        Authorization(),
        api_schema,
        graph,
        PlanBudget(),
        compile_mode=CompileMode.ALWAYS,
    ).execution
    executors, options = build_executors(build_truth()), ExecutionOptions()
    await execute(execution, {}, executors, CallContext(), options)
    with counting_calls("/gateway/executor/", "<compiled") as calls:
        await execute(execution, {}, executors, CallContext(), options)
    assert calls.python <= _MOST[name]


async def test_a_warm_fetch_makes_few_calls() -> None:
    """From a subgraph's request to its response, over a connection that is kept."""
    async with http_server(lambda _: json_reply({"data": {"a": 1}})) as server:
        client, guard = HttpClient(), SourceGuard("s")
        executor = RemoteExecutor("s", f"{server.url}/graphql", client, guard)
        call = CallContext(headers=(("x-request", "7"),))
        request = SubgraphRequest("s", b"{ a }", SelectionSet("Query"), call)
        try:
            for _ in range(3):
                await executor.execute(request)
            with counting_calls("/adapters/", "/cache/") as calls:
                response = await executor.execute(request)
        finally:
            await guard.aclose()
            await client.aclose()
    assert response.data == {"a": 1}
    assert calls.python <= 39
