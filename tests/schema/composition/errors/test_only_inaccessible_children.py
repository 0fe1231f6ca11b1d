"""ONLY_INACCESSIBLE_CHILDREN: A visible type has something visible in it."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "fields",
        {
            "a": FED2
            + """
            type Query { x: Int t: T }
            type T { x: Int @inaccessible }
            """,
        },
        {
            "a": FED2
            + """
            type Query { x: Int t: T }
            type T { x: Int @inaccessible y: Int }
            """,
        },
    ),
    CompositionCase(
        "values",
        {
            "a": FED2
            + """
            type Query { e: E }
            enum E { A @inaccessible }
            """,
        },
        {
            "a": FED2
            + """
            type Query { e: E }
            enum E { A @inaccessible B }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "ONLY_INACCESSIBLE_CHILDREN")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
