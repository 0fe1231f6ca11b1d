"""Fetches with arguments from a context run on records, parted by what stands above the objects."""

from __future__ import annotations

import functools

import pytest

from gateway.executor.executor import CompileMode
from gateway.executor.state.plan_fetches import fetches_of
from tests.testkit.both_ways import check_both_ways, is_compiled, prepare
from tests.testkit.graph_world import GraphWorld

pytestmark = pytest.mark.anyio

SEEDS = 3
WORLD = {
    "a": """
        scalar Any
        type Query @context(name: "root") {
          shop: Shop shops: [Shop!] any: [Host] hosts: [Hosted] lang: String self: Query
          word: Word
        }
        union Host = Shop | Farm
        interface Hosted { crop: Crop }
        type Shop implements Hosted @key(fields: "id") @context(name: "shop") @context(name: "u") {
          id: ID! code: String! rate: Float rates: [Float!] mark: Any items: [Item] kid: Item
          branch: Shop rows: [[Item]] owner: Owner home: Place crop: Crop
        }
        type Place { zone: Zone }
        type Zone { name: String }
        type Farm implements Hosted @context(name: "u") { crop: Crop acre: String }
        type Owner @context(name: "shop") {
          rate: Float code: String rates: [Float!] mark: Any home: Place best: Item!
        }
        type Item @key(fields: "id") {
          id: ID!
          price(digits: Int, by: Float @fromContext(field: "$shop { rate }")): String
          label(
            a: Float @fromContext(field: "$shop { rate }")
            b: String @fromContext(field: "$shop ... on Shop { code } ... on Owner { code }")
          ): String
          graded(by: [Float!] @fromContext(field: "$shop { rates }")): Int
          zone(of: String @fromContext(field: "$shop { home { zone { name } } }")): Int
          marked(by: Any @fromContext(field: "$shop { mark }")): Int
          near: Item
          part(by: Float @fromContext(field: "$shop { rate }")): Part
          word: Word
        }
        type Part { id: ID! item: Item }
        type Word @key(fields: "id") {
          id: ID! worded(in: String @fromContext(field: "$root { lang }")): String near: Word
        }
        type Crop @key(fields: "id") {
          id: ID!
          u(v: String @fromContext(field: "$u ... on Shop { code } ... on Farm { acre }")): String
          near: Crop
        }
    """,
    "b": """
        type Query { other: Int }
        type Item @key(fields: "id") { id: ID! stock: Int twin: Item twins: [Item!] }
        type Word @key(fields: "id") { id: ID! twin: Word }
        type Crop @key(fields: "id") { id: ID! size: Int }
        type Shop @key(fields: "id") { id: ID! deals: [Item] grid: [[Item!]!] }
    """,
}
OPERATIONS = [
    "{ shop { kid { price } } }",
    "{ shops { items { id price(digits: 2) stock } } }",
    "{ shops { kid { twin { price twins { price } } } deals { price } } }",
    "{ shops { grid { label twin { near { price } } } rows { price } } }",
    "{ shops { branch { items { label } } owner { best { price } } rate } }",
    "{ shops { branch { branch { kid { graded zone } } kid { zone } } } }",
    "{ shops { items { twins { marked label } } } }",
    "{ shops { items { part { item { stock price } } } } }",
    "{ word { worded } lang }",
    "{ self { self { word { worded near { twin { worded } } } } } }",
    "{ shops { items { word { worded } price twin { price word { worded } } } } }",
    "{ any { ... on Shop { crop { u near { u } } } ... on Farm { crop { size u } } } }",
    "{ hosts { crop { u near { u size } } } }",
    "query ($d: Int) { shops { items { p: price(digits: $d) q: price } } }",
]


@functools.cache
def make_world() -> GraphWorld:
    """Compose it once."""
    return GraphWorld(**WORLD)


@pytest.mark.parametrize("text", OPERATIONS)
async def test_contextual_arguments_run_on_records(text: str) -> None:
    """Whatever gives them and wherever: as the reference does it, over any faults."""
    world = make_world()
    fetches = fetches_of(prepare(world, text, CompileMode.NEVER).plan)
    assert any(fetch.contexts for fetch in fetches)
    assert is_compiled(world, text)
    variables = {"d": 7} if "$d" in text else {}
    for seed in range(SEEDS):
        await check_both_ways(world, text, variables, seed)
