"""A sample of random worlds beside the reference implementations: for `make oracle` only.

Not named as a test, so that `make test` needs no foreign implementation to be installed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from schema.composition.composer import compose
from tests.oracle.compare_composition import compare
from tests.oracle.reference import Reference
from tests.oracle.reference_runs import compare_compositions, compare_plans, load_foreign
from tests.testkit.written_cases import read_cases

CASES = Path(__file__).parents[1] / "schema" / "composition" / "cases"
# One reference says INVALID_GRAPHQL, the other both codes: the version is what is wrong.
OPPOSED = ("links: a first version of federation",)

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.slow,
    pytest.mark.needs_node,
    pytest.mark.skipif(
        not Reference.is_installed(), reason="the references are not installed (npm ci)"
    ),
]


@pytest.fixture(scope="module")
def reference() -> Iterator[Reference]:
    """Run the references once."""
    with Reference() as running:
        yield running


def test_composition_agrees_with_a_reference(reference: Reference) -> None:
    """Right worlds and wrong ones are judged as a reference judges them, with the same codes."""
    sums: Counter[str] = Counter()
    assert list(compare_compositions(range(30), reference, sums)) == []
    assert sums["accepted"] > 0
    assert sums["refused"] > 0


def test_written_cases_are_judged_as_a_reference_judges_them(reference: Reference) -> None:
    """No verdict and no set of codes that both references oppose; their crashes are no verdict."""
    opposed = [
        str(case)
        for case in read_cases(CASES)
        if (compared := compare(case.subgraphs, reference)).verdict_differs
        or compared.codes_differ
        or compared.api_differs
    ]
    assert opposed == [*OPPOSED]


def test_hints_are_those_of_the_reference(reference: Reference) -> None:
    """For every written set that both accept; one more where ours says it in other words."""
    differing = []
    for case in read_cases(CASES):
        ours, theirs = compose(case.subgraphs), reference.compose(case.subgraphs)["apollo"]
        if ours.supergraph is None or theirs.api is None:
            continue
        if {hint.code for hint in ours.hints} != set(theirs.hints):
            differing.append(str(case))
    # An enum that is used nowhere is told once, and not of each of its values again.
    assert differing == ["merge: an enum that nothing uses"]


def test_supergraphs_of_both_references_load(reference: Reference) -> None:
    """They give our API schema, and are the same when they are written and read again."""
    sums: Counter[str] = Counter()
    assert list(load_foreign(range(40), reference, sums)) == []
    assert sums["loaded from apollo"] > 20
    assert sums["loaded from guild"] > 20


def test_plans_take_no_more_fetches_than_the_native_planner(reference: Reference) -> None:
    """Over all operations together; single ones may differ where the reference's plan is wrong."""
    sums: Counter[str] = Counter()
    list(compare_plans(range(12), 4, reference, sums))
    assert 0 < sums["fetches"] <= sums["fetches of the reference"]
