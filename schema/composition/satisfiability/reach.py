"""Where one can get from a set of nodes of the query graph, all standing for one object.

In: the query graph. Out: for an object known at some nodes, the nodes that entity fetches reach
from there, the field edges that may be walked, and whether a field set can be gathered. Idea: from
each node, entity fetches are added until no key is left that what is reached can fill. As in the
reference, nodes do not help each other at the start, and what a field requires is gathered from
its own subgraph on. Results that were cut short by a circle (a requirement that needs itself) are
not remembered.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.query_graph.graph import FieldEdge, KeyEdge, Node, NodeKind, QueryGraph
from schema.selection import Field, Selection, SelectionSet
from schema.supergraph.model import ObjectType

__all__ = ["Nodes", "Reach"]

Nodes = frozenset[int]


class Reach:
    """Answers about one query graph, remembered."""

    def __init__(self, graph: QueryGraph) -> None:
        self.graph = graph
        self._closures: dict[tuple[str, int], Nodes] = {}
        self._active: set[object] = set()

    def closure(self, type_name: str, nodes: Nodes) -> Nodes:
        """Give all nodes from which fields of the object can be asked."""
        reached = (self._closure_of(type_name, node) for node in nodes)
        return frozenset[int]().union(*reached)

    def _closure_of(self, type_name: str, node: int) -> Nodes:
        place = (type_name, node)
        known = self._closures.get(place)
        if known is not None:
            return known
        if place in self._active:
            return frozenset((node,))
        self._active.add(place)
        reached = self._grow(type_name, frozenset((node,)) | self._root_nodes(type_name))
        self._active.discard(place)
        if not self._active:
            self._closures[place] = reached
        return reached

    def edges(self, type_name: str, reached: Nodes, field: str) -> tuple[FieldEdge, ...]:
        """List the edges by which the object's field may be asked."""
        return tuple(
            edge
            for node in sorted(reached)
            if (edge := self.graph.fields[node].get(field)) is not None
            and self._can_walk(type_name, edge)
        )

    def _can_walk(self, type_name: str, edge: FieldEdge) -> bool:
        """Tell whether a field edge's requirement can be brought by an entity fetch."""
        if edge.requires is None:
            return True
        place = (edge.source, edge.name)
        if place in self._active:
            return False
        self._active.add(place)
        here = frozenset((edge.source,))
        possible = self.can_gather(edge.requires, here) and any(
            self.can_gather(key.key, here) for key in self._ways_into(type_name, edge.source)
        )
        self._active.discard(place)
        return possible

    def can_gather(self, selections: SelectionSet, nodes: Nodes) -> bool:
        """Tell whether every field of a field set can be asked of the object at ``nodes``."""
        reached = self.closure(selections.type_name, nodes)
        return all(self._can_select(s, selections.type_name, reached) for s in selections)

    def narrow(self, nodes: Nodes, type_name: str) -> Nodes:
        """Give the nodes that stand for the object if it is of type ``type_name``."""
        found = (self._narrow_one(self.graph.nodes[node], type_name) for node in nodes)
        return frozenset(node for node in found if node is not None)

    def object_types(self, nodes: Nodes) -> tuple[str, ...]:
        """List the object types that the object may have, as far as its nodes know."""
        names: dict[str, None] = {}
        for node in sorted(nodes):
            for name in self.graph.object_types(self.graph.nodes[node]):
                names[name] = None
        return tuple(names)

    def _grow(self, type_name: str, nodes: Nodes) -> Nodes:
        reached = set(nodes)
        waiting = [e for e in self.graph.entries(type_name) if e.target not in reached]
        grown = True
        while grown and waiting:
            grown = False
            for edge in tuple(waiting):
                if edge.target in reached or self._can_enter(edge, reached):
                    reached.add(edge.target)
                    waiting.remove(edge)
                    grown = True
        return frozenset(reached)

    def _can_enter(self, edge: KeyEdge, reached: set[int]) -> bool:
        return all(
            self._can_select(selection, edge.key.type_name, frozenset(reached))
            for selection in edge.key
        )

    def _root_nodes(self, type_name: str) -> Nodes:
        """The query type is known everywhere: whoever is there can begin again anywhere."""
        if type_name != self.graph.supergraph.query_type:
            return frozenset()
        return frozenset(edge.target for edge in self.graph.roots.get(type_name, ()))

    def _ways_into(self, type_name: str, node: int) -> Iterator[KeyEdge]:
        target = self.graph.nodes[node]
        return (edge for edge in self.graph.entries(type_name) if edge.subgraph == target.subgraph)

    def _can_select(self, selection: Selection, type_name: str, reached: Nodes) -> bool:
        if not isinstance(selection, Field):
            narrowed = self.narrow(reached, selection.type_condition)
            if not narrowed:
                return self._is_impossible(type_name, selection.type_condition)
            return self.can_gather(selection.selections, narrowed)
        if selection.name == "__typename":
            return True
        edges = self.edges(type_name, reached, selection.name)
        if not edges:
            return self._can_select_exploded(selection, type_name, reached)
        if selection.selections is None:
            return True
        targets = frozenset(edge.target for edge in edges if edge.target is not None)
        return self.can_gather(selection.selections, targets)

    def _is_impossible(self, type_name: str, condition: str) -> bool:
        """Tell whether no object of a type meets a condition, so that nothing is to be asked."""
        supergraph = self.graph.supergraph
        possible = supergraph.possible_types(type_name)
        return set(possible).isdisjoint(supergraph.possible_types(condition))

    def _can_select_exploded(self, selection: Field, type_name: str, reached: Nodes) -> bool:
        """Ask an abstract type's field of each object type instead."""
        if type(self.graph.supergraph.types[type_name]) is ObjectType:
            return False
        # An @interfaceObject tells no type but the interface itself.
        names = [name for name in self.object_types(reached) if name != type_name]
        return bool(names) and all(
            self._can_select(selection, name, self.closure(name, self.narrow(reached, name)))
            for name in names
        )

    def _narrow_one(self, node: Node, type_name: str) -> int | None:
        if node.type_name == type_name:
            return node.id
        if node.kind is NodeKind.INTERFACE_OBJECT:
            interfaces = self.graph.interfaces.get(type_name, ())
            return node.id if node.type_name in interfaces else None
        downcast = self.graph.downcasts[node.id].get(type_name)
        return None if downcast is None else downcast.target
