"""The plans of the operations of ``docs/examples`` over the demonstration's graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import GraphQLSchema, parse, validate

from gateway.cli.compose import compose_command
from gateway.operation.normalize.normalize import normalize_document
from gateway.plan.render import render_plan
from gateway.planner.planner import plan_operation
from schema.query_graph.build import build_query_graph
from schema.query_graph.graph import QueryGraph
from schema.supergraph.api_schema import build_api_schema
from schema.supergraph.load import load_supergraph
from tests.testkit.imports import ROOT
from tests.testkit.joined_graph import EXAMPLES
from tests.testkit.planning import check_golden

KEPT = Path(__file__).parent / "golden_examples"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> tuple[GraphQLSchema, QueryGraph]:
    """Compose the demonstration's graph once."""
    path = tmp_path_factory.mktemp("composed") / "supergraph.graphql"
    compose_command(config=ROOT / "demo" / "simpul.yaml", output=path)
    supergraph = load_supergraph(path.read_text())
    return build_api_schema(supergraph), build_query_graph(supergraph)


@pytest.mark.parametrize("name", EXAMPLES)
def test_plan_of_an_example_is_as_kept(name: str, graph: tuple[GraphQLSchema, QueryGraph]) -> None:
    """The plan equals the kept one, text for text."""
    api, query_graph = graph
    document = parse(EXAMPLES[name].query)
    assert validate(api, document) == []
    operation = normalize_document(document, None, api)
    plan = plan_operation(operation, query_graph)
    check_golden(KEPT / f"{name}.graphql", render_plan(plan))
