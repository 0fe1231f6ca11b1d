"""ROOT_MUTATION_USED: The name Mutation belongs to the mutation type."""

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
            schema { query: Q mutation: Other }
            type Q { y: Int }
            type Other { x: Int }
            type Mutation { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            schema { query: Q mutation: Other }
            type Q { y: Int }
            type Other { x: Int }
            type Another { x: Int }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "ROOT_MUTATION_USED")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
