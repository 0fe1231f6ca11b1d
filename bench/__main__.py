"""``python -m bench [NAME ...]``, or ``make bench ARGS=NAME``: the scenarios named, or all."""

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
from bench.federated import LoadRow, run_connections, run_delay, run_throughput
from bench.guard import run_guard
from bench.large import ENTITIES, run_large
from bench.legacy import run_legacy
from bench.letters import LETTERS, run_letters
from bench.local_adapters import KEYS, run_local_adapters
from bench.matching import REPORTED, THRESHOLDS, TUNED, run_matching
from bench.profile import FLAMES, run_profile

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


def _show_federated() -> None:
    print("federated: over HTTP subgraphs, of few entities, of 5,000, and as texts never seen")
    for row in run_throughput():
        _print_load(row)


def _show_connections() -> None:
    print("connections: waiting times, by connections and by what each subgraph takes")
    for row in run_connections():
        _print_load(row)


def _print_load(row: LoadRow) -> None:
    print(
        f"  {row.name:<16} {row.delay:>3} ms {row.connections:>4} connections "
        f"{row.per_cpu_second:>7.0f} a CPU second  "
        f"p50 {row.loaded.p50:>6.1f} ms  p99 {row.loaded.p99:>6.1f} ms",
        flush=True,
    )


def _show_delay() -> None:
    print("delay: milliseconds above the subgraphs' own, which take 10 each; 10 connections")
    for row in run_delay():
        print(
            f"  {row.name:<8} p50 {row.p50:>5.1f}, "
            f"{row.levels} levels x {row.direct:.1f} directly: {row.added:.1f} above",
            flush=True,
        )


def _show_legacy() -> None:
    print("legacy: the gateway's CPU for one operation over the demonstration's systems")
    for row in run_legacy():
        print(
            f"  {row.name:<32} {row.size:>7} B {row.microseconds:>8.0f} us, "
            f"answered in {row.milliseconds:.0f} ms",
            flush=True,
        )


def _show_letters() -> None:
    print(f"letters: milliseconds of the gateway's CPU for one letter, the mean of {LETTERS}")
    for row in run_letters():
        print(
            f"  {row.service:<12} signed {row.signed:>5.1f}, issued {row.issued:>5.1f}: "
            f"{row.signed + row.issued:>5.1f}",
            flush=True,
        )


def _show_profile() -> None:
    print("profile: microseconds of the gateway's CPU per request, by part")
    for profile in run_profile():
        print(f"  {profile.name}: {profile.microseconds:.0f}")
        for part, cost in profile.parts.items():
            print(f"    {part:<24} {cost:>6.0f}")
        (FLAMES / f"{profile.name}.svg").write_text(profile.svg)


SCENARIOS: dict[str, Callable[[], None]] = {
    "cold": _show_cold,
    "executor": _show_executor,
    "local": _show_local,
    "client": _show_client,
    "guard": _show_guard,
    "edge": _show_edge,
    "federated": _show_federated,
    "connections": _show_connections,
    "delay": _show_delay,
    "profile": _show_profile,
    "legacy": _show_legacy,
    "letters": _show_letters,
    "large": _show_large,
    "matching": _show_matching,
}


if __name__ == "__main__":
    main()
