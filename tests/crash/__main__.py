"""``python -m tests.crash --kills 1000 [--database sqlite postgresql] [--seed N] [--named]``.

In: how many deaths, over which database. Out: a line of progress for each hundred, every fault, and
one summary; ends with 1 if there was any fault. ``--named`` goes through the points in their
order, else each death draws its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.crash.balance import find_faults, read_kept
from tests.crash.counter import Place, warm
from tests.crash.lives import LIVES, Client, new_client, query_of
from tests.crash.points import Death, Point, draw_death
from tests.crash.register import make_register, send_all
from tests.crash.worker import fork_worker, read_told
from tests.testkit.counter_desk import Records
from tests.testkit.letter_authority import LetterAuthority
from tests.testkit.postgres import running_postgres

__all__ = ["main"]

_OPEN = 6  # clients that want something at a time


class Run:
    """One crash run: process after process over one store."""

    def __init__(self, place: Place, random: Random) -> None:
        self.place = place
        self.random = random
        self.clients: list[Client] = []
        self.deaths: Counter[Point] = Counter()
        self.processes = 0

    def kill_once(self, point: Point | None) -> None:
        """Start processes with a death to come, until one dies."""
        while not self._start(draw_death(self.random, point)):
            pass

    def finish(self) -> None:
        """Start one that lives, and lets every client come to its end."""
        self._start(None)
        send_all(self.place.url, self.place.register)
        left = [client.name for client in self.clients if client.move is not None]
        assert not left, f"nobody serves {left}"

    def _start(self, death: Death | None) -> bool:
        """Start a process and hear what it tells; gives whether it was killed."""
        self.processes += 1
        waiting = self._waiting(_OPEN if death else 0)
        by_name = {client.name: client for client in waiting}
        pipe = fork_worker(self.place, waiting, str(self.processes), death)
        for told in read_told(pipe):
            by_name[told.client].hear(told)
        _, status = os.wait()
        if death is not None and os.WIFSIGNALED(status):
            self.deaths[death.point] += 1
            return True
        if status:
            raise SystemExit(f"process {self.processes} failed by itself: {death}")
        return False

    def _waiting(self, wanted: int) -> list[Client]:
        """Give the clients that want something, and new ones until they are enough."""
        waiting = [client for client in self.clients if client.move is not None]
        while len(waiting) < wanted:
            client = new_client(f"c{len(self.clients)}", self.random)
            self.clients.append(client)
            waiting.append(client)
        self.random.shuffle(waiting)
        return waiting


def main(arguments: list[str]) -> int:
    """Run as asked, over one database after the other."""
    options = _read(arguments)
    warm((move.caller, query_of(move)) for moves in LIVES.values() for move in moves)
    faults = [_run(database, options) for database in options.database]
    return 1 if any(faults) else 0


def _run(database: str, options: argparse.Namespace) -> int:
    """Kill, restart and check over one database; gives how many faults there are."""
    began = time.monotonic()
    with _opened(database, options.url) as place:
        make_register(place.register)
        run = Run(place, Random(options.seed))
        points = [*Point]
        for turn in range(options.kills):
            run.kill_once(points[turn % len(points)] if options.named else None)
            if (turn + 1) % 100 == 0:
                print(f"{turn + 1} kills, {time.monotonic() - began:.0f} s", flush=True)
        run.finish()
        kept = read_kept(place)
        faults = find_faults(kept, run.clients)
    print("".join(f"{fault}\n" for fault in faults[:50]), end="")
    print(", ".join(f"{point} {run.deaths[point]}" for point in Point if run.deaths[point]))
    print(
        f"{database}, seed {options.seed}: {sum(run.deaths.values())} kills of"
        f" {run.processes} processes, {len(kept.applications)} applications,"
        f" {sum(map(len, kept.below['surat'].values()))} letters,"
        f" {sum(kept.lines.values())} lines of the register,"
        f" {sum(map(len, kept.history.values()))} entries,"
        f" {sum(len(client.told) for client in run.clients)} answers,"
        f" {len(kept.records)} records, {len(faults)} faults,"
        f" {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return len(faults)


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("--kills", type=int, default=1_000, help="how many deaths")
    kinds = ["sqlite", "postgresql"]
    parser.add_argument("--database", choices=kinds, nargs="+", default=kinds)
    parser.add_argument("--url", help="an empty PostgreSQL database; else a server is started")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--named", action="store_true", help="every point in its turn")
    return parser.parse_args(arguments)


@contextmanager
def _opened(database: str, url: str | None) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="simpul-crash-") as folder:
        state = Path(folder)
        records = Records(LetterAuthority(state))
        if database == "sqlite":
            yield Place(f"sqlite+aiosqlite:///{state}/loket.sqlite", state, records)
        elif url is not None:
            yield Place(url, state, records)
        else:
            with running_postgres() as server:
                yield Place(server.new_database("loket"), state, records)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
