"""Generated federations compose, and their operations are valid and touch several subgraphs."""

from __future__ import annotations

import pytest
from graphql import parse, validate

from bench.generated import SIZES, Size, generate_operations, generate_subgraphs
from schema.composition.composer import compose
from schema.supergraph.api_schema import build_api_schema


@pytest.mark.parametrize("size", [SIZES[0], Size(60, 7)], ids=str)
def test_operations_are_valid(size: Size) -> None:
    """Every size gives a supergraph of at least so many types, and three valid operations."""
    composed = compose(generate_subgraphs(size))
    assert composed.supergraph is not None, composed.errors
    assert len(composed.supergraph.graphs) == size.subgraphs
    api = build_api_schema(composed.supergraph)
    assert sum(name.startswith("T") for name in api.type_map) == size.types
    for text in generate_operations(size).values():
        assert validate(api, parse(text)) == []
