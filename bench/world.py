"""What the scenarios ask: shops with products, reviewed by users, in three subgraphs.

In: sizes. Out: the supergraph, operations by size, and executors that answer from memory at almost
no cost, so that the gateway is what is measured. Everything is seeded: two runs ask the same.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from adapters.contract import SubgraphRequest, SubgraphResponse
from schema.composition.composer import compose
from schema.subgraph.model import SubgraphSource
from schema.supergraph.model import Supergraph

__all__ = ["OPERATIONS", "CannedExecutor", "build_executors", "build_supergraph", "build_truth"]

_LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", '
    'import: ["@key" "@external" "@requires"])\n'
)
SUBGRAPHS = {
    "shops": _LINK + "type Query { shops: [Shop!] }\n"
    'type Shop @key(fields: "id") { id: ID! name: String products: [Product!] }\n'
    'type Product @key(fields: "upc") { upc: ID! }\n',
    "products": _LINK
    + 'type Product @key(fields: "upc") { upc: ID! name: String price: Float weight: Int }\n',
    "stock": _LINK
    + 'type Product @key(fields: "upc") { upc: ID! weight: Int @external inStock: Boolean '
    'shipping: Int @requires(fields: "weight") }\n',
}
OPERATIONS = {
    "simple": "{ shops { id name } }",
    "medium": "{ shops { name products { upc name price } } }",
    "heavy": "{ shops { name products { upc name price weight inStock shipping } } }",
}


def build_supergraph() -> Supergraph:
    """Compose the three subgraphs."""
    result = compose([SubgraphSource(name, "", sdl) for name, sdl in SUBGRAPHS.items()])
    assert result.supergraph is not None, result.errors
    return result.supergraph


def build_truth(shops: int = 20, products: int = 50, seed: int = 1) -> dict[str, Any]:
    """Draw shops and the products that they sell, as one object graph."""
    draw = random.Random(seed)
    catalogue = [
        {
            "upc": f"u{number}",
            "name": f"Product {number}",
            "price": draw.randrange(100, 10_000) / 100,
            "weight": draw.randrange(1, 900),
            "inStock": draw.random() < 0.8,
        }
        for number in range(products * 4)
    ]
    for product in catalogue:
        product["shipping"] = product["weight"] // 2
    return {
        "shops": [
            {
                "id": str(number),
                "name": f"Shop {number}",
                "products": draw.sample(catalogue, products),
            }
            for number in range(shops)
        ]
    }


@dataclass(slots=True)
class CannedExecutor:
    """Answers like a remote subgraph whose bytes have arrived: it decodes, and nothing else."""

    truth: Mapping[str, Any]
    products: Mapping[str, Mapping[str, Any]]
    bodies: dict[tuple[bytes, int], bytes]

    async def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """Answer from the bytes made at the first request of this kind."""
        key = (request.document, len(request.representations or ()))
        body = self.bodies.get(key)
        if body is None:
            body = self.bodies[key] = msgspec.json.encode(self._answer(request))
        answer = msgspec.json.decode(body)
        return SubgraphResponse(answer, body=body)

    def subscribe(self, request: SubgraphRequest) -> AsyncIterator[SubgraphResponse]:
        """No scenario subscribes."""
        raise AssertionError(f"no scenario subscribes to {request.subgraph}")

    async def aclose(self) -> None:
        """Hold nothing open."""

    def _answer(self, request: SubgraphRequest) -> Any:
        if request.representations is None:
            wanted = (
                ("id", "name", "products") if b"products" in request.document else ("id", "name")
            )
            return {"shops": [_pick(shop, wanted) for shop in self.truth["shops"]]}
        return [self.products[each["upc"]] for each in request.representations]


def _pick(shop: Mapping[str, Any], wanted: tuple[str, ...]) -> dict[str, Any]:
    picked = {"__typename": "Shop", **{name: shop[name] for name in wanted}}
    if "products" in picked:
        picked["products"] = [
            {"__typename": "Product", "upc": product["upc"]} for product in shop["products"]
        ]
    return picked


def build_executors(truth: Mapping[str, Any]) -> dict[str, CannedExecutor]:
    """One executor per subgraph, over one truth."""
    products = {product["upc"]: product for shop in truth["shops"] for product in shop["products"]}
    return {name: CannedExecutor(truth, products, {}) for name in SUBGRAPHS}
