"""Where a request's time goes: microseconds of the gateway's CPU by part, and a flame graph.

In: the operations of the public benchmark, at 50 connections. Out: per operation the CPU time of a
request (by the process's own account) divided by the samples of each part, and the folded stacks.
A sample counts for the innermost frame that belongs to a part; what the event loop does itself,
reading and writing sockets, has no frame of ours and is a part of its own.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.federated import serving_gateway
from bench.flame import draw_flame, read_folded
from bench.load import cpu_seconds
from bench.review_server import serving_reviews
from bench.reviews import OPERATIONS
from bench.sampler import START
from bench.wrk import run_wrk

__all__ = ["FLAMES", "PARTS", "Profile", "part_of", "run_profile"]

FLAMES = Path(__file__).parents[1] / "docs" / "benchmarks"
_CONNECTIONS = 50
_SECONDS = 5
PARTS: dict[str, tuple[str, ...]] = {
    # ``finish`` is generated: it encodes what stands in an answer many times.
    "encode": ("gateway.server.graphql_http._encode", "?.finish"),
    "decode": (
        "gateway.executor.compiled.records.decode",
        "gateway.executor.compiled.records.load",
        "gateway.executor.compiled.ranges.decode",
        "adapters.remote.wire.read",
    ),
    "project": ("gateway.executor.compiled.steps.answer",),
    "merge": ("?.", "gateway.executor."),  # generated functions have no module
    "client": ("adapters.", "asyncio."),
    "pipeline": ("gateway.pipeline.", "gateway.operation.", "gateway.snapshot."),
    "edge": ("gateway.",),
    "event loop and kernel": ("",),
}
"""Part -> how the names of its functions begin; the first that fits."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One operation's profile."""

    name: str
    microseconds: float  # of CPU per request
    parts: dict[str, float]  # microseconds by part
    svg: str


def run_profile(names: Sequence[str] = ("heavy", "simple")) -> Iterator[Profile]:
    """Profile each operation in a gateway of its own."""
    with serving_reviews() as base, TemporaryDirectory() as folder:
        for name in names:
            folded = Path(folder, name)
            microseconds = _load(base, folded, name)
            stacks = folded.read_text()
            yield Profile(
                name,
                microseconds,
                {part: share * microseconds for part, share in _shares(stacks).items()},
                draw_flame(stacks, f"{name}: {microseconds:.0f} us of CPU a request"),
            )


def part_of(stack: Sequence[str]) -> str:
    """Name the part that a sample counts for."""
    for frame in reversed(stack):
        for part, prefixes in PARTS.items():
            if part != "event loop and kernel" and frame.startswith(prefixes):
                return part if frame not in _OUTERMOST else "event loop and kernel"
    return "event loop and kernel"


_OUTERMOST = frozenset(
    {"gateway.app.run_forever", "asyncio.runners.run", "asyncio.runners.__enter__"}
)


def _load(base: str, folded: Path, name: str) -> float:
    """Send load while the gateway is sampled; gives microseconds of CPU per request."""
    body = [msgspec.json.encode({"query": OPERATIONS[name]})]
    with serving_gateway(base, folded) as (address, pid):
        url = f"http://{address}/graphql"
        run_wrk(url, body, _CONNECTIONS, 2)
        os.kill(pid, START)
        before = cpu_seconds(pid)
        answered = run_wrk(url, body, _CONNECTIONS, _SECONDS).answered
        return (cpu_seconds(pid) - before) / answered * 1e6


def _shares(folded: str) -> dict[str, float]:
    seen: Counter[str] = Counter()
    for stack, count in read_folded(folded):
        seen[part_of(stack)] += count
    return {part: seen[part] / seen.total() for part in PARTS}
