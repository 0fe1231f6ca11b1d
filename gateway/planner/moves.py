"""What can be done from one place of the query graph: select, cast, enter another subgraph, gather.

In: a path and a field or field set. Out: the paths that reach it, or the inputs gathered.

Idea: from the objects at a path, ``sources`` grows in rounds the list of fetches that can reach
them: first the fetch they came with, then every subgraph whose key can be gathered from the
sources so far, and so on until nothing new is reached. A key assembled over several hops is then
nothing special, no hop is taken that nobody needs, and no order of subgraphs is tried twice.
A field is answered by each source that has an edge for it. A field with @requires needs a fetch of
its own into its subgraph, with the gathered inputs, even where that subgraph is the one we are in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateway.planner.contexts import Contexts, with_contexts
from gateway.planner.cost import Meter
from gateway.planner.gather import TYPENAME, Gatherer
from gateway.planner.graph_path import (
    Cast,
    ContextValue,
    Enter,
    FetchKey,
    FetchTable,
    Gathered,
    GraphPath,
    Select,
)
from gateway.planner.slot import Slots
from schema.query_graph.graph import FieldEdge, KeyEdge, Node, NodeKind, QueryGraph, RootEdge
from schema.selection import Condition, Field, Selection
from schema.supergraph.model import ObjectType
from schema.type_ref import TypeRef

__all__ = ["TYPENAME", "Moves"]

_TYPENAME_TYPE = TypeRef("String", non_null=True)


class Moves:
    """The moves of one operation over one query graph."""

    def __init__(
        self,
        graph: QueryGraph,
        meter: Meter,
        denied: frozenset[str],
        labels: frozenset[str],
        taken_variables: frozenset[str] = frozenset(),
    ) -> None:
        """``taken_variables`` are the client's: contextual arguments get other names."""
        self.graph = graph
        self.supergraph = graph.supergraph
        self.slots = Slots()
        self.fetches = FetchTable()
        self.meter = meter
        self.contexts = Contexts(taken_variables)
        self._denied = denied
        self._labels = labels
        self._sources: dict[int, tuple[GraphPath, tuple[GraphPath, ...]]] = {}
        self._reaching: list[tuple[int, str]] = []  # nodes whose sources are being looked for
        self._requiring: list[tuple[int, int, str]] = []  # fields whose @requires is being gathered
        self._possible: dict[str, frozenset[str]] = {}

    # --- beginning, selecting, casting ---------------------------------------------------------

    def roots(self, type_name: str) -> list[GraphPath]:
        """Begin in every subgraph that has the root type."""
        found = []
        for edge in self.graph.roots.get(type_name, ()):
            key = FetchKey(self.slots.root.id, edge.subgraph, 0)
            bit = self.fetches.add(key, 0)
            node = self.graph.nodes[edge.target]
            found.append(GraphPath(None, Enter(key), node, self.slots.root, None, bit, bit, ()))
        return found

    def select(
        self, path: GraphPath, field: Field, edge: FieldEdge, conditions: tuple[Condition, ...] = ()
    ) -> GraphPath:
        """Select a field that the subgraph resolves at the path's node."""
        self.meter.spend()
        assert path.node is not None
        new = tuple(c for c in conditions if c not in path.conditions)
        stub = Field(field.name, None, field.arguments, field.alias, new, field.directives)
        node = None if edge.target is None else self.graph.nodes[edge.target]
        slot = path.slot
        if node is not None:
            type_ref = self._supergraph_type(path.node, field.name, edge.type)
            slot = self.slots.child(path.slot, path.types, field.response_name, type_ref)
        return GraphPath(
            path, Select(stub, edge.type), node, slot, None, path.fetch, path.needs,
            path.conditions + new,
        )  # fmt: skip

    def select_typename(
        self, path: GraphPath, field: Field, conditions: tuple[Condition, ...] = ()
    ) -> GraphPath:
        """Select ``__typename`` at the path."""
        assert path.node is not None
        edge = FieldEdge(path.node.id, TYPENAME, _TYPENAME_TYPE)
        return self.select(path, field, edge, conditions)

    def cast(self, path: GraphPath, type_name: str) -> GraphPath | None:
        """Narrow the path's objects to one type; None if the subgraph has none of it here."""
        node = path.node
        assert node is not None
        if node.type_name == type_name:
            return path
        if node.is_abstract:
            target = self.graph.downcast(node, type_name)
        else:
            target = None
        if target is None or not self._is_meant(path, type_name):
            return None
        self.meter.spend()
        return replace(path, parent=path, step=Cast(type_name), node=target, types=(type_name,))

    def cast_to_interface(self, path: GraphPath, interface: str) -> GraphPath | None:
        """Narrow to an interface that means the same in the subgraph as in the supergraph."""
        node = path.node
        assert node is not None
        target = self.graph.node(interface, node.subgraph)
        if target is None or target.kind is not NodeKind.INTERFACE or node.copy:
            return None
        here = set(self.object_types(path))
        known = here & set(self.graph.object_types(target))
        if not known or known != here & self.possible_types(interface):
            return None
        types = tuple(sorted(known))
        return replace(path, parent=path, step=Cast(interface), node=target, types=types)

    def object_types(self, path: GraphPath) -> tuple[str, ...]:
        """List the object types that the objects at the path may have in its subgraph."""
        assert path.node is not None
        return tuple(t for t in self.graph.object_types(path.node) if self._is_meant(path, t))

    def possible_types(self, type_name: str) -> frozenset[str]:
        """Give the object types that the supergraph allows for a type."""
        known = self._possible.get(type_name)
        if known is None:
            known = frozenset(self.supergraph.possible_types(type_name))
            self._possible[type_name] = known
        return known

    # --- reaching a field ----------------------------------------------------------------------

    def local(
        self, path: GraphPath, field: Field, conditions: tuple[Condition, ...] = ()
    ) -> GraphPath | None:
        """Answer the field by the fetch that the path stands in."""
        assert path.node is not None
        if field.name == TYPENAME:
            believed = path.node.kind is not NodeKind.INTERFACE_OBJECT
            return self.select_typename(path, field, conditions) if believed else None
        edge = self.usable(path.node, field.name)
        if edge is None or edge.is_entered:
            return None
        return self.select(path, field, edge, conditions)

    def options(
        self,
        path: GraphPath,
        field: Field,
        conditions: tuple[Condition, ...] = (),
        *,
        ignore_denied: bool = False,
    ) -> list[GraphPath]:
        """Answer the field by every fetch that can reach the path's objects."""
        found = []
        for source in self.sources(path):
            option = self.answer(path, source, field, ignore_denied, conditions)
            if option is not None:
                found.append(option)
        return found

    def usable(self, node: Node, name: str, *, ignore_denied: bool = False) -> FieldEdge | None:
        """Give the field's edge unless a denial or an override label closes it."""
        edge = self.graph.field(node, name)
        if edge is None:
            return None
        if edge.label is not None and (edge.label.label in self._labels) != edge.label.active:
            return None
        if not ignore_denied and f"{node.type_name}.{name}" in self._denied:
            return None
        return edge

    def sources(self, path: GraphPath) -> tuple[GraphPath, ...]:
        """List the fetches that reach the path's objects, the path itself first."""
        known = self._sources.get(id(path))
        if known is not None:
            return known[1]
        assert path.node is not None
        mark = (path.node.id, path.node.type_name)
        if mark in self._reaching:
            return (path,)  # a key that is found by way of itself is no key
        self._reaching.append(mark)
        found = self._reach(path, path.node)
        self._reaching.pop()
        if not self._reaching:
            self._sources[id(path)] = (path, found)
        return found

    def answer(
        self,
        path: GraphPath,
        source: GraphPath,
        field: Field,
        ignore_denied: bool,
        conditions: tuple[Condition, ...] = (),
    ) -> GraphPath | None:
        """Answer a field of the path's objects in the subgraph of ``source``."""
        assert source.node is not None
        if field.name == TYPENAME:
            return self.local(source, field, conditions)
        edge = self.usable(source.node, field.name, ignore_denied=ignore_denied)
        if edge is None:
            return None
        if not edge.is_entered:
            return self.select(source, field, edge, conditions)
        entered = self._enter_with_inputs(path, source, edge)
        if entered is None:
            return None
        assert isinstance(entered.step, Enter)
        return self.select(entered, with_contexts(field, entered.step), edge, conditions)

    # --- entering ------------------------------------------------------------------------------

    def _reach(self, path: GraphPath, node: Node) -> tuple[GraphPath, ...]:
        edges = [e for e in self.graph.entries(node.type_name) if e.subgraph != node.subgraph]
        found = [path, *self._nested_roots(path, node)]
        while edges:
            level: dict[int, GraphPath] = {}
            for edge in edges:
                entered = self._enter(path, found, edge)
                if entered is not None:
                    best = level.get(edge.target)
                    if best is None or entered.needs.bit_count() < best.needs.bit_count():
                        level[edge.target] = entered
            if not level:
                break
            found.extend(level.values())
            edges = [edge for edge in edges if edge.target not in level]
        return tuple(found)

    def _nested_roots(self, path: GraphPath, node: Node) -> list[GraphPath]:
        """Begin anew in every other subgraph, where the objects are the query root itself."""
        if node.type_name != self.supergraph.query_type or path.slot is self.slots.root:
            return []
        edges = self.graph.roots.get(node.type_name, ())
        return [self._begin_root(path, e) for e in edges if e.subgraph != node.subgraph]

    def _begin_root(self, path: GraphPath, edge: RootEdge) -> GraphPath:
        key = FetchKey(path.slot.id, edge.subgraph, 0)
        bit = self.fetches.add(key, path.needs)
        node = self.graph.nodes[edge.target]
        return GraphPath(
            path, Enter(key), node, path.slot, path.types, bit, path.needs | bit, path.conditions
        )

    def _enter(
        self, path: GraphPath, sources: Iterable[GraphPath], edge: KeyEdge
    ) -> GraphPath | None:
        self.meter.spend()
        key = self.gather(tuple(sources), edge.key.selections, ignore_denied=True)
        return None if key is None else self._begin(path, edge, (key,))

    def _enter_with_inputs(
        self, path: GraphPath, source: GraphPath, edge: FieldEdge
    ) -> GraphPath | None:
        assert source.node is not None
        mark = (path.slot.id, source.node.id, edge.name)
        if mark in self._requiring:
            return None  # a field that requires itself, by whichever way
        self._requiring.append(mark)
        inputs = self._inputs_of(path, edge)
        contexts = self.contexts.find(path, edge, self)
        self._requiring.pop()
        if inputs is None or contexts is None:
            return None
        if source is not path and isinstance(source.step, Enter) and source.step.edge is not None:
            brought = (source.step.inputs[0], *inputs)
            return self._begin(path, source.step.edge, brought, contexts)
        return self._enter_again(path, source.node, inputs, contexts)

    def _inputs_of(self, path: GraphPath, edge: FieldEdge) -> tuple[Gathered, ...] | None:
        """Gather what the field's @requires names; None if some of it cannot be had."""
        if edge.requires is None:
            return ()
        found = self.gather(self.sources(path), edge.requires.selections)
        return None if found is None else (found,)

    def _enter_again(
        self,
        path: GraphPath,
        node: Node,
        inputs: tuple[Gathered, ...],
        contexts: tuple[ContextValue, ...],
    ) -> GraphPath | None:
        sources = self.sources(path)
        for edge in self.graph.entries(node.type_name):
            if edge.subgraph == node.subgraph:
                key = self.gather(sources, edge.key.selections, ignore_denied=True)
                if key is not None:
                    return self._begin(path, edge, (key, *inputs), contexts)
        return None

    def _begin(
        self,
        path: GraphPath,
        edge: KeyEdge,
        inputs: tuple[Gathered, ...],
        contexts: tuple[ContextValue, ...] = (),
    ) -> GraphPath:
        needs = path.needs
        for gathered in (*inputs, *(each.gathered for each in contexts)):
            needs |= gathered.needs
        rounds = self.fetches.next_round(path.slot, edge.subgraph, needs)
        key = FetchKey(path.slot.id, edge.subgraph, rounds)
        bit = self.fetches.add(key, needs)
        node = self.graph.nodes[edge.target]
        return GraphPath(
            path, Enter(key, edge, inputs, contexts), node, path.slot, path.types, bit,
            needs | bit, path.conditions,
        )  # fmt: skip

    def gather(
        self,
        sources: tuple[GraphPath, ...],
        selections: tuple[Selection, ...],
        *,
        ignore_denied: bool = False,
    ) -> Gathered | None:
        """Find every leaf of a field set from the objects that ``sources`` reach."""
        return Gatherer(self, ignore_denied=ignore_denied).gather(sources, selections)

    # --- small questions -----------------------------------------------------------------------

    def _is_meant(self, path: GraphPath, type_name: str) -> bool:
        return path.types is None or type_name in path.types

    def _supergraph_type(self, node: Node, name: str, here: TypeRef) -> TypeRef:
        definition = self.supergraph.types[node.type_name]
        assert isinstance(definition, ObjectType)
        field = definition.fields.get(name)
        return here if field is None else field.type
