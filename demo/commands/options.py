"""Options that several commands share: which world, and where it lies.

In: parsed arguments. Out: the folder of the world, made first when it does not exist.
"""

import argparse
from datetime import date
from pathlib import Path

from demo.clock import TODAY
from demo.people.spec import DEFAULT_RESIDENTS, WorldSpec, require_world

__all__ = ["add_world_options", "find_world", "world_spec"]


def add_world_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which world."""
    parser.add_argument(
        "--store", default="var/demo", help="the folder under which worlds lie (%(default)s)"
    )
    parser.add_argument(
        "--residents", type=int, default=DEFAULT_RESIDENTS, help="how many people (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed, other people")
    parser.add_argument("--area", default="", help="populate this code, such as 31.71.02")
    parser.add_argument("--today", default=TODAY.isoformat(), help="the day (%(default)s)")
    parser.add_argument("--world", default="", help="a world's folder; the options above rest")


def world_spec(options: argparse.Namespace) -> WorldSpec:
    """Read the parameters of the world."""
    today = date.fromisoformat(options.today)
    return WorldSpec(options.residents, options.seed, today, options.area)


def find_world(options: argparse.Namespace) -> Path:
    """Find or make the world that the options name."""
    if options.world:
        return Path(options.world)
    return require_world(Path(options.store), world_spec(options))
