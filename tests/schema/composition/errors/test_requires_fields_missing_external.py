"""REQUIRES_FIELDS_MISSING_EXTERNAL: What a subgraph requires is @external in it."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "own field",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int y: Int @requires(fields: "x") }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x")
                }
            """,
            "b": FED2 + """type T @key(fields: "id") { id: ID! x: Int }""",
        },
    ),
    CompositionCase(
        "nested",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! u: U y: Int @requires(fields: "u { x }") }
            type U { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! u: U @external y: Int @requires(fields:
                "u { x }") }
            type U @shareable { x: Int }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! u: U }
            type U @shareable { x: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "REQUIRES_FIELDS_MISSING_EXTERNAL")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
