"""LINK_IMPORT_NAME_MISMATCH: A composed directive has one name in all subgraphs."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "two names",
        {
            "a": FED2
            + """
            extend schema @link(url: "https://example.com/own/v1.0", import: ["@own"])
                @composeDirective(name: "@own")
            directive @own on OBJECT
            type Query { x: Int }
            """,
            "b": FED2
            + """
            extend schema @link(url: "https://example.com/own/v1.0", import: [{name: "@own",
                as: "@mine"}]) @composeDirective(name: "@mine")
            directive @mine on OBJECT
            type Query { y: Int }
            """,
        },
        {
            "a": FED2
            + """
            extend schema @link(url: "https://example.com/own/v1.0", import: ["@own"])
                @composeDirective(name: "@own")
            directive @own on OBJECT
            type Query { x: Int }
            """,
            "b": FED2
            + """
            extend schema @link(url: "https://example.com/own/v1.0", import: ["@own"])
                @composeDirective(name: "@own")
            directive @own on OBJECT
            type Query { y: Int }
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
