"""`python -m demo world`: people, stores and truth, without servers; with progress on stderr."""

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from demo.commands.options import add_world_options, world_spec
from demo.lifeline import hold_lifeline
from demo.people.world import find_or_build

__all__ = ["add_options", "run"]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    add_world_options(parser)


def run(options: argparse.Namespace) -> int:
    """Make or find the world and print its folder."""
    hold_lifeline()
    with _Bars() as bars:
        folder = find_or_build(Path(options.store), world_spec(options), bars.report)
    print(f"READY {folder.absolute()}", flush=True)
    return 0


class _Bars:
    """A bar per stage on a terminal, one line per finished stage elsewhere."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description:>10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self._terminal = sys.stderr.isatty()
        self._progress = Progress(
            *columns, console=Console(file=sys.stderr), disable=not self._terminal
        )
        self._stages: dict[str, TaskID] = {}

    def report(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is."""
        if stage not in self._stages:
            self._stages[stage] = self._progress.add_task(stage, total=total)
        self._progress.update(self._stages[stage], completed=done, total=total)
        if done >= total and not self._terminal:
            print(f"{stage}: {total:,}", file=sys.stderr, flush=True)

    def __enter__(self) -> "_Bars":
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()
