"""REQUIRES_INVALID_FIELDS: The fields of a @requires parse and exist."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "unknown field",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int }
            """,
            "b": FED2 + """type T @key(fields: "id") { id: ID! y: Int @requires(fields: "x") }""",
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x")
                }
            """,
        },
    ),
    CompositionCase(
        "unknown field below an external",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! v: V }
            type V { x: Int @shareable }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") {
                id: ID!
                v: V @external
                y: Int @requires(fields: "v { x }")
            }
            type V { z: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! v: V }
            type V { x: Int @shareable }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") {
                id: ID!
                v: V @external
                y: Int @requires(fields: "v { x }")
            }
            type V { x: Int @shareable }
            """,
        },
    ),
    CompositionCase(
        "unknown field before an external",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "w x") }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }
            """,
        },
        also=("EXTERNAL_UNUSED",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "REQUIRES_INVALID_FIELDS")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
