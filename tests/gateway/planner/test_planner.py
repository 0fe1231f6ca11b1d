"""Planning as a whole: counts, denials, labels, budgets, errors; and that plans answer truly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.errors import PlanBudgetExceeded
from gateway.operation.model import Operation, OperationKind
from gateway.plan.render import render_plan
from gateway.planner.cost import PlanBudget
from gateway.planner.errors import PlanningError
from gateway.planner.planner import plan_operation
from schema.query_graph.build import build_query_graph
from schema.selection import Field, SelectionSet
from schema.supergraph.load import load_supergraph
from tests.testkit.graph_world import GraphWorld
from tests.testkit.imports import ROOT
from tests.testkit.planning import fetches_in, golden_world, steps_of
from tests.testkit.random_operation import random_operation
from tests.testkit.wide_world import deep_operation, wide_world

GOLDEN = Path(__file__).parent / "golden"
TOPICS = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())

pytestmark = pytest.mark.anyio


def world(topic: str) -> GraphWorld:
    """Give a golden topic's world."""
    return golden_world(GOLDEN / topic)


@pytest.mark.parametrize(
    ("case", "fetches", "steps"),
    [("simple", 1, 1), ("medium", 3, 2), ("heavy", 7, 4)],
)
def test_fetches_of_the_shop(case: str, fetches: int, steps: int) -> None:
    """The benchmark's three operations take the fewest fetches and steps known."""
    plan = world("shop").plan((GOLDEN / "shop" / f"{case}.graphql").read_text())
    assert len(fetches_in(plan)) == fetches
    assert steps_of(plan) == steps


def test_fetches_are_numbered_in_document_order() -> None:
    """Ids name fetches: unique, counted from the top."""
    plan = world("shop").plan((GOLDEN / "shop" / "heavy.graphql").read_text())
    assert [fetch.id for fetch in fetches_in(plan)] == list(range(7))


def test_planning_is_deterministic() -> None:
    """Two plannings print alike."""
    text = (GOLDEN / "shop" / "heavy.graphql").read_text()
    assert render_plan(world("shop").plan(text)) == render_plan(world("shop").plan(text))


def test_nothing_to_fetch() -> None:
    """__typename and introspection alone make an empty plan."""
    assert world("shop").plan("{ __typename __schema { queryType { name } } }").node is None


def test_variables_are_sorted_and_only_those_used() -> None:
    """A fetch lists the variables of its own selection."""
    plan = world("shop").plan(
        "query($z: Int, $id: ID!, $v: Boolean!) {"
        " topProducts(first: $z) { upc @include(if: $v) } user(id: $id) { name } }"
    )
    by_subgraph = {fetch.subgraph: fetch.variables for fetch in fetches_in(plan)}
    assert by_subgraph == {"products": ("v", "z"), "accounts": ("id",)}


def test_keys_are_named_apart_from_other_inputs() -> None:
    """The executor is told which part of a representation identifies the entity."""
    plan = world("shop").plan("{ topProducts { shippingEstimate } }")
    (fetch,) = [fetch for fetch in fetches_in(plan) if fetch.requires is not None]
    assert str(fetch.requires) == "{ ... on Product { __typename upc price weight } }"
    assert str(fetch.keys) == "{ ... on Product { __typename upc } }"


def test_denied_field_is_not_fetched() -> None:
    """A denied coordinate appears in no fetch, its siblings do."""
    plan = world("shop").plan("{ me { name birthday } }", denied=frozenset({"User.birthday"}))
    (fetch,) = fetches_in(plan)
    assert str(fetch.selection_set) == "{ me { name } }"


def test_denied_input_closes_the_field_that_requires_it() -> None:
    """A field is not fetched if its @requires input is denied."""
    plan = world("shop").plan(
        "{ topProducts { name shippingEstimate } }", denied=frozenset({"Product.price"})
    )
    assert [str(fetch.selection_set) for fetch in fetches_in(plan)] == ["{ topProducts { name } }"]


def test_denied_key_still_joins() -> None:
    """A key is fetched to join even where it is denied to be shown."""
    plan = world("shop").plan("{ topProducts { upc inStock } }", denied=frozenset({"Product.upc"}))
    assert [fetch.subgraph for fetch in fetches_in(plan)] == ["products", "inventory"]


def test_everything_denied_makes_an_empty_plan() -> None:
    """An operation of denied fields fetches nothing."""
    assert world("shop").plan("{ me { name } }", denied=frozenset({"Query.me"})).node is None


@pytest.mark.parametrize(("labels", "subgraph"), [((), "a"), (("slow",), "b")])
def test_override_label_decides(labels: tuple[str, ...], subgraph: str) -> None:
    """A progressive @override is followed only while its label is on."""
    progressive = GraphWorld(
        a='type Query { t: T @shareable } type T @key(fields: "id") { id: ID! f: Int }',
        b="""type Query { t: T @shareable } type T @key(fields: "id") {
               id: ID! f: Int @override(from: "a", label: "slow") }""",
    )
    (fetch,) = fetches_in(progressive.plan("{ t { f } }", labels=frozenset(labels)))
    assert fetch.subgraph == subgraph


def test_mutations_run_in_document_order() -> None:
    """Neighbors of one subgraph are one fetch, a shareable mutation runs once."""
    plan = world("mutations").plan("mutation { incr last: incr addB { b } shared { b } }")
    assert [(f.subgraph, len(f.selection_set.selections)) for f in fetches_in(plan)] == [
        ("a", 2),
        ("b", 2),
    ]


def test_a_mutation_that_several_have_is_asked_where_its_neighbors_are() -> None:
    """One jump for its field is cheaper than parting the run."""
    plan = world("mutations").plan("mutation { incr last: incr shared { b } addA { a } }")
    assert [(f.subgraph, len(f.selection_set.selections)) for f in fetches_in(plan)] == [
        ("a", 4),
        ("b", 1),
    ]


def test_unreachable_field_names_its_coordinate() -> None:
    """A field that no key leads to is an internal error that says which field it is."""
    supergraph = load_supergraph(
        """
        schema @link(url: "https://specs.apollo.dev/link/v1.0")
          @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
        enum join__Graph {
          A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
        type Query @join__type(graph: A) @join__type(graph: B) { t: T @join__field(graph: A) }
        type T @join__type(graph: A) @join__type(graph: B) {
          x: Int @join__field(graph: A) y: Int @join__field(graph: B) }
        """
    )
    inner = SelectionSet("T", (Field("y"),))
    operation = Operation(OperationKind.QUERY, SelectionSet("Query", (Field("t", inner),)))
    with pytest.raises(PlanningError, match=r'"T\.y"'):
        plan_operation(operation, build_query_graph(supergraph))


def test_node_budget() -> None:
    """An operation that takes too many steps is refused."""
    text = (GOLDEN / "shop" / "heavy.graphql").read_text()
    with pytest.raises(PlanBudgetExceeded, match="more than 10 steps"):
        world("shop").plan(text, budget=PlanBudget(nodes=10))


def test_time_budget() -> None:
    """The clock is the caller's: a slow one ends planning."""
    ticks = iter(range(1_000_000))
    budget = PlanBudget(seconds=0.5, clock=lambda: float(next(ticks)))
    with pytest.raises(PlanBudgetExceeded, match=r"longer than 0\.5 seconds"):
        wide_world(20).plan(deep_operation(12), budget=budget)


def test_wide_interface_plans_or_is_refused_in_time_and_space() -> None:
    """200 implementers in 10 subgraphs, fragments 40 fields deep: under 5 seconds and 500 MB.

    Measured in a process of its own, whose peak of memory is nobody else's.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.testkit.wide_world", "10", "40"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    measured = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(measured) == 2
    for found in measured:
        assert found["outcome"] in ("planned", "PLAN_BUDGET_EXCEEDED")
        assert found["seconds"] < 5
        assert found["megabytes"] < 500


def test_no_choices_left_still_gives_a_plan() -> None:
    """The search may stop after the first, greedy choice; the plan is valid if not the smallest."""
    plan = world("shared").plan("{ one { a b c } }", budget=PlanBudget(choices=0))
    assert len(fetches_in(plan)) >= 1


@pytest.mark.property
@pytest.mark.parametrize("topic", TOPICS)
async def test_random_operations_are_answered_truly(topic: str) -> None:
    """Any valid operation over a world is answered as one server with everything would.

    The subgraphs refuse what they may not be asked, so this also shows that every planned fetch
    is valid for its subgraph.
    """
    here = world(topic)
    for seed in range(12):
        text, variables = random_operation(here.api, seed)
        data, errors = await here.answer(text, variables)
        assert errors == [], text
        assert json.dumps(data) == json.dumps(here.truth(text, variables)), text
