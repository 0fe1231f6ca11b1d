"""ROOT_QUERY_USED: The name Query belongs to the query type."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "both",
        {
            "a": FED2
            + """
            schema { query: Other }
            type Other { x: Int }
            type Query { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            schema { query: Other }
            type Other { x: Int }
            type Another { x: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "ROOT_QUERY_USED")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
