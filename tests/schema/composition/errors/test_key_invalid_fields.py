"""KEY_INVALID_FIELDS: The fields of a @key parse and exist."""

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
            type T @key(fields: "uid") { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
    ),
    CompositionCase(
        "syntax",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id {") { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
    ),
    CompositionCase(
        "unknown argument",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id(n: 1)") { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
    ),
    CompositionCase(
        "empty",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "") { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
    ),
    CompositionCase(
        "object without selection",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "u") { u: U }
            type U { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "u { id }") { u: U }
            type U { id: ID! }
            """,
        },
    ),
    CompositionCase(
        "leaf with selection",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id { x }") { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
    ),
    CompositionCase(
        "unknown field with a directive",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "uid @skip(if: true)") { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "KEY_INVALID_FIELDS")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
