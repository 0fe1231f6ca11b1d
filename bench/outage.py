"""``make load``: what one slow and one stopped source cost those who do not need them.

In: seconds of each of three phases, operations a second. Out: a
table on stdout, and nothing else. A gateway over five sources of 50 ms has one core; the sources
and the load have the other. All is well; then one source takes 10 s and one is stopped; then all is
well again. Last: how many operations a second the gateway can answer at all.

The load is open: an operation is due at its time whether or not earlier ones were answered, and its
latency is counted from when it was due, so a gateway that stalls cannot hide it by being asked
less. Every operation is different, so none is answered from another's flight.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import uvloop

from bench.agencies import NAMES, SECONDS
from bench.callers import Callers
from bench.quantile import quantile

__all__ = ["run_outage"]

SLOW, STOPPED = NAMES[:2]
_SLOW_SECONDS = 10.0
_CROWD = 128  # callers at the same time, of which each asks again when it is answered
_SETTLED = 2.0  # seconds after the sources are well again, in which breakers let a first call pass
_numbers = count()


def run_outage(seconds: float, rate: float, cores: Sequence[set[int]]) -> None:
    """Run the phases and print the table; ``cores``: the gateway's, and everything else's."""
    ours, theirs = cores
    os.sched_setaffinity(0, theirs)
    with _agencies() as (ports, tell), _gateway(ports, ours) as port:
        uvloop.run(_run(port, tell, seconds, rate))


@dataclass(slots=True)
class Phase:
    """The latencies of one phase in seconds, by source, and how many answers had errors."""

    latencies: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in NAMES})
    errors: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))

    def healthy(self) -> list[float]:
        """Give the latencies of operations that need neither the slow nor the stopped source."""
        return [each for name in NAMES[2:] for each in self.latencies[name]]


async def _run(port: int, tell: _Tell, seconds: float, rate: float) -> None:
    await _drive(port, min(seconds, 5.0), rate)  # connections and prepared operations
    before = await _drive(port, seconds, rate)
    tell(SLOW, str(_SLOW_SECONDS))
    tell(STOPPED, "stop")
    during = await _drive(port, seconds, rate)
    tell(SLOW, str(SECONDS))
    tell(STOPPED, str(SECONDS))
    await asyncio.sleep(_SETTLED)
    after = await _drive(port, seconds, rate)
    saturation = await _saturate(port, min(seconds, 10.0))
    _show({"before": before, "one slow, one stopped": during, "after": after}, saturation, rate)


async def _drive(port: int, seconds: float, rate: float) -> Phase:
    """Send operations at their times, whatever became of earlier ones."""
    phase, callers = Phase(), Callers(port)
    start = time.perf_counter()  # the loop's own clock counts milliseconds
    async with asyncio.TaskGroup() as group:
        for number in range(int(seconds * rate)):
            due = start + number / rate
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            group.create_task(_ask(callers, NAMES[number % len(NAMES)], due, phase))
    callers.close()
    return phase


async def _ask(callers: Callers, name: str, due: float, phase: Phase) -> None:
    _, answer = await callers.send(_operation(name))
    phase.latencies[name].append(time.perf_counter() - due)
    phase.errors[name] += b'"errors"' in answer


async def _saturate(port: int, seconds: float) -> float:
    """Tell how many operations a second are answered to a crowd that always asks."""
    callers = Callers(port)
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds

    async def insist(start: int) -> int:
        answered = 0
        while loop.time() < end:
            await callers.send(_operation(NAMES[(start + answered) % len(NAMES)]))
            answered += 1
        return answered

    answered = await asyncio.gather(*(insist(number) for number in range(_CROWD)))
    callers.close()
    return sum(answered) / seconds


def _operation(name: str) -> bytes:
    """Ask one source's field, differently each time."""
    query = f"query($n: Int!) {{ {name}(n: $n) }}"
    return json.dumps({"query": query, "variables": {"n": next(_numbers)}}).encode()


class _Tell:
    """Tells the sources how to behave, and waits until they do."""

    def __init__(self, stdin: IO[str], stdout: IO[str]) -> None:
        self._stdin, self._stdout = stdin, stdout

    def __call__(self, name: str, told: str) -> None:
        self._stdin.write(f"{name} {told}\n")
        self._stdin.flush()
        self._stdout.readline()


@contextmanager
def _agencies() -> Iterator[tuple[list[int], _Tell]]:
    command = [sys.executable, "-m", "bench.agencies"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            yield [*map(int, child.stdout.readline().split())], _Tell(child.stdin, child.stdout)
        finally:
            child.terminate()


@contextmanager
def _gateway(ports: Sequence[int], cores: set[int]) -> Iterator[int]:
    """Serve as ``simpul serve`` does, on its own core; its log goes nowhere."""
    with TemporaryDirectory() as folder:
        config = Path(folder) / "simpul.yaml"
        subgraphs = {}
        for name, port in zip(NAMES, ports, strict=True):
            (Path(folder) / f"{name}.graphql").write_text(f"type Query {{ {name}(n: Int!): Int }}")
            schema = {"file": f"{name}.graphql"}
            subgraphs[name] = {"routing_url": f"http://127.0.0.1:{port}", "schema": schema}
        config.write_text(json.dumps({"subgraphs": subgraphs, "state_dir": f"{folder}/var"}))
        simpul = Path(sys.executable).with_name("simpul")
        command = [str(simpul), "serve", "--config", str(config), "--port", "0"]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        ) as child:
            assert child.stdout is not None
            try:
                ready = next(line for line in child.stdout if line.startswith("READY"))
                yield int(ready.rpartition(":")[2].partition("/")[0])
            finally:
                child.terminate()


def _show(phases: dict[str, Phase], saturation: float, rate: float) -> None:
    print(f"load: {rate:.0f} operations a second over {len(NAMES)} sources of 50 ms; milliseconds")
    print(f"  {'':<24}{'not needing them':^24}{'slow':^24}{'stopped':^24}")
    print(f"  {'':<24}" + f"{'p50':>8}{'p95':>8}{'errors':>8}" * 3)
    first = phases["before"].healthy()
    for title, phase in phases.items():
        cells = ""
        for names in (NAMES[2:], (SLOW,), (STOPPED,)):
            values = [each for name in names for each in phase.latencies[name]]
            errors = sum(phase.errors[name] for name in names)
            p50, p95 = (quantile(values, share) * 1e3 for share in (0.5, 0.95))
            cells += f"{p50:>8.1f}{p95:>8.1f}{errors:>8}"
        ratios = [quantile(phase.healthy(), s) / quantile(first, s) for s in (0.5, 0.95)]
        print(f"  {title:<24}{cells}   of before: {ratios[0]:.2f}, {ratios[1]:.2f}")
    print(f"  saturated at {saturation:.0f} operations a second")
