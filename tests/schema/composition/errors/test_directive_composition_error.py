"""DIRECTIVE_COMPOSITION_ERROR: What @composeDirective names can be composed."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "no at sign",
        {
            "a": FED2
            + """
            extend schema @link(url: "https://example.com/own/v1.0", import: ["@own"])
                @composeDirective(name: "own")
            directive @own on OBJECT
            type Query { x: Int }
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
        },
    ),
    CompositionCase(
        "not linked",
        {
            "a": FED2
            + """
            extend schema @composeDirective(name: "@own")
            directive @own on OBJECT
            type Query { x: Int }
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
        },
    ),
    CompositionCase(
        "different major versions",
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
            extend schema @link(url: "https://example.com/own/v2.0", import: ["@own"])
                @composeDirective(name: "@own")
            directive @own on OBJECT
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
            extend schema @link(url: "https://example.com/own/v1.1", import: ["@own"])
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
    assert_refused(case, "DIRECTIVE_COMPOSITION_ERROR")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
