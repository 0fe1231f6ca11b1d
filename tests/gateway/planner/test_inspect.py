"""The printed stages between an operation and its plan."""

from __future__ import annotations

import json
from pathlib import Path

from gateway.planner.inspect import (
    fetch_graph_to_json,
    paths_to_json,
    render_fetch_graphs,
    render_paths,
)
from gateway.planner.planner import PlanStages, plan_stages
from tests.testkit.planning import golden_world

SHOP = Path(__file__).parent / "golden" / "shop"


def stages_of(text: str) -> tuple[PlanStages, ...]:
    """Plan over the shop."""
    world = golden_world(SHOP)
    return plan_stages(world.operation(text), world.graph)


def test_paths_name_every_step() -> None:
    """A candidate prints as its way, with what brings it into another subgraph."""
    text = render_paths(stages_of("{ topProducts { shippingEstimate } }"))
    assert text.splitlines()[:2] == [
        "topProducts.shippingEstimate (Product.shippingEstimate)",
        "  * 2 fetches: [products] > topProducts > "
        "[inventory by upc requires price weight] > shippingEstimate",
    ]


def test_paths_as_json() -> None:
    """Exactly one candidate of a leaf is chosen."""
    value = paths_to_json(stages_of("{ topProducts { name inStock } }"))
    assert json.loads(json.dumps(value)) == value
    assert [leaf["path"] for leaf in value] == [["topProducts", "name"], ["topProducts", "inStock"]]
    assert [sum(c["chosen"] for c in leaf["candidates"]) for leaf in value] == [1, 1]


def test_fetch_graph_prints_each_group() -> None:
    """A group prints where it is, what it waits for, brings and asks."""
    assert render_fetch_graphs(stages_of("{ topProducts { inStock } }")).splitlines() == [
        "0: products at root",
        "  asks Query { topProducts { __typename upc } }",
        '1: inventory at "topProducts.@" after 0',
        "  brings ... on Product { __typename upc }",
        "  asks Product { inStock }",
    ]


def test_fetch_graph_as_json() -> None:
    """The JSON form names the groups waited for."""
    (groups,) = fetch_graph_to_json(stages_of("{ topProducts { inStock } }"))
    assert json.loads(json.dumps(groups)) == groups
    assert [group["after"] for group in groups] == [[], [0]]
