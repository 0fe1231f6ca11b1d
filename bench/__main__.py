"""``make bench``: every scenario, or those named: ``make bench ARGS="executor client"``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from bench.client import CONCURRENT, run_client
from bench.cold import RUNS, run_cold
from bench.edge import run_edge
from bench.executor import run_executor
from bench.guard import run_guard
from bench.large import ENTITIES, run_large
from bench.local_adapters import KEYS, run_local_adapters
from bench.matching import REPORTED, THRESHOLDS, TUNED, run_matching

__all__ = ["SCENARIOS", "main"]


def main() -> None:
    """Run the scenarios named on the command line, or all."""
    wanted = sys.argv[1:] or [*SCENARIOS]
    unknown = [name for name in wanted if name not in SCENARIOS]
    if unknown:
        sys.exit(f"there is no scenario {', '.join(unknown)}; there are {', '.join(SCENARIOS)}")
    for name in wanted:
        SCENARIOS[name]()


def _show_cold() -> None:
    print(f"cold: milliseconds of CPU, the best of {RUNS} runs (the first); times: theirs of ours")
    for cost in run_cold():
        peers = "".join(
            f", {name} {_best_and_first(theirs)}: {min(theirs) / min(cost.ours):.2f} times"
            for name, theirs in cost.theirs.items()
        )
        print(f"  {cost.size!s:<28} {cost.stage:<12} ours {_best_and_first(cost.ours)}{peers}")


def _best_and_first(costs: tuple[float, ...]) -> str:
    return f"{min(costs):.1f} ({costs[0]:.1f})"


def _show_executor() -> None:
    print("executor: microseconds of CPU for a prepared operation, bytes at hand to encoded answer")
    for row in uvloop.run(run_executor()):
        print(
            f"  {row.name:<8} {row.size:>6} B  records {row.compiled:>6.0f}  "
            f"reference {row.reference:>6.0f}  graphql-core {row.peer:>6.0f}: "
            f"{row.peer / row.compiled:.1f} times"
        )


def _show_local() -> None:
    print(f"local: microseconds of CPU for an entity fetch of {KEYS} keys from an adapter")
    for name, cost in asyncio.run(run_local_adapters()):
        print(f"  {name:<24} {cost:>7.0f}")


def _show_client() -> None:
    print(f"client: microseconds of CPU for an HTTP call, {CONCURRENT} at the same time")
    for row in uvloop.run(run_client()):
        print(f"  {row.name:<24} {row.size:>6} B {row.microseconds:>9.1f}")


def _show_guard() -> None:
    print("guard: microseconds of CPU for a call to a source that answers at once")
    for name, cost in uvloop.run(run_guard()):
        print(f"  {name:<24} {cost:>9.1f}")


def _show_edge() -> None:
    print("edge: microseconds of CPU per request of a served gateway, its subgraph at no cost")
    for name, cost in run_edge():
        print(f"  {name:<28} {cost:>7.1f}")


def _show_matching() -> None:
    print("matching: lines of old books linked to residents, by threshold of the score")
    with TemporaryDirectory() as store:
        for title, seeds in (("tuned on", TUNED), ("reported on", REPORTED)):
            found = asyncio.run(run_matching(seeds, Path(store)))
            print(
                f"  {title} seeds {seeds[0]}-{seeds[-1]}: {found.lines} lines, {found.dirty} dirty"
            )
            for threshold in THRESHOLDS:
                print(
                    f"    {threshold:.2f}  precision {found.precision(threshold):.4f}  "
                    f"recall {found.recall(threshold):.4f}  "
                    f"of dirty lines {found.recall_of_dirty(threshold):.4f}"
                )


def _show_large() -> None:
    print(f"large: one answer of {ENTITIES} entities")
    for answer in run_large():
        print(
            f"  {answer.name:<10} {answer.size / 1e6:>5.1f} MB, idle {answer.idle / 1e6:.0f} MB, "
            f"peak + {answer.multiple:.1f} x answer, "
            f"longest wait {answer.longest_wait * 1e3:.0f} ms"
        )


SCENARIOS: dict[str, Callable[[], None]] = {
    "cold": _show_cold,
    "executor": _show_executor,
    "local": _show_local,
    "client": _show_client,
    "guard": _show_guard,
    "edge": _show_edge,
    "large": _show_large,
    "matching": _show_matching,
}


if __name__ == "__main__":
    main()
