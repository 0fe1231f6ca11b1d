"""LINK_IMPORT_NAME_MISMATCH: A merged directive has one name in all subgraphs."""

from __future__ import annotations

import pytest

from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "two names",
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import:
                ["@tag"])
            type Query { x: Int @tag(name: "n") }
            """,
            "b": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import:
                [{name: "@tag", as: "@label"}])
            type Query { y: Int @label(name: "n") }
            """,
        },
        {
            "a": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import:
                [{name: "@tag", as: "@label"}])
            type Query { x: Int @label(name: "n") }
            """,
            "b": """
            extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import:
                [{name: "@tag", as: "@label"}])
            type Query { y: Int @label(name: "n") }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "LINK_IMPORT_NAME_MISMATCH")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
