"""EXTERNAL_MISSING_ON_BASE: An @external field is resolved somewhere."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "nowhere",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
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
        "contributed by an interface object",
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! }
            type T implements I @key(fields: "id") {
                id: ID!
                x: Int @external
                y: Int @requires(fields: "x")
            }
            """,
            "b": FED2 + """type I @interfaceObject @key(fields: "id") { id: ID! z: Int }""",
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! }
            type T implements I @key(fields: "id") {
                id: ID!
                x: Int @external
                y: Int @requires(fields: "x")
            }
            """,
            "b": FED2 + """type I @interfaceObject @key(fields: "id") { id: ID! x: Int }""",
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "EXTERNAL_MISSING_ON_BASE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
