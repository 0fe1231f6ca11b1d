"""The printed forms of the query graph."""

from __future__ import annotations

import json

import pytest

from schema.query_graph.build import build_query_graph
from schema.query_graph.graph import QueryGraph
from schema.query_graph.render import (
    query_graph_to_json,
    render_query_graph,
    render_query_graph_dot,
    render_query_graph_mermaid,
)
from tests.testkit.composing import FED2, supergraph_of


@pytest.fixture(scope="module")
def graph() -> QueryGraph:
    """Two subgraphs with a union, a requirement and a key."""
    return build_query_graph(
        supergraph_of(
            a=FED2 + 'type Query { m: M } union M = T type T @key(fields: "id") { id: ID! x: Int }',
            b=FED2
            + """type T @key(fields: "id") { id: ID! x: Int @external
                 y: Int @requires(fields: "x") }""",
        )
    )


def test_text_names_every_node_and_edge(graph: QueryGraph) -> None:
    """The text form is the whole graph."""
    assert render_query_graph(graph) == "\n".join(
        [
            "Query@a (object)",
            "  m: M -> M@a",
            "Query@b (object)",
            "M@a (union)",
            "  ... on T -> T@a",
            "T@a (object)",
            "  id: ID!",
            "  x: Int",
            "  entered by key id",
            "T@b (object)",
            "  id: ID!",
            "  y (requires x): Int",
            "  entered by key id",
        ]
    )


def test_mermaid_draws_jumps_dashed(graph: QueryGraph) -> None:
    """Fields and fragments are solid arrows, entity fetches dashed ones."""
    lines = render_query_graph_mermaid(graph).splitlines()
    assert lines[0] == "flowchart LR"
    assert '  n0 -->|"m"| n2' in lines
    assert '  n2 -->|"... on T"| n3' in lines
    assert '  n3 -.->|"key id"| n4' in lines
    assert '    n4["T<br/>id<br/>y (requires x)"]' in lines


def test_dot_has_one_cluster_per_subgraph(graph: QueryGraph) -> None:
    """Every subgraph is a cluster, every key jump a dashed edge."""
    text = render_query_graph_dot(graph)
    assert text.startswith("digraph supergraph {")
    assert text.count("subgraph cluster_") == 2
    assert r'n4 [label="T\nid\ny (requires x)"];' in text
    assert 'n3 -> n4 [label="key id", style=dashed];' in text


def test_json_form_is_json(graph: QueryGraph) -> None:
    """The JSON form survives encoding and names targets as they print."""
    value = query_graph_to_json(graph)
    assert json.loads(json.dumps(value)) == value
    assert value["roots"] == {"Query": ["Query@a", "Query@b"]}
    (requiring,) = [n for n in value["nodes"] if n["name"] == "T@b"]
    assert requiring["fields"][1] == {"field": "y", "type": "Int", "requires": "x"}
    assert requiring["keys"] == ["id"]
