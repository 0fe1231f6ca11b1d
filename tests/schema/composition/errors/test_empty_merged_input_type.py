"""EMPTY_MERGED_INPUT_TYPE: An input object has a field that all subgraphs know."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "disjoint",
        {
            "a": FED2
            + """
            type Query { x(i: I): Int }
            input I { n: Int }
            """,
            "b": FED2
            + """
            type Query { y(i: I): Int }
            input I { m: Int }
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
            input I { m: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "EMPTY_MERGED_INPUT_TYPE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
