"""INVALID_SUBGRAPH_NAME: A subgraph has a name of its own that is not reserved."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "reserved",
        {
            "_": FED2 + """type Query { x: Int }""",
        },
        {
            "a": FED2 + """type Query { x: Int }""",
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "INVALID_SUBGRAPH_NAME")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
