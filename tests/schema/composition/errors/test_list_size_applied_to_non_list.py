"""LIST_SIZE_APPLIED_TO_NON_LIST: @listSize stands on a list."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "no list",
        {
            "a": FED2 + """type Query { x: Int @listSize(assumedSize: 3) }""",
        },
        {
            "a": FED2 + """type Query { x: [Int] @listSize(assumedSize: 3) }""",
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "LIST_SIZE_APPLIED_TO_NON_LIST")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
