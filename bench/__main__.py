"""``make bench``: every scenario, or those named: ``make bench ARGS=warm``."""

from __future__ import annotations

import asyncio
import sys

import uvloop

from bench.client import CONCURRENT, run_client
from bench.cold import run_cold
from bench.local_adapters import KEYS, run_local_adapters
from bench.warm import run_warm

__all__ = ["main"]


def main() -> None:
    """Run the scenarios named on the command line, or all."""
    wanted = sys.argv[1:] or ["cold", "warm", "local", "client"]
    if "cold" in wanted:
        print("cold: milliseconds of CPU for an operation that was never seen")
        for name, stages in run_cold():
            shown = ", ".join(f"{stage} {cost:.2f}" for stage, cost in stages.items())
            print(f"  {name:<8} {shown}")
    if "warm" in wanted:
        print("warm: microseconds of CPU for a prepared operation; 1,000 products in 20 shops")
        for name, ours, peer in asyncio.run(run_warm()):
            print(
                f"  {name:<8} ours {ours:>9.0f}, graphql-core over one object graph "
                f"{peer:>9.0f}: {peer / ours:.1f} times"
            )
    if "local" in wanted:
        print(f"local: microseconds of CPU for an entity fetch of {KEYS} keys from an adapter")
        for name, cost in asyncio.run(run_local_adapters()):
            print(f"  {name:<24} {cost:>7.0f}")
    if "client" in wanted:
        print(f"client: microseconds of CPU for an HTTP call, {CONCURRENT} at the same time")
        for row in uvloop.run(run_client()):
            print(f"  {row.name:<24} {row.size:>6} B {row.microseconds:>9.1f}")


if __name__ == "__main__":
    main()
