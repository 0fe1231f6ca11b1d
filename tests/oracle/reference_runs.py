"""Runs against the references: composition of right and wrong worlds, and counts of fetches.

In: seeds. Out: a report per difference, and sums. Each seed gives its world as it is and once more
with one mistake in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gateway.executor.state.plan_fetches import fetches_of
from schema.query_graph.build import build_query_graph
from schema.supergraph.api_schema import render_api_schema
from schema.supergraph.load import load_supergraph
from schema.supergraph.render import render_supergraph
from tests.oracle.chance import Chance
from tests.oracle.compare_composition import canonical, compare
from tests.oracle.growth import grow_world
from tests.oracle.mutation import mutate
from tests.oracle.random_operation import random_operation
from tests.oracle.reference import Reference
from tests.oracle.trial import NotComposed, Trial, sources_of

__all__ = ["compare_compositions", "compare_plans", "load_foreign"]


def compare_compositions(
    seeds: Iterable[int], reference: Reference, sums: Counter[str]
) -> Iterator[str]:
    """Compare verdicts, codes and API schemas with those of both references."""
    for seed in seeds:
        right = sources_of(grow_world(seed))
        for name, subgraphs in (("right", right), ("wrong", mutate(right, Chance(seed)))):
            compared = compare(subgraphs, reference)
            sums["accepted" if compared.api is not None else "refused"] += 1
            for theirs, said in compared.theirs.items():
                sums[f"verdict of {theirs}"] += (said.api is None) == (compared.api is None)
            if compared.verdict_differs or compared.codes_differ or compared.api_differs:
                yield f"seed {seed}, {name}\n{compared}"


def load_foreign(seeds: Iterable[int], reference: Reference, sums: Counter[str]) -> Iterator[str]:
    """Load every supergraph that a reference composes, and report what is not as ours."""
    for seed in seeds:
        compared = compare(sources_of(grow_world(seed)), reference)
        for name, said in compared.theirs.items():
            if said.supergraph is None:
                continue
            supergraph = load_supergraph(said.supergraph)
            build_query_graph(supergraph)
            sums[f"loaded from {name}"] += 1
            if load_supergraph(render_supergraph(supergraph)) != supergraph:
                yield f"seed {seed}: the supergraph of {name} is not the same when written again"
            ours = compared.api
            if ours is not None and canonical(render_api_schema(supergraph)) != canonical(ours):
                yield f"seed {seed}: the supergraph of {name} gives another API schema than ours"


def compare_plans(
    seeds: Iterable[int], operations: int, reference: Reference, sums: Counter[str]
) -> Iterator[str]:
    """Report the operations for which the native planner takes fewer fetches.

    Whether its plan is right is not looked at, so that a report is a question and no verdict.
    """
    for seed in seeds:
        try:
            trial = Trial(grow_world(seed))
        except NotComposed:
            continue
        made = (random_operation(trial.api, seed * 1_000 + number) for number in range(operations))
        asked = [each for each in made if each is not None]
        supergraph = render_supergraph(trial.graph.supergraph)
        counts = reference.count_fetches(supergraph, [each.text for each in asked])
        for operation, count in zip(asked, counts, strict=True):
            if count is None:
                sums["not planned by the reference"] += 1
                continue
            ours = len(fetches_of(trial.plan(operation)))
            sums["fetches"] += ours
            sums["requests of the reference"] += count[0]
            sums["fetches of the reference"] += count[1]
            sums["plans with fewer fetches"] += ours < count[1]
            if ours > count[1]:
                yield f"seed {seed}: {ours} fetches for {count[1]}\n{operation.text}"
