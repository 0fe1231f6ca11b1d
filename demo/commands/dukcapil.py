"""`python -m demo dukcapil`: the civil registry in the foreground."""

import argparse

from demo.commands.options import add_world_options, find_world
from demo.dukcapil.app import build
from demo.server import serve

__all__ = ["add_options", "run"]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_world_options(parser)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--verify-port", type=int, default=0, help="for CALL_VERIFY_BY_ELEMEN")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    world = find_world(options)
    ports = {"port": options.port, "verify_port": options.verify_port}
    serve(lambda folder: build(folder, world, **ports))
    return 0
