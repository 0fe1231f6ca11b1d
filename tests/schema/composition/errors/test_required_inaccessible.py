"""REQUIRED_INACCESSIBLE: A required argument or input field is visible."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "argument",
        {
            "a": FED2 + """type Query { x(n: Int! @inaccessible): Int }""",
        },
        {
            "a": FED2 + """type Query { x(n: Int! = 1 @inaccessible): Int }""",
        },
    ),
    CompositionCase(
        "input field",
        {
            "a": FED2
            + """
            type Query { x(i: I): Int }
            input I { n: Int! @inaccessible m: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { x(i: I): Int }
            input I { n: Int @inaccessible m: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "REQUIRED_INACCESSIBLE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
