"""Gateways between ``wrk`` and four subgraphs over HTTP: the operations of the public benchmark.

In: nothing. Out, in three tables: requests per CPU second of the gateway, over the benchmark's few
entities, over 5,000 of which each request asks others, and for texts never seen before; waiting
times by connections and by what the subgraphs take; and what the gateway adds to that. Requests
differ in a header that is forwarded: none is merged in flight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.load import cpu_seconds
from bench.review_server import SIZES, serving_reviews
from bench.reviews import OPERATIONS, WINDOW, WINDOWED, build_supergraph
from bench.served import serving
from bench.wrk import UNIQUE_HEADER, Loaded, run_wrk
from gateway.config.model import Config, HeaderSettings, SupergraphSettings
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.plan.nodes import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    PlanNode,
    SequenceNode,
)
from gateway.planner.planner import plan_operation
from schema.query_graph.build import build_query_graph
from schema.supergraph.api_schema import build_api_schema
from schema.supergraph.render import render_supergraph

__all__ = [
    "CONNECTIONS",
    "DELAYS",
    "DelayRow",
    "LoadRow",
    "count_levels",
    "run_connections",
    "run_delay",
    "run_throughput",
    "serving_gateway",
]

CONNECTIONS = (1, 10, 50, 200)
DELAYS = (0, 10, 100)  # milliseconds of each subgraph
_SECONDS = 3
_WARM_UP = 2
_TEXTS = 10_000  # no gateway here reads so many in a load
_DIRECT = b'{"query": "{ topProducts { upc name } }"}'


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One load on one gateway."""

    name: str
    delay: int
    connections: int
    per_cpu_second: float
    loaded: Loaded


@dataclass(frozen=True, slots=True)
class DelayRow:
    """What the gateway adds to its subgraphs' delay; milliseconds."""

    name: str
    levels: int  # fetches that wait for each other
    p50: float
    direct: float  # p50 of one call straight to the subgraphs

    @property
    def added(self) -> float:
        """How much longer the gateway takes than its subgraphs, one after another."""
        return self.p50 - self.levels * self.direct


def run_throughput() -> Iterator[LoadRow]:
    """Measure every operation over few entities, over many, and as one that was never seen."""
    for size, bodies in (("small", _bodies()), ("large", _windowed_bodies())):
        with serving_reviews(0, size) as base, serving_gateway(base) as (address, pid):
            for name, sent in bodies.items():
                yield _load(f"{name}, {size}", (address, pid), sent, 0, 50)
    with serving_reviews() as base, serving_gateway(base) as served:
        for name, sent in _unseen_bodies().items():
            yield _load(f"{name}, unseen", served, sent, 0, 5, warm_up=0)


def run_connections() -> Iterator[LoadRow]:
    """Measure every operation at all connections and delays."""
    for delay in DELAYS:
        with serving_reviews(delay) as base, serving_gateway(base) as served:
            for name, sent in _bodies().items():
                for connections in CONNECTIONS:
                    yield _load(name, served, sent, delay, connections)


def run_delay(delay: int = 10, connections: int = 10) -> Iterator[DelayRow]:
    """Measure what is added to the delay, beside direct calls in the same run."""
    with serving_reviews(delay) as base, serving_gateway(base) as served:
        for name, sent in _bodies().items():
            direct = run_wrk(f"{base}/products", [_DIRECT], connections, _SECONDS).p50
            row = _load(name, served, sent, delay, connections)
            yield DelayRow(name, _levels_of(OPERATIONS[name]), row.loaded.p50, direct)


@contextmanager
def serving_gateway(base_url: str, folded: Path | None = None) -> Iterator[tuple[str, int]]:
    """Serve the supergraph of the subgraphs at ``base_url``; gives ``host:port`` and process id."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "supergraph.graphql")
        file.write_text(render_supergraph(build_supergraph(base_url)))
        config = Config(
            supergraph=SupergraphSettings(file=file),
            headers=HeaderSettings(propagate=(UNIQUE_HEADER,)),
        )
        with serving(config=config, folded=folded) as served:
            yield served


def count_levels(node: PlanNode | None) -> int:
    """Count the fetches of a plan that wait for each other."""
    match node:
        case None:
            return 0
        case FetchNode() | FlattenNode():
            return 1
        case SequenceNode():
            return sum(map(count_levels, node.nodes))
        case ParallelNode():
            return max(map(count_levels, node.nodes))
        case ConditionNode():
            return max(count_levels(node.if_clause), count_levels(node.else_clause))
        case _:
            raise AssertionError(f"no operation here has a {type(node).__name__}")


def _load(
    name: str,
    served: tuple[str, int],
    bodies: Sequence[bytes],
    delay: int,
    connections: int,
    *,
    warm_up: int = _WARM_UP,
) -> LoadRow:
    address, pid = served
    url = f"http://{address}/graphql"
    if warm_up:
        run_wrk(url, bodies, connections, warm_up)
    before = cpu_seconds(pid)
    loaded = run_wrk(url, bodies, connections, _SECONDS)
    used = cpu_seconds(pid) - before
    return LoadRow(name, delay, connections, loaded.answered / max(used, 0.01), loaded)


def _bodies() -> dict[str, list[bytes]]:
    return {name: [msgspec.json.encode({"query": text})] for name, text in OPERATIONS.items()}


def _windowed_bodies() -> dict[str, list[bytes]]:
    """Every window once, so that a request asks for entities that the last ones did not."""
    size = SIZES["large"]
    windows = [{"first": WINDOW, "at": at} for at in range(0, size["users"], WINDOW)]
    return {
        name: [msgspec.json.encode({"query": text, "variables": window}) for window in windows]
        for name, text in WINDOWED.items()
    }


def _unseen_bodies() -> dict[str, list[bytes]]:
    """More texts than are sent: each is read, validated, planned and prepared."""
    return {
        name: [
            msgspec.json.encode({"query": text.replace("{ ", f"{{ t{number}: __typename ", 1)})
            for number in range(_TEXTS)
        ]
        for name, text in OPERATIONS.items()
    }


def _levels_of(text: str) -> int:
    supergraph = build_supergraph()
    document = parse_document(text, max_tokens=1_000)
    operation = normalize_document(document, None, build_api_schema(supergraph))
    return count_levels(plan_operation(operation, build_query_graph(supergraph)).node)
