"""PROVIDES_ON_NON_OBJECT_FIELD: A @provides stands on a field that has fields."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "leaf",
        {
            "a": FED2 + """type Query { x: Int @provides(fields: "y") }""",
        },
        {
            "a": FED2 + """type Query { x: Int }""",
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "PROVIDES_ON_NON_OBJECT_FIELD")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
