"""The passes in their order, run until none of them changes anything.

In: a fetch graph as assembled. Out: the same graph with fewer groups and fewer waits.
"""

from __future__ import annotations

from collections.abc import Callable

from gateway.planner.fetch_graph import FetchGraph
from gateway.planner.optimize.merge_levels import merge_levels
from gateway.planner.optimize.reduce_waits import reduce_waits
from gateway.planner.optimize.separate_conflicts import separate_conflicts

__all__ = ["PASSES", "optimize"]

Pass = Callable[[FetchGraph], bool]  # tells whether it changed anything

PASSES: tuple[Pass, ...] = (
    merge_levels,
    reduce_waits,
)


def optimize(graph: FetchGraph) -> FetchGraph:
    """Run the passes to their fix point."""
    changed = True
    while changed:
        changed = False
        for run in PASSES:
            changed = run(graph) or changed
    separate_conflicts(graph)  # last: merging decides which selections meet
    return graph
