"""Choose one candidate per leaf, so that all together need the fewest fetches.

In: leaves with their candidates. Out: one path per leaf, in the same order.

The price of a choice is the number of bits of the union of its fetches, then its sequential steps.
It only grows as leaves are added, which gives two rules. A leaf with a candidate whose fetches are
all taken already is decided at once, without loss: whatever else it took, it could be exchanged
for this. For the others it is branch and bound: the leaf with the fewest candidates is tried with
each of them, the cheapest addition first, and a branch that is no better than the best so far is
left. The first descent is the greedy choice, so that stopping early (``budget.choices``) still
gives a plan, if not always the smallest.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.planner.graph_path import FetchTable, GraphPath
from gateway.planner.walk import LeafCandidates

__all__ = ["choose_best"]


def choose_best(
    leaves: list[LeafCandidates], fetches: FetchTable, choices: int
) -> tuple[GraphPath, ...]:
    """Choose a path for every leaf."""
    search = _Search(fetches, choices)
    search.descend(_Choice(0), _distinct(leaves))
    return tuple(_cheapest(leaf, search.best_needs, fetches) for leaf in leaves)


@dataclass(frozen=True, slots=True)
class _Choice:
    needs: int


@dataclass(slots=True)
class _Search:
    fetches: FetchTable
    choices: int
    best: tuple[int, int] | None = None
    best_needs: int = field(default=0)

    def descend(self, choice: _Choice, leaves: list[tuple[int, ...]]) -> None:
        """Decide all leaves, each a tuple of its candidates' fetches."""
        needs, open_leaves = _take_forced(choice.needs, leaves)
        if self.best is not None and self._price(needs, len(open_leaves)) >= self.best:
            return
        if not open_leaves:
            self.best, self.best_needs = self._price(needs, 0), needs
            return
        leaf = min(open_leaves, key=len)
        for candidate in sorted(leaf, key=lambda c: self._price(needs | c, 0)):
            if self.best is not None and self.choices <= 0:
                return
            self.choices -= 1
            self.descend(_Choice(needs | candidate), open_leaves)

    def _price(self, needs: int, still_open: int) -> tuple[int, int]:
        return needs.bit_count() + bool(still_open), self.fetches.depth(needs)


def _distinct(leaves: list[LeafCandidates]) -> list[tuple[int, ...]]:
    return list(dict.fromkeys(tuple(path.needs for path in leaf.paths) for leaf in leaves))


def _take_forced(needs: int, leaves: list[tuple[int, ...]]) -> tuple[int, list[tuple[int, ...]]]:
    """Take what leaves no choice, until nothing changes."""
    while True:
        open_leaves = [leaf for leaf in leaves if all(c & ~needs for c in leaf)]
        forced = [leaf[0] for leaf in open_leaves if len(leaf) == 1]
        if not forced:
            return needs, open_leaves
        for candidate in forced:
            needs |= candidate
        leaves = open_leaves


def _cheapest(leaf: LeafCandidates, needs: int, fetches: FetchTable) -> GraphPath:
    """Give the candidate within the chosen fetches; the earliest of them, then the shortest."""
    within = [path for path in leaf.paths if not path.needs & ~needs]
    return min(within, key=lambda path: (fetches.depth(path.needs), len(path.steps())))
