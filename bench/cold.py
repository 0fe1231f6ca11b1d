"""What everything costs that is not kept yet: composing, loading, planning, at three sizes.

In: generated federations. Out: milliseconds of CPU by stage, ours and those of the references in
the same run, the best of three, and of the first. The references run in Node.js
(``tests/oracle/node``); where they are not installed, their columns are empty. A reference's plan
includes parsing its text, so ours does too: parse, validate, normalize, plan.
"""

from __future__ import annotations

import gc
import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from graphql import GraphQLSchema

from bench.generated import SIZES, Size, generate_operations, generate_subgraphs
from gateway.collector import paused_collector
from gateway.operation.normalize.normalize import normalize_document
from gateway.operation.parse import parse_document
from gateway.operation.validate import validate_document
from gateway.plan.nodes import QueryPlan
from gateway.planner.planner import plan_operation
from schema.composition.composer import compose
from schema.query_graph.build import build_query_graph
from schema.query_graph.graph import QueryGraph
from schema.subgraph.model import SubgraphSource
from schema.supergraph.api_schema import build_api_schema
from schema.supergraph.load import load_supergraph
from schema.supergraph.model import Supergraph
from schema.supergraph.render import render_supergraph
from tests.oracle.reference import FOLDER, Reference

__all__ = ["RUNS", "Cost", "measure_references", "run_cold"]

RUNS = 3
_MAX_TOKENS = 10_000
_SECONDS = 600

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Cost:
    """One stage at one size: milliseconds of CPU per run, the first run first."""

    size: Size
    stage: str
    ours: tuple[float, ...]
    theirs: dict[str, tuple[float, ...]]


def run_cold(sizes: Sequence[Size] = SIZES) -> list[Cost]:
    """Measure every stage at every size."""
    return [cost for size in sizes for cost in _measure_size(size)]


def _measure_size(size: Size) -> list[Cost]:
    subgraphs, operations = generate_subgraphs(size), generate_operations(size)
    ours = _measure_ours(subgraphs, operations)
    theirs = measure_references(subgraphs, operations) if Reference.is_installed() else {}
    return [
        Cost(
            size,
            stage,
            costs,
            {
                name.removesuffix(f" {stage}"): peer
                for name, peer in theirs.items()
                if name.split(" ", 1)[1] == stage
            },
        )
        for stage, costs in ours.items()
    ]


def _measure_ours(
    subgraphs: Sequence[SubgraphSource], operations: dict[str, str]
) -> dict[str, tuple[float, ...]]:
    composed, compose_cost = _measure(lambda: compose(subgraphs))
    assert composed.supergraph is not None, composed.errors
    sdl = render_supergraph(composed.supergraph)
    (_, api, graph), load_cost = _measure(lambda: _load(sdl))
    costs = {"compose": compose_cost, "load": load_cost}
    for name, text in operations.items():
        _, costs[f"plan {name}"] = _measure(lambda text=text: _plan(text, api, graph))
    return costs


def _load(sdl: str) -> tuple[Supergraph, GraphQLSchema, QueryGraph]:
    supergraph = load_supergraph(sdl)
    return supergraph, build_api_schema(supergraph), build_query_graph(supergraph)


def _plan(text: str, api: GraphQLSchema, graph: QueryGraph) -> QueryPlan:
    document = parse_document(text, max_tokens=_MAX_TOKENS)
    validate_document(document, api)
    return plan_operation(normalize_document(document, None, api), graph)


def _measure(call: Callable[[], Made]) -> tuple[Made, tuple[float, ...]]:
    """Give what is made, and milliseconds of CPU per run."""
    costs = []
    for _ in range(RUNS):
        gc.collect()
        with paused_collector():  # as the gateway has it
            started = time.process_time()
            made = call()
            costs.append((time.process_time() - started) * 1e3)
    return made, tuple(costs)


def measure_references(
    subgraphs: Sequence[SubgraphSource], operations: dict[str, str]
) -> dict[str, tuple[float, ...]]:
    """Give milliseconds of CPU per run, by reference and stage: ``apollo compose``."""
    sent = [{"name": each.name, "url": each.url, "sdl": each.sdl} for each in subgraphs]
    asked = {"subgraphs": sent, "operations": operations, "runs": RUNS}
    run = subprocess.run(
        ["node", "cold.mjs"],
        cwd=FOLDER,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=True,
    )
    return {name: tuple(costs) for name, costs in json.loads(run.stdout).items()}
