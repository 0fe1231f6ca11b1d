"""FIELD_TYPE_MISMATCH: The types of a field have one that fits all."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "other type",
        {
            "a": FED2 + """type Query { x: Int @shareable }""",
            "b": FED2 + """type Query { x: String @shareable }""",
        },
        {
            "a": FED2 + """type Query { x: Int @shareable }""",
            "b": FED2 + """type Query { x: Int! @shareable }""",
        },
    ),
    CompositionCase(
        "no common list",
        {
            "a": FED2 + """type Query { x: [Int!] @shareable }""",
            "b": FED2 + """type Query { x: [Int]! @shareable }""",
        },
        {
            "a": FED2 + """type Query { x: [Int!]! @shareable }""",
            "b": FED2 + """type Query { x: [Int] @shareable }""",
        },
    ),
    CompositionCase(
        "input field",
        {
            "a": FED2
            + """
            type Query { x(i: I): Int }
            input I { n: Int }
            """,
            "b": FED2
            + """
            type Query { y(i: I): Int }
            input I { n: String }
            """,
        },
        {
            "a": FED2
            + """
            type Query { x(i: I): Int }
            input I { n: Int }
            """,
            "b": FED2
            + """
            type Query { y(i: I): Int }
            input I { n: Int! }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "FIELD_TYPE_MISMATCH")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
