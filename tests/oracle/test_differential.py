"""A sample of random worlds: Simpul answers as one server that has everything would."""

from __future__ import annotations

import pytest

from tests.oracle.chance import Chance
from tests.oracle.faults import check_with_fault
from tests.oracle.growth import grow_world
from tests.oracle.random_operation import random_operation
from tests.oracle.trial import NotComposed, Trial

SEEDS = 40  # of the thousands that `make oracle` tries
OPERATIONS = 3
MOST_REFUSED = 0.25  # some spread value types cannot be reached from everywhere

pytestmark = [pytest.mark.oracle, pytest.mark.slow]


def composed(seeds: range) -> list[tuple[int, Trial]]:
    """Give the worlds that compose; too many that do not are a fault of ours."""
    found: list[tuple[int, Trial]] = []
    codes: set[str] = set()
    for seed in seeds:
        try:
            found.append((seed, Trial(grow_world(seed))))
        except NotComposed as refused:
            codes.update(refused.codes)
    assert codes <= {"SATISFIABILITY_ERROR"}
    assert len(found) >= len(seeds) * (1 - MOST_REFUSED)
    return found


@pytest.mark.parametrize("start", range(0, SEEDS, 20))
def test_answers_are_the_truth(start: int) -> None:
    """Data, order and nulls are the monolith's, and no subgraph is asked what it may not be."""
    answered = 0
    for seed, trial in composed(range(start, start + 20)):
        for number in range(OPERATIONS):
            operation = random_operation(trial.api, seed * 1_000 + number)
            if operation is None:
                continue
            found = trial.check(operation)
            assert found is None, f"seed {seed} operation {number}\n{found}"
            found = check_with_fault(trial, operation, Chance(seed + number))
            assert found is None, f"seed {seed} operation {number}, one fetch fails\n{found}"
            answered += 1
    assert answered > 20


def test_a_wrong_answer_is_found() -> None:
    """The comparison can fail: subgraphs whose every value is null do not give the truth."""
    seed, trial = composed(range(1))[0]
    for subgraph in trial.subgraphs.values():
        subgraph.lies = True
    operations = [random_operation(trial.api, seed * 1_000 + number) for number in range(5)]
    assert any(each is not None and trial.check(each) is not None for each in operations)
