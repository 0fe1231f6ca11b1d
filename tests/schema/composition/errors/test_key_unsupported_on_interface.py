"""KEY_UNSUPPORTED_ON_INTERFACE: A @key stands on an interface only from federation 2.3."""

from __future__ import annotations

import pytest

from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "2.2",
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.2", import:
                ["@key"])
            type Query { i: I }
            interface I @key(fields: "id") { id: ID! }
            type T implements I @key(fields: "id") { id: ID! }
            """,
        },
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import:
                ["@key"])
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
    assert_refused(case, "KEY_UNSUPPORTED_ON_INTERFACE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
