"""DISALLOWED_INACCESSIBLE: An argument of a composed directive is visible."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "directive argument",
        {
            "a": FED2
            + """
            extend schema @link(url: "https://example.com/own/v1.0", import: ["@own"])
                @composeDirective(name: "@own")
            directive @own(n: Int @inaccessible) on FIELD_DEFINITION
            type Query { x: Int @own }
            """,
        },
        {
            "a": FED2
            + """
            extend schema @link(url: "https://example.com/own/v1.0", import: ["@own"])
                @composeDirective(name: "@own")
            directive @own(n: Int) on FIELD_DEFINITION
            type Query { x: Int @own }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "DISALLOWED_INACCESSIBLE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
