"""IMPLEMENTED_BY_INACCESSIBLE: What implements a visible field is visible."""

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
            interface I { x: Int }
            type T implements I { x: Int @inaccessible y: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { x: Int @inaccessible y: Int }
            type T implements I { x: Int @inaccessible y: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "IMPLEMENTED_BY_INACCESSIBLE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
