"""TYPE_KIND_MISMATCH: A type is of one kind in all subgraphs."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "object and interface",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T { x: Int }
            """,
            "b": FED2
            + """
            type Query { u: T }
            union T = U
            type U { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @shareable { x: Int }
            """,
            "b": FED2
            + """
            type Query { u: T }
            type T @shareable { x: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "TYPE_KIND_MISMATCH")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
