"""INVALID_FIELD_SHARING: Who resolves a shared field says @shareable."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "not shareable",
        {
            "a": FED2 + """type Query { x: Int }""",
            "b": FED2 + """type Query { x: Int @shareable }""",
        },
        {
            "a": FED2 + """type Query { x: Int @shareable }""",
            "b": FED2 + """type Query { x: Int @shareable }""",
        },
    ),
    CompositionCase(
        "extension outside the shareable declaration",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @shareable { x: Int }
            extend type T { y: Int }
            """,
            "b": FED2
            + """
            type Query { u: T }
            type T @shareable { x: Int y: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @shareable { x: Int }
            extend type T @shareable { y: Int }
            """,
            "b": FED2
            + """
            type Query { u: T }
            type T @shareable { x: Int y: Int }
            """,
        },
    ),
    CompositionCase(
        "abstract type without a common member",
        {
            "a": FED2
            + """
            type Query { u: U }
            union U = A
            type A { x: Int }
            """,
            "b": FED2
            + """
            type Query { u: U }
            union U = B
            type B { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { u: U }
            union U = A
            type A { x: Int }
            """,
            "b": FED2
            + """
            type Query { w: U }
            union U = B
            type B { x: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "INVALID_FIELD_SHARING")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
