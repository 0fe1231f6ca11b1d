"""``make load``: the arguments of both loads, an outage's and a season's.

In: the command line. Out: what was measured, as a table on stdout; for a mistake in the arguments
what is wrong, and status 2.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from bench.outage import run_outage
from bench.season import run_season

__all__ = ["main", "read_arguments"]


def main() -> None:
    """Run what the command line asks for."""
    options = read_arguments(sys.argv[1:])
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        sys.exit("make load needs two cores: one for the gateway, one for sources and load")
    split = ({cores[0]}, {cores[1]})
    if options.season:
        run_season(options.seconds, options.rate, options.seed, split)
    else:
        run_outage(options.seconds, options.rate, split)


def read_arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read the arguments; a mistake ends the program with status 2 and says what is wrong."""
    parser = argparse.ArgumentParser(
        prog="make load ARGS=", description="The gateway under load; without --season, an outage."
    )
    parser.add_argument("--season", action="store_true", help="the counter's season instead")
    parser.add_argument("--seconds", type=_positive, default=60.0, help="of a phase (60)")
    parser.add_argument("--rate", type=_positive, default=200.0, help="operations a second (200)")
    parser.add_argument("--seed", type=int, help="of who applies when, with --season (1)")
    options = parser.parse_args(given)
    if options.seed is not None and not options.season:
        parser.error("argument --seed: only a season is drawn: add --season")
    if options.seed is None:
        options.seed = 1
    return options


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError("not a positive number")
    return value


if __name__ == "__main__":
    main()
