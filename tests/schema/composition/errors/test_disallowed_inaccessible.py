"""DISALLOWED_INACCESSIBLE: An argument of a directive is visible."""

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
            directive @own(n: Int @inaccessible) on FIELD
            type Query { x: Int }
            """,
        },
        {
            "a": FED2
            + """
            directive @own(n: Int) on FIELD
            type Query { x: Int }
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
