"""EXTENSION_WITH_NO_BASE: A type that is extended is defined somewhere."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "nowhere",
        {
            "a": FED2
            + """
            extend type Query { t: T }
            extend type T @key(fields: "id") { id: ID! }
            """,
        },
        {
            "a": FED2
            + """
            extend type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "EXTENSION_WITH_NO_BASE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
