"""What the federated scenarios send is answered by their subgraphs as the truth has it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from graphql import graphql_sync, parse, validate

from bench.federated import count_levels
from bench.review_server import Answers
from bench.reviews import OPERATIONS, WINDOWED, build_supergraph, build_truth
from bench.wrk import Loaded, read_result
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.planner.planner import plan_operation
from schema.query_graph.build import build_query_graph
from schema.supergraph.api_schema import build_api_schema

TRUTH = build_truth()
API = build_api_schema(build_supergraph())


def ask(query: str, variables: dict[str, Any] | None = None) -> Any:
    """Ask the subgraphs' server, without a network."""
    body = msgspec.json.encode({"query": query, "variables": variables})
    return msgspec.json.decode(Answers(TRUTH).answer(body))["data"]


def test_an_operation_is_answered_as_by_one_server() -> None:
    """The server's own executor gives what graphql-core gives over the same objects."""
    for text in OPERATIONS.values():
        assert ask(text) == graphql_sync(API, text, TRUTH).data


def test_entities_are_found_by_key() -> None:
    """A representation gives its entity, with the type's own fields only."""
    query = (
        "query ($representations: [_Any!]!) { _entities(representations: $representations) "
        "{ __typename ... on Product { n: name } ... on User { username } } }"
    )
    sent = [{"__typename": "Product", "upc": "u3"}, {"__typename": "User", "id": "1"}]
    assert ask(query, {"representations": sent}) == {
        "_entities": [
            {"__typename": "Product", "n": "Product 3"},
            {"__typename": "User", "username": "user1"},
        ]
    }


@pytest.mark.parametrize("text", WINDOWED.values(), ids=[*WINDOWED])
def test_a_window_asks_for_its_own_entities(text: str) -> None:
    """The windowed operations are valid, and ask for as many as the window has."""
    assert validate(API, parse(text)) == []
    data = ask(text, {"first": 2, "at": 3})
    assert [each["upc"] for each in data["topProducts"]] == ["u3", "u4"]


def test_levels_are_the_fetches_that_wait_for_each_other() -> None:
    """Parallel fetches are one level; each that needs an earlier answer is another."""
    graph = build_query_graph(build_supergraph())
    levels = {}
    for name, text in OPERATIONS.items():
        operation = normalize_document(parse_document(text, max_tokens=1_000), None, API)
        levels[name] = count_levels(plan_operation(operation, graph).node)
    assert levels == {"simple": 1, "medium": 2, "heavy": 4}


def test_a_load_with_errors_is_no_result() -> None:
    """What wrk counted is read; failures and silence are told."""
    assert read_result("x\nRESULT 100 2000000 1500 9000 0\n") == Loaded(100, 2.0, 1.5, 9.0)
    for printed in ("RESULT 100 2000000 1500 9000 1", "RESULT 0 1 0 0 0", "Connection refused"):
        with pytest.raises(ValueError, match=r"requests failed|no result"):
            read_result(printed)
