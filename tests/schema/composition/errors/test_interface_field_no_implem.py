"""INTERFACE_FIELD_NO_IMPLEM: An implementation has all fields of the merged interface."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "added elsewhere",
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { x: Int }
            type T implements I { x: Int }
            """,
            "b": FED2
            + """
            type Query { j: I }
            interface I { x: Int y: Int }
            type U implements I { x: Int y: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { x: Int }
            type T implements I { x: Int y: Int }
            """,
            "b": FED2
            + """
            type Query { j: I }
            interface I { x: Int y: Int }
            type U implements I { x: Int y: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "INTERFACE_FIELD_NO_IMPLEM")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
