"""REQUIRES_UNSUPPORTED_ON_INTERFACE: A @requires stands on no field of an interface."""

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
            type Query { i: I }
            interface I { id: ID! y: Int @requires(fields: "id") }
            type T implements I @key(fields: "id") { id: ID! y: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { id: ID! y: Int }
            type T implements I @key(fields: "id") { id: ID! y: Int }
            """,
        },
        also=("REQUIRES_FIELDS_MISSING_EXTERNAL",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "REQUIRES_UNSUPPORTED_ON_INTERFACE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
