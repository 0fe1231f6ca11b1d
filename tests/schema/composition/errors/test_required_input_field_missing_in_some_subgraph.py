"""REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH: A required input field is in all subgraphs."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "missing",
        {
            "a": FED2
            + """
            type Query { x(i: I): Int }
            input I { n: Int m: Int! }
            """,
            "b": FED2
            + """
            type Query { y(i: I): Int }
            input I { n: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { x(i: I): Int }
            input I { n: Int m: Int }
            """,
            "b": FED2
            + """
            type Query { y(i: I): Int }
            input I { n: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
