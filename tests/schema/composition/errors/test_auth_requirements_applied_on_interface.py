"""AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE.

Access is required of implementations, not of interfaces.
"""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "field",
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { x: Int @authenticated }
            type T implements I { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { x: Int }
            type T implements I { x: Int @authenticated }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
