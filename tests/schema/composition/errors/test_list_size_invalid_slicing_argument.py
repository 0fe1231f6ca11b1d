"""LIST_SIZE_INVALID_SLICING_ARGUMENT: The slicing arguments of a @listSize are integers."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "text",
        {
            "a": FED2 + """type Query { x(n: String): [Int] @listSize(slicingArguments: ["n"]) }""",
        },
        {
            "a": FED2 + """type Query { x(n: Int): [Int] @listSize(slicingArguments: ["n"]) }""",
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "LIST_SIZE_INVALID_SLICING_ARGUMENT")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
