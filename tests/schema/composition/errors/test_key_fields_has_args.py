"""KEY_FIELDS_HAS_ARGS: A @key includes no field with arguments."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

CASES = [
    CompositionCase(
        "argument",
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id(format: String): ID! }
            """,
        },
        {
            "a": FED2
            + """
            type Query { t: T }
            type T @key(fields: "id") { id: ID! }
            """,
        },
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "KEY_FIELDS_HAS_ARGS")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
