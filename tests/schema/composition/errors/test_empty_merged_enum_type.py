"""EMPTY_MERGED_ENUM_TYPE: An enum used as input has a value that all subgraphs know."""

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
            type Query { x(e: E): Int }
            enum E { A }
            """,
            "b": FED2
            + """
            type Query { y(e: E): Int }
            enum E { B }
            """,
        },
        {
            "a": FED2
            + """
            type Query { x(e: E): Int }
            enum E { A B }
            """,
            "b": FED2
            + """
            type Query { y(e: E): Int }
            enum E { B }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "EMPTY_MERGED_ENUM_TYPE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
