"""LIST_SIZE_INVALID_SIZED_FIELD: The sized fields of a @listSize exist."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "unknown",
        {
            "a": FED2
            + """
            type Query { x: T @listSize(assumedSize: 3, sizedFields: ["z"]) }
            type T { y: [Int] }
            """,
        },
        {
            "a": FED2
            + """
            type Query { x: T @listSize(assumedSize: 3, sizedFields: ["y"]) }
            type T { y: [Int] }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "LIST_SIZE_INVALID_SIZED_FIELD")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
