"""DEFAULT_VALUE_USES_INACCESSIBLE: A visible default uses nothing hidden."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "enum value",
        {
            "a": FED2
            + """
            type Query { x(e: E = A): Int }
            enum E { A @inaccessible B }
            """,
        },
        {
            "a": FED2
            + """
            type Query { x(e: E = B): Int }
            enum E { A @inaccessible B }
            """,
        },
    ),
    CompositionCase(
        "input field",
        {
            "a": FED2
            + """
            type Query { x(i: I = { n: 1 }): Int }
            input I { n: Int @inaccessible m: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { x(i: I = { m: 1 }): Int }
            input I { n: Int @inaccessible m: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "DEFAULT_VALUE_USES_INACCESSIBLE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
