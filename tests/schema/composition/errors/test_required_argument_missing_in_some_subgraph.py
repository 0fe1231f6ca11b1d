"""REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH: A required argument is in all subgraphs."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "missing",
        {
            "a": FED2 + """type Query { x(n: Int!): Int @shareable }""",
            "b": FED2 + """type Query { x: Int @shareable }""",
        },
        {
            "a": FED2 + """type Query { x(n: Int): Int @shareable }""",
            "b": FED2 + """type Query { x: Int @shareable }""",
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
