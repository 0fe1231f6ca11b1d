"""KEY_FIELDS_SELECT_INVALID_TYPE: A @key includes no field of interface or union type."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "interface",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "i { x }") { i: I }
            interface I { x: Int }
            type U implements I { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "i { x }") { i: [U] }
            interface I { x: Int }
            type U implements I { x: Int }
            """,
        },
    ),
    CompositionCase(
        "union",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "u { ... on V { x } }") { u: U }
            union U = V
            type V { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "u { x }") { u: V }
            union U = V
            type V { x: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "KEY_FIELDS_SELECT_INVALID_TYPE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
