"""The order of a program's fetches: the plan, with conditions decided and empty levels dropped.

In: the plan's nodes, the programs of its fetches, one outcome of the conditions. Out: a
``Schedule``, which an execution goes through without looking at the plan again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

from gateway.executor.compiled.fetches import FetchProgram
from gateway.executor.state.plan_fetches import asks_anything
from gateway.plan.nodes import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    SequenceNode,
)

__all__ = ["Branch", "Schedule", "build_schedule"]

Branch: TypeAlias = "FetchProgram | Schedule"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Levels that run one after another.

    The branches of a level run at the same time; where there is only one, it is a fetch.
    """

    levels: tuple[tuple[Branch, ...], ...]


def build_schedule(
    node: PlanNode, programs: Mapping[int, FetchProgram], variables: Mapping[str, Any]
) -> Schedule:
    """Order the fetches below ``node``, which all have a program."""
    return Schedule(tuple(_levels(node, programs, variables)))


def _levels(
    node: PlanNode | None, programs: Mapping[int, FetchProgram], variables: Mapping[str, Any]
) -> list[tuple[Branch, ...]]:
    match node:
        case FetchNode() | FlattenNode():
            fetch = node.node if isinstance(node, FlattenNode) else node
            return [(programs[fetch.id],)] if asks_anything(fetch, variables) else []
        case SequenceNode():
            return [level for each in node.nodes for level in _levels(each, programs, variables)]
        case ParallelNode():
            return _at_once([_levels(each, programs, variables) for each in node.nodes])
        case ConditionNode():
            chosen = node.if_clause if variables.get(node.variable) else node.else_clause
            return _levels(chosen, programs, variables)
        case None:
            return []
        case _:
            assert_never(node)


def _at_once(parts: list[list[tuple[Branch, ...]]]) -> list[tuple[Branch, ...]]:
    """Make one level of parts that run at the same time; a part of one level joins it."""
    parts = [part for part in parts if part]
    if len(parts) == 1:
        return parts[0]
    branches: list[Branch] = []
    for part in parts:
        if len(part) == 1:
            branches.extend(part[0])
        else:
            branches.append(Schedule(tuple(part)))
    return [tuple(branches)] if branches else []
