"""OVERRIDE_LABEL_INVALID: The label of an @override is well formed."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "percent above 100",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int }
            """,
            "b": FED2
            + """
            type T @key(fields: "id") { id: ID! x: Int @override(from: "a", label:
                "percent(101)") }
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
            type T @key(fields: "id") { id: ID! x: Int @override(from: "a", label:
                "percent(100)") }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "OVERRIDE_LABEL_INVALID")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
