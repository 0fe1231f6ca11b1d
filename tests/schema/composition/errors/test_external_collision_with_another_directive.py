"""EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE: an external field provides nothing."""

from __future__ import annotations

import pytest

from tests.testkit.composing import FED2
from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

OTHER = FED2 + (
    'type T @key(fields: "id") { id: ID! u: U } type U @key(fields: "id") { id: ID! n: Int }'
)


def asking(directive: str) -> str:
    """Give a subgraph that requires ``T.u``, which it does not resolve."""
    return FED2 + (
        "type Query { t: T }"
        f' type T @key(fields: "id") {{ id: ID! u: U @external {directive}'
        ' m: Int @requires(fields: "u { id }") }'
        ' type U @key(fields: "id") { id: ID! }'
    )


CASES = [
    CompositionCase(
        "provides",
        {"a": asking('@provides(fields: "id")'), "b": OTHER},
        {"a": asking(""), "b": OTHER},
        also=("PROVIDES_FIELDS_MISSING_EXTERNAL",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
