"""DIRECTIVE_DEFINITION_INVALID.

An own definition of a specified directive says what the specification says.
"""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "argument of its own",
        {
            "a": FED2
            + """
            directive @key(fields: String!, own: Int) repeatable on OBJECT
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            directive @key(fields: String!) repeatable on OBJECT
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
    ),
    CompositionCase(
        "location of its own",
        {
            "a": FED2
            + """
            directive @shareable on ENUM | FIELD_DEFINITION
            type Query { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            directive @shareable on FIELD_DEFINITION
            type Query { x: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "DIRECTIVE_DEFINITION_INVALID")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
