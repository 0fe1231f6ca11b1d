"""TYPE_WITH_ONLY_UNUSED_EXTERNAL: A Federation 1 type has more than unused @external fields."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "only unused",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int }
            """,
            "b": """
            extend type Query { n: T }
            extend type T { x: Int @external }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int }
            """,
            "b": """
            extend type Query { n: T }
            extend type T @key(fields: "id") { id: ID! @external x: Int @external y: Int
                @requires(fields: "x") }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "TYPE_WITH_ONLY_UNUSED_EXTERNAL")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
