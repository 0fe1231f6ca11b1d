"""Planning in tests: worlds kept as files, and the questions asked of a plan.

In: a golden folder (``world.graphql`` with all subgraphs, ``CASE.graphql``, ``CASE.plan``). Out:
worlds, operations, plans; ``UPDATE_GOLDENS=1`` writes the plans anew.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path

from gateway.plan.nodes import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    QueryPlan,
    SequenceNode,
)
from tests.testkit.graph_world import GraphWorld

__all__ = ["check_golden", "fetches_in", "golden_cases", "golden_world", "steps_of"]

_MARK = "# subgraph: "


def golden_cases(root: Path) -> list[Path]:
    """List the operations of all topics."""
    found = sorted(root.glob("*/*.graphql"))
    return [path for path in found if path.name != "world.graphql"]


@functools.cache
def golden_world(folder: Path) -> GraphWorld:
    """Compose a topic's world, once."""
    text = (folder / "world.graphql").read_text()
    parts = [part.split("\n", 1) for part in text.split(_MARK) if part.strip()]
    return GraphWorld(**{name.strip(): sdl for name, sdl in parts})


def check_golden(case: Path, printed: str) -> None:
    """Compare with the kept plan, or keep it."""
    golden = case.with_suffix(".plan")
    if os.environ.get("UPDATE_GOLDENS") == "1":
        golden.write_text(printed + "\n")
    assert golden.read_text() == printed + "\n"


def fetches_in(plan: QueryPlan) -> list[FetchNode]:
    """List a plan's fetches in document order."""
    return [] if plan.node is None else list(_fetches(plan.node))


def steps_of(plan: QueryPlan) -> int:
    """Count the fetches that must run one after another."""
    return 0 if plan.node is None else _steps(plan.node)


def _fetches(node: PlanNode) -> Iterator[FetchNode]:
    if isinstance(node, FetchNode):
        yield node
        return
    for child in _children(node):
        yield from _fetches(child)


def _steps(node: PlanNode) -> int:
    if isinstance(node, FetchNode):
        return 1
    counts = [_steps(child) for child in _children(node)]
    return sum(counts) if isinstance(node, SequenceNode) else max(counts)


def _children(node: PlanNode) -> tuple[PlanNode, ...]:
    if isinstance(node, SequenceNode | ParallelNode):
        return node.nodes
    if isinstance(node, FlattenNode):
        return (node.node,)
    if isinstance(node, ConditionNode):
        return tuple(child for child in (node.if_clause, node.else_clause) if child is not None)
    return ()
