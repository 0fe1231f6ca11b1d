"""Many small sets of subgraphs, and the verdict that each must get.

`make oracle` asks both reference implementations for theirs (tests/oracle/check_references.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from schema.composition.composer import compose
from schema.query_graph.build import build_query_graph
from schema.supergraph.api_schema import build_api_schema
from schema.supergraph.load import load_supergraph
from schema.supergraph.render import render_supergraph
from tests.testkit.written_cases import WrittenCase, read_cases

CASES = tuple(read_cases(Path(__file__).parent / "cases"))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_verdict_is_right(case: WrittenCase) -> None:
    """Refused with exactly these codes, or composed to a supergraph that can be served."""
    result = compose(case.subgraphs)
    messages = "\n".join(str(error) for error in result.errors)
    assert sorted({error.code for error in result.errors}) == sorted(case.codes), messages
    assert all(error.message.endswith(".") for error in result.errors), messages
    if result.supergraph is not None:
        assert load_supergraph(render_supergraph(result.supergraph)) == result.supergraph
        build_api_schema(result.supergraph)
        build_query_graph(result.supergraph)


def test_every_topic_has_both_verdicts() -> None:
    """A file of refusals alone would pass with a composer that refuses everything."""
    for topic in {case.topic for case in CASES}:
        verdicts = {bool(case.codes) for case in CASES if case.topic == topic}
        assert verdicts == {True, False}, topic
    assert len({str(case) for case in CASES}) == len(CASES)
