"""OVERRIDE_SOURCE_HAS_OVERRIDE: An overridden field is not overriding."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "chain",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int @override(from: "b") }
            """,
            "b": FED2 + """type T @key(fields: "id") { id: ID! x: Int @override(from: "a") }""",
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! x: Int @override(from: "b") }
            """,
            "b": FED2 + """type T @key(fields: "id") { id: ID! x: Int }""",
        },
        also=("INVALID_FIELD_SHARING",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "OVERRIDE_SOURCE_HAS_OVERRIDE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
