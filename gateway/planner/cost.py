"""How much planning may cost, and how two plans are compared.

In: nothing. Out: a budget for one operation, the meter that spends it, and the order of plans:
fewest fetches, then fewest sequential steps, then the smallest selection.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from gateway.errors import PlanBudgetExceeded

__all__ = ["DEFAULT_NODES", "DEFAULT_SECONDS", "Meter", "PlanBudget", "PlanCost"]

# One node is one step tried from one place. The widest operations of real graphs take some ten
# thousand; at about 5 microseconds each, this is reached after two or three seconds on a slow
# core. Doubled, a hostile operation costs twice the time and memory before it is refused.
DEFAULT_NODES = 250_000
DEFAULT_SECONDS = 3.0

_CHECK_CLOCK_EVERY = 256  # reading the clock costs as much as a node


@dataclass(frozen=True, slots=True)
class PlanBudget:
    """What planning of one operation may take."""

    nodes: int = DEFAULT_NODES
    seconds: float = DEFAULT_SECONDS
    clock: Callable[[], float] = time.monotonic
    choices: int = 2_000  # combinations that the search may try before it keeps the best so far


class PlanCost(NamedTuple):
    """Compared in this order; smaller is better."""

    fetches: int
    depth: int
    selections: int


class Meter:
    """Counts the nodes spent for one operation."""

    def __init__(self, budget: PlanBudget) -> None:
        self._budget = budget
        self._deadline = budget.clock() + budget.seconds
        self.spent = 0

    def spend(self) -> None:
        """Count one node.

        Raises:
            PlanBudgetExceeded: when nodes or time are used up.
        """
        self.spent += 1
        if self.spent > self._budget.nodes:
            raise PlanBudgetExceeded(
                f"Planning this operation takes more than {self._budget.nodes} steps; "
                "ask for fewer fields or split the operation."
            )
        if self.spent % _CHECK_CLOCK_EVERY == 0 and self._budget.clock() > self._deadline:
            raise PlanBudgetExceeded(
                f"Planning this operation takes longer than {self._budget.seconds:g} seconds; "
                "ask for fewer fields or split the operation."
            )
