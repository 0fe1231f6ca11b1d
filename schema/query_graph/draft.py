"""The query graph while it is built: the one mutable form, owned by ``build.py``.

In: nodes and edges one at a time. Out: a frozen ``QueryGraph``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schema.query_graph.graph import (
    DowncastEdge,
    FieldEdge,
    KeyEdge,
    Node,
    NodeKind,
    QueryGraph,
    RootEdge,
)
from schema.supergraph.model import Supergraph

__all__ = ["Draft"]


class Draft:
    """Nodes with their field and downcast edges, still growing."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.fields: list[dict[str, FieldEdge]] = []
        self.downcasts: list[dict[str, DowncastEdge]] = []
        self.copies: dict[tuple[int, str], Node] = {}  # (node, provided field set) -> its copy
        self._plain: dict[tuple[str, str], int] = {}
        self._copy_numbers: dict[int, int] = {}

    def add_node(self, type_name: str, subgraph: str, kind: NodeKind) -> Node:
        """Add the node of a type in a subgraph."""
        node = self._append(type_name, subgraph, kind, 0)
        self._plain[type_name, subgraph] = node.id
        return node

    def add_copy(self, original: Node, provided: str) -> Node:
        """Add a copy with the same edges, to be extended by what is provided."""
        number = self._copy_numbers[original.id] = self._copy_numbers.get(original.id, 0) + 1
        node = self._append(original.type_name, original.subgraph, original.kind, number)
        for name, field in self.fields[original.id].items():
            self.fields[node.id][name] = replace(field, source=node.id)
        for name, downcast in self.downcasts[original.id].items():
            self.downcasts[node.id][name] = replace(downcast, source=node.id)
        self.copies[original.id, provided] = node
        return node

    def find(self, type_name: str, subgraph: str) -> Node | None:
        """Give the type's node in the subgraph, if there is one."""
        found = self._plain.get((type_name, subgraph))
        return None if found is None else self.nodes[found]

    def finish(
        self,
        supergraph: Supergraph,
        *,
        roots: Mapping[str, tuple[RootEdge, ...]],
        keys: Mapping[str, tuple[KeyEdge, ...]],
        interfaces: Mapping[str, tuple[str, ...]],
    ) -> QueryGraph:
        """Freeze."""
        return QueryGraph(
            supergraph=supergraph,
            nodes=tuple(self.nodes),
            roots=roots,
            fields=tuple(self.fields),
            downcasts=tuple(self.downcasts),
            keys=keys,
            plain=dict(self._plain),
            interfaces=interfaces,
        )

    def _append(self, type_name: str, subgraph: str, kind: NodeKind, copy: int) -> Node:
        node = Node(len(self.nodes), type_name, subgraph, kind, copy)
        self.nodes.append(node)
        self.fields.append({})
        self.downcasts.append({})
        return node
