"""What lies between an operation and its plan, as text and JSON.

In: the ``PlanStages`` of ``planner.plan_stages``. Out: what ``simpul paths`` and
``simpul fetch-graph`` print. If a field is fetched from the wrong subgraph, look at the paths; if
fetches are too many or wait for the wrong ones, look at the fetch graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.planner.fetch_graph import render_fetch_graph
from gateway.planner.graph_path import GraphPath
from gateway.planner.path_tree import render_path_tree
from gateway.planner.planner import PlanStages

__all__ = ["fetch_graph_to_json", "paths_to_json", "render_fetch_graphs", "render_paths"]


def render_paths(stages: Sequence[PlanStages]) -> str:
    """Print every leaf with its candidates, the chosen one marked, and the tree of the chosen."""
    parts: list[str] = []
    for stage in stages:
        chosen = _chosen(stage)
        for leaf in stage.candidates:
            parts.append(f"{'.'.join(leaf.path)} ({leaf.coordinate})")
            parts.extend(
                f"  {'*' if id(path) in chosen else ' '} {_fetches(path)}: {path}"
                for path in leaf.paths
            )
        parts.extend(["", render_path_tree(stage.tree)])
    return "\n".join(parts)


def paths_to_json(stages: Sequence[PlanStages]) -> list[dict[str, Any]]:
    """Give every leaf with its candidates."""
    return [
        {
            "path": list(leaf.path),
            "coordinate": leaf.coordinate,
            "candidates": [
                {
                    "path": str(path),
                    "fetches": path.needs.bit_count(),
                    "chosen": id(path) in _chosen(stage),
                }
                for path in leaf.paths
            ],
        }
        for stage in stages
        for leaf in stage.candidates
    ]


def render_fetch_graphs(stages: Sequence[PlanStages]) -> str:
    """Print the fetch groups, one block per group."""
    return "\n\n".join(render_fetch_graph(stage.fetch_graph) for stage in stages)


def fetch_graph_to_json(stages: Sequence[PlanStages]) -> list[list[dict[str, Any]]]:
    """Give the fetch groups of a query, or of each run of a mutation."""
    return [stage.fetch_graph.to_json() for stage in stages]


def _chosen(stage: PlanStages) -> set[int]:
    return {id(path) for path in stage.tree.leaves()}


def _fetches(path: GraphPath) -> str:
    count = path.needs.bit_count()
    return f"{count} fetch" + ("" if count == 1 else "es")
