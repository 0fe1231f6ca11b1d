"""ENUM_VALUE_MISMATCH: An enum used as input and output has the same values everywhere."""

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
            type Query { x(e: E): E }
            enum E { A B }
            """,
            "b": FED2
            + """
            type Query { y(e: E): E }
            enum E { B }
            """,
        },
        {
            "a": FED2
            + """
            type Query { x(e: E): E }
            enum E { A @inaccessible B }
            """,
            "b": FED2
            + """
            type Query { y(e: E): E }
            enum E { B }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "ENUM_VALUE_MISMATCH")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
