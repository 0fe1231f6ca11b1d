"""INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE.

A subgraph with a key on an interface knows all implementations.
"""

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
            type T implements I @key(fields: "id") { id: ID! }
            """,
            "b": FED2
            + """
            interface I { id: ID! }
            type U implements I @key(fields: "id") { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! }
            type T implements I @key(fields: "id") { id: ID! }
            type U implements I @key(fields: "id") { id: ID! }
            """,
            "b": FED2
            + """
            interface I { id: ID! }
            type U implements I @key(fields: "id") { id: ID! }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
