"""TYPE_DEFINITION_INVALID: a specified scalar is not defined as something else."""

from __future__ import annotations

import pytest

from tests.testkit.composition_case import CompositionCase, assert_composes, assert_refused

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",'
    ' import: ["@key" "FieldSet"])\n'
)
CASES = [
    CompositionCase(
        "imported",
        {"a": LINK + "type FieldSet { n: Int } type Query { n: Int }"},
        {"a": LINK + "scalar FieldSet type Query { n: Int }"},
    ),
    CompositionCase(
        "prefixed",
        {
            "a": LINK.replace(' "FieldSet"', "")
            + "enum federation__FieldSet { A } type Query { n: Int }"
        },
        {"a": LINK.replace(' "FieldSet"', "") + "type FieldSet { n: Int } type Query { n: Int }"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case: CompositionCase) -> None:
    """The smallest schema that breaks the rule is refused with the code."""
    assert_refused(case, "TYPE_DEFINITION_INVALID")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_valid_schema_composes(case: CompositionCase) -> None:
    """The smallest mend is enough."""
    assert_composes(case)
