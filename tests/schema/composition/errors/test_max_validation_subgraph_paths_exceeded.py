"""MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED: the proof of satisfiability has an end.

A schema that passes the real limit would take minutes to write; the limit is a parameter.
"""

from __future__ import annotations

import pytest

from schema.composition.composer import compose
from schema.composition.context import CompositionContext
from schema.composition.merge.carry import read_carried
from schema.composition.satisfiability.check import check_satisfiability
from schema.subgraph.model import Subgraph, SubgraphSource
from schema.subgraph.parse import parse_subgraph
from tests.testkit.composing import FED2

CHAIN = "type Query { t0: T0 } " + "".join(
    f"type T{n} {{ n: Int next: T{n + 1} }} " for n in range(9)
)
SOURCE = SubgraphSource("a", "", FED2 + CHAIN + "type T9 { n: Int }")
PLACES = 11  # the query and ten types


@pytest.mark.parametrize("limit", [PLACES - 1, PLACES])
def test_is_reported_beyond_the_limit(limit: int) -> None:
    """With the place that was looked at last, and what to do; at the limit all is well."""
    supergraph, subgraph = compose([SOURCE]).supergraph, parse_subgraph(SOURCE)
    assert supergraph is not None
    assert isinstance(subgraph, Subgraph)
    context = CompositionContext((subgraph,), read_carried((subgraph,)))
    check_satisfiability(context, supergraph, max_places=limit)
    codes = [error.code for error in context.errors]
    assert codes == (["MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED"] if limit < PLACES else [])
    assert all(f"More than {limit} places" in error.message for error in context.errors)
