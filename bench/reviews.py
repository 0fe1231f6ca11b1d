"""A world of four subgraphs in which entities refer to each other: users, products, reviews, stock.

In: sizes. Out: the supergraph, operations by size, the truth as one object graph, and executors
that answer as remote subgraphs do whose bytes have arrived: each distinct request is answered once
and read each time, into what the request's shape wants.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from adapters.contract import SubgraphRequest, SubgraphResponse
from schema.composition.composer import compose
from schema.selection import Field, SelectionSet
from schema.subgraph.model import SubgraphSource
from schema.supergraph.model import Supergraph

__all__ = [
    "OPERATIONS",
    "WINDOW",
    "WINDOWED",
    "ReplayExecutor",
    "build_executors",
    "build_supergraph",
    "build_truth",
]

_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", '
    'import: ["@key" "@external" "@requires" "@provides" "@shareable"])\n'
)
_SUBGRAPHS = {
    "accounts": "type Query { users(first: Int, at: Int): [User] }\n"
    'type User @key(fields: "id") { id: ID! username: String @shareable name: String }\n',
    "products": "type Query { topProducts(first: Int, at: Int): [Product] }\n"
    'type Product @key(fields: "upc") { upc: ID! name: String price: Int weight: Int }\n',
    "reviews": 'type User @key(fields: "id") { id: ID! username: String @external '
    "reviews: [Review] }\n"
    'type Product @key(fields: "upc") { upc: ID! reviews: [Review] }\n'
    "type Review { id: ID! body: String product: Product "
    'author: User @provides(fields: "username") }\n',
    "inventory": 'type Product @key(fields: "upc") { upc: ID! weight: Int @external '
    "price: Int @external inStock: Boolean "
    'shippingEstimate: Int @requires(fields: "price weight") }\n',
}
_USER = "id username name"
_REVIEW = "id body"
_PRODUCT = "inStock name price shippingEstimate upc weight"
_BY_AUTHORS = (
    f"reviews {{ {_REVIEW} author {{ {_USER} reviews {{ {_REVIEW} product {{ {_PRODUCT} }} }} }} }}"
)
OPERATIONS = {
    "simple": "{ topProducts { upc name } }",
    "medium": "{ topProducts { upc name price inStock reviews { id body } } }",
    "heavy": f"{{ users {{ {_USER} reviews {{ {_REVIEW} "
    f"product {{ {_PRODUCT} {_BY_AUTHORS} }} }} }} "
    f"topProducts {{ {_PRODUCT} {_BY_AUTHORS} }} }}",
}
WINDOW = 9  # users and products of one request of ``WINDOWED``
WINDOWED = {
    name: "query ($first: Int, $at: Int) "
    + text.replace("{ users", "{ users(first: $first, at: $at)").replace(
        "topProducts", "topProducts(first: $first, at: $at)"
    )
    for name, text in OPERATIONS.items()
}
"""The same operations on a window of the entities: ``$first`` of them, from ``$at`` on."""
_ENTITIES = {"User": ("users", "id"), "Product": ("topProducts", "upc")}


def build_supergraph(base_url: str = "") -> Supergraph:
    """Compose the four subgraphs, each at its name below the URL."""
    sources = [
        SubgraphSource(name, f"{base_url}/{name}" if base_url else "", _LINK + sdl)
        for name, sdl in _SUBGRAPHS.items()
    ]
    result = compose(sources)
    assert result.supergraph is not None, result.errors
    return result.supergraph


def build_truth(
    users: int = 6, products: int = 9, reviews: int = 24, seed: int = 1
) -> dict[str, Any]:
    """Draw users and products, and the reviews that join them."""
    draw = random.Random(seed)
    everyone: list[dict[str, Any]] = [
        {"id": f"{n}", "username": f"user{n}", "name": f"User Number {n}", "reviews": []}
        for n in range(users)
    ]
    catalogue: list[dict[str, Any]] = [
        {
            "upc": f"u{n}",
            "name": f"Product {n}",
            "price": draw.randrange(1, 2_000),
            "weight": draw.randrange(1, 900),
            "inStock": draw.random() < 0.8,
            "shippingEstimate": draw.randrange(0, 90),
            "reviews": [],
        }
        for n in range(products)
    ]
    for n in range(reviews):
        author, product = everyone[n % users], catalogue[n % products]
        review = {"id": f"{n}", "body": "A" * 40, "author": author, "product": product}
        author["reviews"].append(review)
        product["reviews"].append(review)
    return {"users": everyone, "topProducts": catalogue}


@dataclass(slots=True)
class ReplayExecutor:
    """Answers one subgraph's requests from bytes made at the first request of each kind."""

    truth: Mapping[str, Any]
    bodies: dict[tuple[bytes, bytes], bytes] = field(default_factory=dict)

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer, as the remote client does: typed if the request has a shape, else untyped."""
        key = (request.document, msgspec.json.encode(request.representations))
        body = self.bodies.get(key)
        if body is None:
            body = self.bodies[key] = msgspec.json.encode({"data": self._answer(request)})
        if request.shape is not None:
            return SubgraphResponse(request.shape.decode(body), body=body)
        data = msgspec.json.decode(body)["data"]
        return SubgraphResponse(
            data if request.representations is None else data["_entities"], body=body
        )

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """No scenario subscribes."""
        raise AssertionError(f"no scenario subscribes to {request.subgraph}")

    async def aclose(self) -> None:
        """Hold nothing open."""

    def _answer(self, request: SubgraphRequest) -> Any:
        if request.representations is None:
            return _pick(self.truth, request.selection)
        entities = [self._entity(each) for each in request.representations]
        return {"_entities": [_pick(each, request.selection) for each in entities]}

    def _entity(self, representation: Mapping[str, Any]) -> dict[str, Any]:
        type_name = representation["__typename"]
        among, key = _ENTITIES[type_name]
        found = next(each for each in self.truth[among] if each[key] == representation[key])
        return {"__typename": type_name, **found}


def build_executors(truth: Mapping[str, Any]) -> dict[str, ReplayExecutor]:
    """One executor per subgraph, over one truth."""
    return {name: ReplayExecutor(truth) for name in _SUBGRAPHS}


def _pick(value: Any, selections: SelectionSet) -> Any:
    """Answer a selection set on a list or an object."""
    if isinstance(value, list):
        return [_pick(each, selections) for each in value]
    picked: dict[str, Any] = {}
    for selection in selections:
        if not isinstance(selection, Field):
            if value.get("__typename", selection.type_condition) == selection.type_condition:
                picked |= _pick(value, selection.selections)
        elif selection.name == "__typename":
            picked["__typename"] = _type_name(value)
        elif selection.selections is None:
            picked[selection.response_name] = value[selection.name]
        else:
            picked[selection.response_name] = _pick(value[selection.name], selection.selections)
    return picked


def _type_name(value: Mapping[str, Any]) -> str:
    return "User" if "username" in value else "Product" if "upc" in value else "Review"
