"""QUERY_ROOT_TYPE_INACCESSIBLE: The query type is visible."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "hidden",
        {
            "a": FED2 + """type Query @inaccessible { x: Int }""",
        },
        {
            "a": FED2 + """type Query { x: Int y: Int @inaccessible }""",
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "QUERY_ROOT_TYPE_INACCESSIBLE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
