"""MISSING_TRANSITIVE_AUTH_REQUIREMENTS: A field asks at least for what its @requires inputs ask."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "authenticated",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int @authenticated }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x")
                }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int @authenticated }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x")
                @authenticated }
            """,
        },
    ),
    CompositionCase(
        "scopes",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int @requiresScopes(scopes: [["a"]]) }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x")
                @requiresScopes(scopes: [["b"]]) }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int @requiresScopes(scopes: [["a"]]) }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x")
                @requiresScopes(scopes: [["a", "b"]]) }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "MISSING_TRANSITIVE_AUTH_REQUIREMENTS")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
