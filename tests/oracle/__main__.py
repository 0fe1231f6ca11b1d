"""``python -m tests.oracle --seeds 2000 [--start N] [--shrink] [--alone] [--plans]``.

In: how many worlds, and from which seed. Out: one report per disagreement, and one table. Ends with
1 if there was any disagreement. Answers are compared with the monolith's, as they are and with one
fetch failing; compositions with those of the references (verdict, codes, API schema), and counts
of fetches with the native planner's. ``--alone`` leaves the references out; they need ``npm ci`` in
``tests/oracle/node``. More fetches than the native planner is a question, not a disagreement, since
nobody asks whether its plan is right: ``--plans`` prints those operations.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator

from tests.oracle.chance import Chance
from tests.oracle.faults import check_with_fault
from tests.oracle.growth import grow_world
from tests.oracle.random_operation import RandomOperation, random_operation
from tests.oracle.reference import Reference
from tests.oracle.reference_runs import compare_compositions, compare_plans
from tests.oracle.sdl import print_subgraph
from tests.oracle.shrink import shrink
from tests.oracle.table import render_table
from tests.oracle.trial import Disagreement, NotComposed, Trial

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Run the worlds asked for."""
    options = _read(arguments)
    sums: Counter[str] = Counter()
    began = time.monotonic()
    for report in _reports(options, sums):
        sums["disagreements"] += 1
        print(f"=== {report}\n", flush=True)
        if sums["disagreements"] >= options.stop_after:
            break
    sums["seconds"] = round(time.monotonic() - began)
    print(render_table(sums))
    return 1 if sums["disagreements"] else 0


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle")
    parser.add_argument("--seeds", type=int, default=2_000, help="how many worlds")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--operations", type=int, default=6, help="operations per world")
    parser.add_argument("--stop-after", type=int, default=1_000_000, help="disagreements")
    parser.add_argument("--shrink", action="store_true", help="make each operation small")
    parser.add_argument("--alone", action="store_true", help="leave the references out")
    parser.add_argument("--plans", action="store_true", help="print who takes more fetches")
    parser.add_argument("--show", action="store_true", help="print the subgraphs")
    parser.add_argument("--refused", action="store_true", help="print why worlds do not compose")
    return parser.parse_args(arguments)


def _reports(options: argparse.Namespace, sums: Counter[str]) -> Iterator[str]:
    seeds = range(options.start, options.start + options.seeds)
    if options.alone:
        for seed in seeds:
            yield from _answers(seed, options, sums)
        return
    with Reference() as reference:
        for seed in seeds:
            yield from _answers(seed, options, sums)
            yield from compare_compositions([seed], reference, sums)
            for slower in compare_plans([seed], options.operations, reference, sums):
                sums["plans with more fetches"] += 1
                if options.plans:
                    print(slower)


def _answers(seed: int, options: argparse.Namespace, sums: Counter[str]) -> Iterator[str]:
    for number, found in _run_world(seed, options, sums):
        yield f"seed {seed} operation {number}\n{found}"


def _run_world(
    seed: int, options: argparse.Namespace, sums: Counter[str]
) -> Iterator[tuple[int, Disagreement]]:
    world = grow_world(seed)
    if options.show:
        for name in world.subgraphs:
            print(f"# subgraph: {name}\n{print_subgraph(world, name)}")
    try:
        trial = Trial(world)
    except NotComposed as refused:
        sums["not composed"] += 1
        for code in refused.codes:
            sums[code] += 1
        if options.refused:
            print(f"--- seed {seed} is refused\n{refused}\n")
        return
    sums["worlds"] += 1
    yield from _ask_world(trial, seed, options, sums)
    sums["executions"] += trial.executions


def _ask_world(
    trial: Trial, seed: int, options: argparse.Namespace, sums: Counter[str]
) -> Iterator[tuple[int, Disagreement]]:
    for number in range(options.operations):
        operation = random_operation(trial.api, seed * 1_000 + number)
        if operation is None:
            continue
        sums["operations"] += 1
        found = trial.check(operation)
        if found is not None:
            yield number, _shrunk(found, trial) if options.shrink else found
            continue
        found = check_with_fault(trial, operation, Chance(seed + number))
        if found is not None:
            sums["with a failed fetch"] += 1
            yield number, found


def _shrunk(found: Disagreement, trial: Trial) -> Disagreement:
    def still_disagrees(operation: RandomOperation) -> bool:
        again = trial.check(operation)
        return again is not None and again.reason == found.reason

    return trial.check(shrink(found.operation, trial.api, still_disagrees)) or found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
