"""@requires inputs that a failure took away: nobody computes an answer from them."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_schema

from adapters.contract import SubgraphError, SubgraphRequest, SubgraphResponse
from gateway.executor.executor import ExecutionResult
from gateway.plan.nodes import FlattenNode, PlanNode, SequenceNode
from tests.testkit.fake_subgraph import ScriptedSubgraph
from tests.testkit.hand_plan import HandPlan

pytestmark = pytest.mark.anyio

API = build_schema("""
    type Query { items: [Item], item: Item }
    type Item { id: ID!, weight: Int, box: Box, cost: Int, must: Int!, tax: Int }
    type Box { id: ID, parts: [Part] }
    type Part { size: Int }
""")
KEY = "{ ... on Item { __typename id } }"
NEEDS_WEIGHT = "{ ... on Item { __typename id weight } }"
NEEDS_PARTS = "{ ... on Item { __typename id box { parts { size } } } }"
DOWN = SubgraphError("down", "SUMBER_TIDAK_TERSEDIA")


def answering(data: Any, *errors: SubgraphError) -> ScriptedSubgraph:
    """Make a subgraph with one fixed response."""
    return ScriptedSubgraph(lambda _: SubgraphResponse(data, errors=errors))


def echo(request: SubgraphRequest) -> SubgraphResponse:
    """Answer a field as a number derived from what was sent; null counts as nothing."""
    assert request.representations is not None
    return SubgraphResponse(
        [{"cost": 2 * (sent.get("weight") or 0)} for sent in request.representations]
    )


def chain(hand: HandPlan, path: tuple[str, ...], input_text: str, requires: str) -> PlanNode:
    """Fetch items, an input of theirs from scales, and what depends on it from post."""
    field = path[0]
    return SequenceNode(
        (
            hand.root("shop", f"{{ {field} {{ __typename id }} }}"),
            FlattenNode(path, hand.entity("scales", KEY, input_text, keys=KEY)),
            FlattenNode(path, hand.entity("post", requires, "{ ... on Item { cost } }", keys=KEY)),
        )
    )


async def run(
    scales: ScriptedSubgraph, post: ScriptedSubgraph, query: str = "{ items { weight cost } }"
) -> ExecutionResult:
    """Ask two items for their cost."""
    hand = HandPlan(API)
    shop = answering({"items": [{"__typename": "Item", "id": i} for i in ("1", "2")]})
    node = chain(hand, ("items", "@"), "{ ... on Item { weight } }", NEEDS_WEIGHT)
    return await hand.run(node, query, {"shop": shop, "scales": scales, "post": post})


def sent_to(subgraph: ScriptedSubgraph) -> list[Any]:
    """List the representations of all requests."""
    return [each for request in subgraph.requests for each in request.representations or ()]


async def test_a_failed_fetch_withholds_all_that_depends_on_it() -> None:
    """The dependent subgraph is not asked at all; its fields are null, its name in no error."""
    post = ScriptedSubgraph(echo)
    result = await run(answering(None, DOWN), post)
    assert result.data == {"items": [{"weight": None, "cost": None}] * 2}
    assert post.requests == []
    assert [(e["path"], e["extensions"]["subgraph"]) for e in result.errors] == [
        (["items"], "scales")
    ]


async def test_only_the_entity_that_lost_its_input_is_withheld() -> None:
    """Its neighbor in the batch is asked, and answered."""
    error = SubgraphError("x", "SUMBER_TIDAK_TERSEDIA", ("_entities", 0, "weight"))
    post = ScriptedSubgraph(echo)
    result = await run(answering([{"weight": None}, {"weight": 4}], error), post)
    assert result.data == {"items": [{"weight": None, "cost": None}, {"weight": 4, "cost": 8}]}
    assert sent_to(post) == [{"__typename": "Item", "id": "2", "weight": 4}]


async def test_a_null_that_was_answered_is_sent() -> None:
    """It is the value."""
    post = ScriptedSubgraph(echo)
    result = await run(answering([{"weight": None}, {"weight": 4}]), post)
    assert result.data == {"items": [{"weight": None, "cost": 0}, {"weight": 4, "cost": 8}]}
    assert result.errors == []
    assert sent_to(post)[0] == {"__typename": "Item", "id": "1", "weight": None}


async def test_a_null_beside_an_error_of_the_whole_entity_is_sent() -> None:
    """Another subgraph's failure for the same entity does not make a true null a lost one."""
    hand = HandPlan(API)
    post = ScriptedSubgraph(echo)
    node = SequenceNode(
        (
            hand.root("shop", "{ item { __typename id weight } }"),
            FlattenNode(("item",), hand.entity("tax", KEY, "{ ... on Item { tax } }", keys=KEY)),
            FlattenNode(
                ("item",), hand.entity("post", NEEDS_WEIGHT, "{ ... on Item { cost } }", keys=KEY)
            ),
        )
    )
    tax = answering([None], SubgraphError("x", "SUMBER_TIDAK_TERSEDIA", ("_entities", 0)))
    shop = answering({"item": {"__typename": "Item", "id": "1", "weight": None}})
    result = await hand.run(node, "{ item { tax cost } }", {"shop": shop, "tax": tax, "post": post})
    assert result.data == {"item": {"tax": None, "cost": 0}}
    assert len(result.errors) == 1


async def test_an_input_lost_deep_inside_a_list_withholds_the_entity() -> None:
    """An error at one part's size is an input without a value."""
    hand = HandPlan(API)
    error = SubgraphError("x", "SUMBER_TIDAK_TERSEDIA", ("_entities", 0, "box", "parts", 1, "size"))
    scales = answering([{"box": {"parts": [{"size": 1}, {"size": None}]}}], error)
    post = ScriptedSubgraph(echo)
    shop = answering({"item": {"__typename": "Item", "id": "1"}})
    node = chain(hand, ("item",), "{ ... on Item { box { parts { size } } } }", NEEDS_PARTS)
    result = await hand.run(
        node, "{ item { cost } }", {"shop": shop, "scales": scales, "post": post}
    )
    assert result.data == {"item": {"cost": None}}
    assert post.requests == []
    assert [e["path"] for e in result.errors] == [["item"], ["item", "cost"]]
    assert (
        'a field that it requires was not given by subgraph "scales"'
        in (result.errors[1]["message"])
    )


async def test_a_chain_of_requirements_is_withheld_to_its_end() -> None:
    """What was withheld is lost in turn for whoever requires it."""
    hand = HandPlan(API)
    needs_cost = "{ ... on Item { __typename id cost } }"
    duty = ScriptedSubgraph(lambda _: SubgraphResponse([{"must": 1}]))
    first = chain(hand, ("item",), "{ ... on Item { weight } }", NEEDS_WEIGHT)
    last = hand.entity("duty", needs_cost, "{ ... on Item { must } }", keys=KEY)
    result = await hand.run(
        SequenceNode((first, FlattenNode(("item",), last))),
        "{ item { must } }",
        {
            "shop": answering({"item": {"__typename": "Item", "id": "1"}}),
            "scales": answering(None, DOWN),
            "post": ScriptedSubgraph(echo),
            "duty": duty,
        },
    )
    assert result.data == {"item": None}
    assert duty.requests == []
    assert {e["extensions"]["subgraph"] for e in result.errors} == {"scales"}
