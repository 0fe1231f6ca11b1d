"""CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS.

A contextual argument is required of no client.
"""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "required elsewhere",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") @context(name: "ctx") { id: ID! p: String u: U }
            type U @key(fields: "id") { id: ID! f(a: String @fromContext(field:
                "$ctx { p }")): Int @shareable }
            """,
            "b": FED2 + """type U @key(fields: "id") { id: ID! f(a: String!): Int @shareable }""",
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") @context(name: "ctx") { id: ID! p: String u: U }
            type U @key(fields: "id") { id: ID! f(a: String @fromContext(field:
                "$ctx { p }")): Int @shareable }
            """,
            "b": FED2 + """type U @key(fields: "id") { id: ID! f(a: String): Int @shareable }""",
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
