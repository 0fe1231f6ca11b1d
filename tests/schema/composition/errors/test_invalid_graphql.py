"""INVALID_GRAPHQL: A subgraph is a valid GraphQL schema, and so is what is merged."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "syntax",
        {
            "a": FED2 + """type Query {""",
        },
        {
            "a": FED2 + """type Query { x: Int }""",
        },
    ),
    CompositionCase(
        "unknown type",
        {
            "a": FED2 + """type Query { x: Foo }""",
        },
        {
            "a": FED2
            + """
            type Query { x: Foo }
            scalar Foo
            """,
        },
    ),
    CompositionCase(
        "unknown directive",
        {
            "a": FED2 + """type Query { x: Int @foo }""",
        },
        {
            "a": FED2
            + """
            type Query { x: Int @foo }
            directive @foo on FIELD_DEFINITION
            """,
        },
    ),
    CompositionCase(
        "not imported",
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import:
                ["@shareable"])
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import:
                ["@shareable"])
            type Query { t: T }
            type T @federation__key(fields: "id") { id: ID! }
            """,
        },
    ),
    CompositionCase(
        "default of another type",
        {
            "a": FED2 + """type Query { x(n: Int = "a"): Int }""",
        },
        {
            "a": FED2 + """type Query { x(n: Int = 1): Int }""",
        },
    ),
    CompositionCase(
        "interface not implemented",
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { x: Int }
            type T implements I { y: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { x: Int }
            type T implements I { x: Int y: Int }
            """,
        },
    ),
    CompositionCase(
        "duplicate type",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T { x: Int }
            type T { y: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T { x: Int }
            extend type T { y: Int }
            """,
        },
    ),
    CompositionCase(
        "merged type wider than the interface",
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { x: Int! }
            type T implements I @shareable { x: Int! }
            """,
            "b": FED2
            + """
            type Query { u: T }
            type T @shareable { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { x: Int }
            type T implements I @shareable { x: Int! }
            """,
            "b": FED2
            + """
            type Query { u: T }
            type T @shareable { x: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "INVALID_GRAPHQL")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
