"""OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE.

An @override meets no directive that contradicts it.
"""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "external",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! x: Int @external @override(from: "a") y: Int
                @requires(fields: "x") }
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
            type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x")
                }
            """,
        },
    ),
    CompositionCase(
        "requires in the source",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! z: Int @external x: Int @requires(fields: "z")
                }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! z: Int x: Int @override(from: "a") }
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
            type T @key(fields: "id") { id: ID! z: Int x: Int @override(from: "a") }
            """,
        },
        also=("INVALID_FIELD_SHARING",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
