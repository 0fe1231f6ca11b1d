"""PROVIDES_INVALID_FIELDS: The fields of a @provides parse and exist."""

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
            type Query { t: T @provides(fields: "y") }
            type T @key(fields: "id") { id: ID! x: Int @external }
            """,
            "b": FED2 + """type T @key(fields: "id") { id: ID! x: Int @shareable }""",
        },
        {
            "a": FED2
            + """
            type Query { t: T @provides(fields: "x") }
            type T @key(fields: "id") { id: ID! x: Int @external }
            """,
            "b": FED2 + """type T @key(fields: "id") { id: ID! x: Int @shareable }""",
        },
        also=("EXTERNAL_UNUSED",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "PROVIDES_INVALID_FIELDS")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
