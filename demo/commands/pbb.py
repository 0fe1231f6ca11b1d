"""`python -m demo pbb`: the land tax service in the foreground."""

import argparse

from demo.commands.options import add_world_options, find_world
from demo.pbb.app import build
from demo.server import serve

__all__ = ["add_options", "run"]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_world_options(parser)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    world = find_world(options)
    serve(lambda folder: build(world, port=options.port))
    return 0
