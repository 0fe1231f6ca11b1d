"""CONTEXT_INVALID_SELECTION: A @fromContext selects one value that fits its argument."""

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
            type T @key(fields: "id") @context(name: "ctx") { id: ID! p: String u: U }
            type U @key(fields: "id") { id: ID! f(a: String @fromContext(field:
                "$ctx { q }")): Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") @context(name: "ctx") { id: ID! p: String u: U }
            type U @key(fields: "id") { id: ID! f(a: String @fromContext(field:
                "$ctx { p }")): Int }
            """,
        },
    ),
    CompositionCase(
        "nullable value",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") @context(name: "ctx") { id: ID! p: String u: U }
            type U @key(fields: "id") { id: ID! f(a: String! @fromContext(field:
                "$ctx { p }")): Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") @context(name: "ctx") { id: ID! p: String u: U }
            type U @key(fields: "id") { id: ID! f(a: String @fromContext(field:
                "$ctx { p }")): Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "CONTEXT_INVALID_SELECTION")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
