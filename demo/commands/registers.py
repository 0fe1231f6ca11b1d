"""`python -m demo registers`: the folder of the kelurahan registers; files need no server."""

import argparse

from demo.commands.options import add_world_options, find_world
from demo.faults.files import restore_all

__all__ = ["add_options", "run"]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_world_options(parser)


def run(options: argparse.Namespace) -> int:
    """Make or find the folder, heal what is broken, print it."""
    folder = find_world(options).absolute() / "registers"
    restore_all(folder)
    print(f"READY {folder}", flush=True)
    return 0
