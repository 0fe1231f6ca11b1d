"""SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES.

Subgraphs that share a field of abstract type know a common runtime type.
"""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "disjoint",
        {
            "a": FED2
            + """
            type Query { u: U @shareable }
            union U = A
            type A { x: Int }
            """,
            "b": FED2
            + """
            type Query { u: U @shareable }
            union U = B
            type B { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { u: U @shareable }
            union U = A
            type A @shareable { x: Int }
            """,
            "b": FED2
            + """
            type Query { u: U @shareable }
            union U = A | B
            type A @shareable { x: Int }
            type B { x: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
