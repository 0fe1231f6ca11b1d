"""The operation whose plans explode: a wide interface that refers to itself, asked very deeply.

In: a depth. Out: the world and the operation; run as a program over several depths, each outcome
of planning with its seconds of the processor and the peak of memory so far, a line of JSON each.
"""

from __future__ import annotations

import functools
import json
import resource
import sys
import time

from gateway.errors import PlanBudgetExceeded
from tests.testkit.graph_world import GraphWorld

__all__ = ["deep_operation", "wide_world"]


@functools.cache
def wide_world(members: int = 200) -> GraphWorld:
    """An interface that refers to itself, with so many implementers in 10 subgraphs."""

    def sdl(number: int) -> str:
        knows_interface = number % 2 == 0
        root = "type Query { n: N ns: [N] } " if number == 0 else ""
        interface = "interface N { id: ID! self: N other: N f: Int } " if knows_interface else ""
        return root + interface + " ".join(member(number, i) for i in range(members))

    def member(number: int, i: int) -> str:
        own = f"g{number}_{i}: Int"
        if number % 2:
            return f'type T{i} @key(fields: "id") {{ id: ID! {own} }}'
        external = "@external" if number or i % 7 == 0 else "@shareable"
        if external == "@external" and number == 2:
            external = "@shareable"
        return (
            f'type T{i} implements N @key(fields: "id") {{ id: ID! self: N @shareable '
            f"other: N @shareable f: Int {external} {own} }}"
        )

    return GraphWorld(**{f"s{number}": sdl(number) for number in range(10)})


def deep_operation(depth: int) -> str:
    """Select the interface's own field again and again."""
    text = "f"
    for i in range(depth):
        text = f"f self {{ {text} ... on T{i} {{ g3_{i} other {{ f }} }} }} other {{ f }}"
    return f"{{ ns {{ {text} }} }}"


def _measure(depth: int) -> dict[str, object]:
    here, text, outcome = wide_world(), deep_operation(depth), "planned"
    began = time.process_time()
    try:
        here.plan(text)
    except PlanBudgetExceeded as refused:
        outcome = refused.code
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"outcome": outcome, "seconds": seconds, "megabytes": peak}


if __name__ == "__main__":
    for each in sys.argv[1:]:
        print(json.dumps(_measure(int(each))))
