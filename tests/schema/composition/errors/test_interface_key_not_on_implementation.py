"""INTERFACE_KEY_NOT_ON_IMPLEMENTATION: An implementation has the keys of its interface."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "missing",
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! }
            type T implements I { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! }
            type T implements I @key(fields: "id") { id: ID! }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "INTERFACE_KEY_NOT_ON_IMPLEMENTATION")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
