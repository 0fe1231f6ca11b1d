"""FIELD_ARGUMENT_TYPE_MISMATCH: The types of an argument have one that fits all."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "other type",
        {
            "a": FED2 + """type Query { x(n: Int): Int @shareable }""",
            "b": FED2 + """type Query { x(n: String): Int @shareable }""",
        },
        {
            "a": FED2 + """type Query { x(n: Int): Int @shareable }""",
            "b": FED2 + """type Query { x(n: Int!): Int @shareable }""",
        },
    ),
    CompositionCase(
        "of a field that is required with it",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x(n: Int): Int @shareable }
            """,
            "b": FED2 + """type T @key(fields: "id") { id: ID! x(n: [Int]): Int @shareable }""",
            "c": FED2
            + """
            type T @key(fields: "id") {
                id: ID!
                x(n: Int): Int @external
                y: Int @requires(fields: "x(n: 1)")
            }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x(n: Int): Int @shareable }
            """,
            "b": FED2 + """type T @key(fields: "id") { id: ID! x(n: Int): Int @shareable }""",
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "FIELD_ARGUMENT_TYPE_MISMATCH")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
