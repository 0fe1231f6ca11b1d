"""From an operation to its plan: the table of contents of the planner.

In: a normalized ``Operation``, the ``QueryGraph``, and the coordinates denied to the caller.
Out: a ``QueryPlan``. Pure: the only clock is the budget's. Each intermediate value can be printed.

    Operation -> LeafCandidates (walk.py) -> chosen paths (best.py) -> PathTree (path_tree.py)
    -> FetchGraph (assemble.py) -> optimized (optimize/) -> QueryPlan (build_plan.py)

A query is planned at once. A mutation is planned field by field, because its fields run strictly
one after another: each in the one subgraph where it costs least, and neighbors in one subgraph as
one fetch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.operation.model import Operation, OperationKind
from gateway.plan.nodes import QueryPlan
from gateway.planner.assemble import build_fetch_graph
from gateway.planner.best import choose_best
from gateway.planner.build_plan import build_plan_node, in_sequence, number_fetches
from gateway.planner.cost import Meter, PlanBudget
from gateway.planner.fetch_graph import FetchGraph
from gateway.planner.graph_path import GraphPath
from gateway.planner.moves import Moves
from gateway.planner.optimize.passes import optimize
from gateway.planner.path_tree import PathTree, build_path_tree
from gateway.planner.walk import LeafCandidates, Walk
from schema.query_graph.graph import QueryGraph
from schema.selection import Field, Fragment, Selection, SelectionSet

__all__ = ["PlanStages", "plan_operation", "plan_stages"]

_DEFAULT_BUDGET = PlanBudget()


@dataclass(frozen=True, slots=True)
class PlanStages:
    """The intermediate values of one part of a plan: all of a query, a run of a mutation."""

    candidates: tuple[LeafCandidates, ...]
    tree: PathTree
    fetch_graph: FetchGraph


def plan_operation(
    operation: Operation,
    query_graph: QueryGraph,
    *,
    denied: frozenset[str] = frozenset(),
    labels: frozenset[str] = frozenset(),
    budget: PlanBudget = _DEFAULT_BUDGET,
) -> QueryPlan:
    """Plan an operation.

    Args:
        denied: coordinates (``Type.field``) that are not fetched, except as keys.
        labels: progressive @override labels that are on.

    Raises:
        PlanBudgetExceeded: if the budget is used up.
        PlanningError: if a selected field cannot be reached.
    """
    stages = plan_stages(operation, query_graph, denied=denied, labels=labels, budget=budget)
    nodes = [build_plan_node(stage.fetch_graph, operation.kind) for stage in stages]
    return QueryPlan(number_fetches(in_sequence(nodes)))


def plan_stages(
    operation: Operation,
    query_graph: QueryGraph,
    *,
    denied: frozenset[str] = frozenset(),
    labels: frozenset[str] = frozenset(),
    budget: PlanBudget = _DEFAULT_BUDGET,
) -> tuple[PlanStages, ...]:
    """Plan an operation and keep what lies between: one entry, or one per run of a mutation."""
    moves = Moves(
        query_graph, Meter(budget), denied, labels,
        frozenset(variable.name for variable in operation.variables),
    )  # fmt: skip
    moves.slots.root.place.claim_client_names(operation.selection_set)
    roots = moves.roots(operation.selection_set.type_name)
    if operation.kind is OperationKind.QUERY:
        runs = [(operation.selection_set, roots)]
    else:
        runs = list(_serial_runs(operation.selection_set, roots, moves, denied, budget))
    return tuple(_plan_run(selections, paths, moves, denied, budget) for selections, paths in runs)


def _plan_run(
    selections: SelectionSet,
    roots: list[GraphPath],
    moves: Moves,
    denied: frozenset[str],
    budget: PlanBudget,
) -> PlanStages:
    candidates = _find_candidates(selections, roots, moves, denied)
    chosen = choose_best(candidates, moves.fetches, budget.choices)
    tree = build_path_tree(chosen)
    fetch_graph = optimize(build_fetch_graph(tree, moves))
    return PlanStages(tuple(candidates), tree, fetch_graph)


def _find_candidates(
    selections: SelectionSet, roots: list[GraphPath], moves: Moves, denied: frozenset[str]
) -> list[LeafCandidates]:
    walk = Walk(moves, denied)
    walk.walk(selections, roots)
    return walk.leaves


def _serial_runs(
    selections: SelectionSet,
    roots: list[GraphPath],
    moves: Moves,
    denied: frozenset[str],
    budget: PlanBudget,
) -> Iterator[tuple[SelectionSet, list[GraphPath]]]:
    """Part a mutation into runs of neighbors that one subgraph answers."""
    fields = list(_root_fields(selections))
    run: list[Selection] = []
    current: GraphPath | None = None
    prices = [
        _prices(SelectionSet(selections.type_name, (field,)), roots, moves, denied, budget)
        for field in fields
    ]
    for field, index in zip(fields, _cheapest_way(prices), strict=True):
        root = None if index is None else roots[index]
        if run and root is not current:
            yield SelectionSet(selections.type_name, tuple(run)), [current] if current else []
            run = []
        run.append(field)
        current = root
    if run:
        yield SelectionSet(selections.type_name, tuple(run)), [current] if current else []


def _root_fields(selections: SelectionSet) -> Iterator[Field]:
    """List the root fields with the conditions of the fragments around them."""
    for selection in selections:
        if isinstance(selection, Fragment):
            for field in _root_fields(selection.selections):
                conditions = (*selection.conditions, *field.conditions)
                yield Field(
                    field.name, field.selections, field.arguments, field.alias,
                    tuple(dict.fromkeys(conditions)), field.directives,
                )  # fmt: skip
        else:
            yield selection


def _prices(
    selections: SelectionSet,
    roots: list[GraphPath],
    moves: Moves,
    denied: frozenset[str],
    budget: PlanBudget,
) -> dict[int, int]:
    """Count the fetches of one root field in each subgraph that has it, by position in ``roots``.

    Only one of them is asked: a mutation must not run twice.
    """
    field = selections.fields[0]
    found: dict[int, int] = {}
    for index, root in enumerate(roots):
        assert root.node is not None
        if moves.usable(root.node, field.name) is not None:
            stages = _plan_run(selections, [root], moves, denied, budget)
            found[index] = len(stages.fetch_graph.groups)
    return found


def _cheapest_way(prices: list[dict[int, int]]) -> list[int | None]:
    """Choose a subgraph per field; neighbors in one subgraph share their first fetch."""
    ways: dict[int | None, tuple[int, list[int | None]]] = {None: (0, [])}
    for price in prices:
        choices: dict[int | None, int] = dict(price.items()) if price else {None: 0}
        ways = {
            choice: min(
                (
                    (total + cost - (last == choice and choice is not None), [*way, choice])
                    for last, (total, way) in ways.items()
                ),
                key=lambda found: found[0],
            )
            for choice, cost in choices.items()
        }
    return min(ways.values(), key=lambda found: found[0])[1]
