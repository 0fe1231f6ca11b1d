"""`python -m demo bsre`: the certificate authority in the foreground."""

import argparse

from demo.bsre.app import build
from demo.commands.options import add_world_options, find_world, world_spec
from demo.server import serve

__all__ = ["add_options", "run"]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_world_options(parser)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    prefix = find_world(options).name.split("-")[1] if options.world else world_spec(options).prefix
    serve(lambda folder: build(folder, prefix, port=options.port))
    return 0
