"""The order of a program's fetches, which an execution goes through without looking at the plan.

In: the order of the plan's fetches, and their programs. Out: a ``Schedule``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from gateway.executor.compiled.fetches import FetchProgram
from gateway.executor.compiled.order import Leaf, Order, fetch_of

__all__ = ["Branch", "Schedule", "build_schedule"]

Branch: TypeAlias = "FetchProgram | Schedule"


@dataclass(frozen=True, slots=True)
class Schedule:
    """An ``Order`` of programs."""

    levels: tuple[tuple[Branch, ...], ...]


def build_schedule(order: Order, programs: Mapping[int, FetchProgram]) -> Schedule:
    """Put the programs in their order."""
    return Schedule(
        tuple(tuple(_branch(each, programs) for each in level) for level in order.levels)
    )


def _branch(branch: Leaf | Order, programs: Mapping[int, FetchProgram]) -> Branch:
    if isinstance(branch, Order):
        return build_schedule(branch, programs)
    return programs[fetch_of(branch).id]
