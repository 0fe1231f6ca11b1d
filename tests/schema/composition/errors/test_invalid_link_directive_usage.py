"""INVALID_LINK_DIRECTIVE_USAGE.

An application of @link names a specification and imports elements of it.
"""

from __future__ import annotations

import pytest

from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "unknown import",
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import:
                ["@key", "@nope"])
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import:
                ["@key"])
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
    ),
    CompositionCase(
        "newer import",
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import:
                ["@interfaceObject"])
            type Query { x: Int }
            """,
        },
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import:
                ["@interfaceObject"])
            type Query { x: Int }
            """,
        },
    ),
    CompositionCase(
        "directive renamed to a type",
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import:
                [{name: "@key", as: "myKey"}])
            type Query { t: T }
            type T @myKey(fields: "id") { id: ID! }
            """,
        },
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import:
                [{name: "@key", as: "@myKey"}])
            type Query { t: T }
            type T @myKey(fields: "id") { id: ID! }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "INVALID_LINK_DIRECTIVE_USAGE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
