"""OVERRIDE_ON_INTERFACE: An @override stands on no field of an interface."""

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
            interface I { x: Int }
            type T implements I { x: Int @shareable }
            """,
            "b": FED2
            + """
            interface I { x: Int @override(from: "a") }
            type U implements I { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { x: Int }
            type T implements I { x: Int @shareable }
            """,
            "b": FED2
            + """
            interface I { x: Int }
            type U implements I { x: Int }
            """,
        },
    ),
    CompositionCase(
        "from itself",
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { x: Int @override(from: "a") }
            type T implements I { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { i: I }
            interface I { x: Int }
            type T implements I { x: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "OVERRIDE_ON_INTERFACE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
