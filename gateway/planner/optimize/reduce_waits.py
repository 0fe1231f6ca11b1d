"""Drop every wait that another wait implies.

In: a fetch graph. Out: the same graph where a group waits only for those that are not waited for
on its behalf already, so that independent branches are seen as such.
"""

from __future__ import annotations

from gateway.planner.fetch_graph import FetchGraph

__all__ = ["reduce_waits"]


def reduce_waits(graph: FetchGraph) -> bool:
    """Drop implied waits; tell whether there were any."""
    changed = False
    for group in graph.groups.values():
        for parent in tuple(group.parents):
            others = [other for other in group.parents if other != parent]
            if parent in graph.ancestors(others):
                del group.parents[parent]
                changed = True
    return changed
