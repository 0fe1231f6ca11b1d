"""INPUT_FIELD_DEFAULT_MISMATCH: An input field has one default."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "other default",
        {
            "a": FED2
            + """
            type Query { x(i: I): Int }
            input I { n: Int = 1 }
            """,
            "b": FED2
            + """
            type Query { y(i: I): Int }
            input I { n: Int = 2 }
            """,
        },
        {
            "a": FED2
            + """
            type Query { x(i: I): Int }
            input I { n: Int = 1 }
            """,
            "b": FED2
            + """
            type Query { y(i: I): Int }
            input I { n: Int = 1 }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "INPUT_FIELD_DEFAULT_MISMATCH")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
