"""UNKNOWN_FEDERATION_LINK_VERSION: A linked version of the federation specification is known."""

from __future__ import annotations

import pytest

from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "from the future",
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.999")
            type Query { x: Int }
            """,
        },
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")
            type Query { x: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "UNKNOWN_FEDERATION_LINK_VERSION")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
