"""LIST_SIZE_INVALID_ASSUMED_SIZE: The assumed size of a @listSize is not negative."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "negative",
        {
            "a": FED2 + """type Query { x: [Int] @listSize(assumedSize: -3) }""",
        },
        {
            "a": FED2 + """type Query { x: [Int] @listSize(assumedSize: 0) }""",
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "LIST_SIZE_INVALID_ASSUMED_SIZE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
