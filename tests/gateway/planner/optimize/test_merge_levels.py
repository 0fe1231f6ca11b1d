"""Merging entity fetches of one level: when it is done, and when it must not be."""

from __future__ import annotations

import json

import pytest

from gateway.plan.nodes import FlattenNode, ParallelNode, SequenceNode
from gateway.plan.render import print_path
from tests.testkit.graph_world import GraphWorld

pytestmark = pytest.mark.anyio

PETS = GraphWorld(
    a="""type Query { cat: Cat pets: [Pet!]! dog: Dog } union Pet = Cat | Dog
         type Cat @key(fields: "id") { id: ID! lives: Int }
         type Dog @key(fields: "id") { id: ID! }""",
    b="""type Cat @key(fields: "id") {
           id: ID! lives: Int @external left: Int @requires(fields: "lives") name: String }
         type Dog @key(fields: "id") { id: ID! name: String! }""",
)


def paths(text: str) -> list[list[str]]:
    """Give the paths of each entity fetch of a plan with one level of them."""
    node = PETS.plan(text).node
    assert isinstance(node, SequenceNode)
    last = node.nodes[-1]
    flattens = last.nodes if isinstance(last, ParallelNode) else (last,)
    found = [flatten for flatten in flattens if isinstance(flatten, FlattenNode)]
    return [[print_path(path) for path in flatten.paths] for flatten in found]


def test_one_type_asked_alike_is_one_request() -> None:
    """The same question about one type at two places is one fetch."""
    text = "{ cat { name } pets { ... on Cat { name } } }"
    assert paths(text) == [["cat", "pets.@"]]


def test_one_type_asked_differently_stays_two_requests() -> None:
    """No object is asked more than was wanted of it."""
    text = "{ cat { left } pets { ... on Cat { name } } }"
    assert paths(text) == [["cat"], ["pets.@"]]


def test_shapes_that_conflict_stay_two_requests() -> None:
    """Fields of one name and two types cannot stand in one document."""
    text = "{ cat { name } dog { name } }"
    assert paths(text) == [["cat"], ["dog"]]


async def test_mixed_path_is_narrowed_to_the_types_it_brings() -> None:
    """Cats at a path that is entered for its dogs are not asked what another cat is asked."""
    text = "{ cat { left } pets { ... on Dog { called: name } } }"
    assert paths(text) == [["cat", "pets.@|[Dog]"]]
    data, errors = await PETS.answer(text, {})
    assert errors == []
    assert json.dumps(data) == json.dumps(PETS.truth(text, {}))
