"""Failing fetches: an operation is asked again with one of its requests unanswered.

In: a trial, an operation that was just answered, and chance. Out: what is wrong with the answer
besides the nulls that errors explain.
"""

from __future__ import annotations

from tests.oracle.chance import Chance
from tests.oracle.random_operation import RandomOperation
from tests.oracle.trial import Disagreement, Trial

__all__ = ["check_with_fault"]


def check_with_fault(
    trial: Trial, operation: RandomOperation, chance: Chance
) -> Disagreement | None:
    """Let one request of one subgraph get no answer, and compare what is left."""
    asked = [
        (name, number)
        for name, subgraph in trial.subgraphs.items()
        for number in range(len(subgraph.requests))
    ]
    if not asked:
        return None
    name, number = chance.one(asked)
    return trial.check(operation, {name: frozenset((number,))})
