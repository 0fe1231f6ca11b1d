"""Every operation that the documentation shows, or an adapter asks, runs on records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graphql import GraphQLSchema, parse, validate

from gateway.cli.compose import compose_command
from gateway.executor.executor import CompileMode
from gateway.operation.normalize.normalize import normalize_document
from gateway.planner.cost import PlanBudget
from gateway.policy.authorize import Authorization
from gateway.prepare import prepare_operation
from schema.query_graph.build import build_query_graph
from schema.query_graph.graph import QueryGraph
from schema.supergraph.api_schema import build_api_schema
from schema.supergraph.load import load_supergraph
from tests.testkit.imports import ROOT

OPERATIONS = sorted(
    path for folder in ("docs", "adapters") for path in (ROOT / folder).rglob("*.graphql")
)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> tuple[GraphQLSchema, QueryGraph]:
    """Compose the demonstration's graph once."""
    path = tmp_path_factory.mktemp("composed") / "supergraph.graphql"
    compose_command(config=ROOT / "demo" / "simpul.yaml", output=path)
    supergraph = load_supergraph(path.read_text())
    return build_api_schema(supergraph), build_query_graph(supergraph)


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_documented_operation_is_compiled(
    path: Path, graph: tuple[GraphQLSchema, QueryGraph]
) -> None:
    """None of its fetches needs the reference, as long as nothing deviates."""
    api, query_graph = graph
    document = parse(path.read_text("utf-8"))
    assert validate(api, document) == []
    operation = normalize_document(document, None, api)
    execution = prepare_operation(
        operation,
        Authorization(),
        api,
        query_graph,
        PlanBudget(),
        compile_mode=CompileMode.ALWAYS,
    ).execution
    beside = path.with_suffix(".variables.json")
    values = json.loads(beside.read_text("utf-8")) if beside.is_file() else {}
    program = execution.program.note_use(values)
    assert program is not None
    assert len(program.fetches) == len(execution.documents)
