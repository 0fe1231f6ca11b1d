"""The query graph: every composite type in every subgraph, and the moves between them.

In: made by ``build_query_graph``. Out: walked by satisfiability and by the planner. Pure data.

A **node** is one composite type as one subgraph knows it, ``Product@inventory``. Copies of a node
exist for @provides: ``User@reviews#1`` can answer more than ``User@reviews``, on one path only.

The **edges**, each a kind of its own:

- ``RootEdge``: where an operation may begin: a root type in one subgraph. Any number of them may
  be entered by one operation, in parallel for queries.
- ``FieldEdge``: the subgraph resolves this field here. It leads to a node of the same subgraph, or
  nowhere for leaves. Only what may be asked is an edge: an @external field (unless it is the key
  of a type extension) and a field taken by @override have none. ``requires`` holds the @requires
  field set: the edge may be walked only by an entity fetch that brings these. So may one with
  ``contexts``: arguments whose values an object further up gives. On an interface, an
  edge exists only if every object type that the subgraph can return there answers the field
  without further conditions; otherwise the selection has to be exploded to the object types.
- ``DowncastEdge``: from an abstract type to an object type (or narrower interface) that the
  subgraph knows as its member: an inline fragment.
- ``KeyEdge``: an entity fetch into a node, possible from every node of the type in any subgraph
  from which the key's fields can be gathered. It is kept once per target instead of once per pair,
  so a type in n subgraphs costs n edges. A key of an interface is a KeyEdge of the interface, also
  usable from its object types; into an @interfaceObject the representation carries the
  interface's name (``as_interface``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from schema.query_graph.contexts import ContextInput
from schema.selection import SelectionSet
from schema.supergraph.model import Supergraph
from schema.type_ref import TypeRef

__all__ = [
    "DowncastEdge",
    "FieldEdge",
    "KeyEdge",
    "Node",
    "NodeKind",
    "OverrideLabel",
    "QueryGraph",
    "RootEdge",
]


class NodeKind(StrEnum):
    """What the type is in its subgraph."""

    OBJECT = "object"
    INTERFACE = "interface"
    UNION = "union"
    INTERFACE_OBJECT = "interfaceObject"  # an interface elsewhere, an object type here


@dataclass(frozen=True, slots=True)
class Node:
    """One composite type in one subgraph; ``copy`` is 0, or the number of its @provides copy."""

    id: int
    type_name: str
    subgraph: str
    kind: NodeKind
    copy: int = 0

    @property
    def is_abstract(self) -> bool:
        """Tell whether objects found here may be of several types known to the subgraph."""
        return self.kind in (NodeKind.INTERFACE, NodeKind.UNION)

    def __str__(self) -> str:
        """Print as ``Type@subgraph`` with the copy's number, if it is one."""
        suffix = f"#{self.copy}" if self.copy else ""
        return f"{self.type_name}@{self.subgraph}{suffix}"


@dataclass(frozen=True, slots=True)
class OverrideLabel:
    """A progressive @override: the edge counts only while the label's state is ``active``."""

    label: str
    active: bool


@dataclass(frozen=True, slots=True)
class RootEdge:
    """An operation may begin here."""

    target: int
    type_name: str
    subgraph: str


@dataclass(frozen=True, slots=True)
class FieldEdge:
    """The subgraph resolves ``name`` at ``source``; ``target`` is None for leaves."""

    source: int
    name: str
    type: TypeRef  # in this subgraph
    target: int | None = None
    requires: SelectionSet | None = None
    is_provided: bool = False  # only thanks to @provides
    label: OverrideLabel | None = None
    contexts: tuple[ContextInput, ...] = ()

    @property
    def is_entered(self) -> bool:
        """Tell whether only an entity fetch may ask for it: one that brings what it needs."""
        return self.requires is not None or bool(self.contexts)


@dataclass(frozen=True, slots=True)
class DowncastEdge:
    """An inline fragment from an abstract node to one of its members."""

    source: int
    target: int
    type_name: str


@dataclass(frozen=True, slots=True)
class KeyEdge:
    """An entity fetch into ``target`` by ``key``."""

    target: int
    type_name: str
    subgraph: str
    key: SelectionSet
    as_interface: bool = False  # the target is an @interfaceObject


@dataclass(frozen=True, slots=True)
class QueryGraph:
    """All nodes and edges; node ids are positions in ``nodes``."""

    supergraph: Supergraph
    nodes: tuple[Node, ...]
    roots: Mapping[str, tuple[RootEdge, ...]]  # by root type name
    fields: tuple[Mapping[str, FieldEdge], ...]  # by node id, by field name
    downcasts: tuple[Mapping[str, DowncastEdge], ...]  # by node id, by type name
    keys: Mapping[str, tuple[KeyEdge, ...]]  # by type name: all ways into nodes of the type
    plain: Mapping[tuple[str, str], int]  # (type, subgraph) -> the node that is no copy
    interfaces: Mapping[str, tuple[str, ...]]  # object type -> its interfaces, in any subgraph

    def node(self, type_name: str, subgraph: str) -> Node | None:
        """Give the type's node in the subgraph, if the subgraph knows the type."""
        found = self.plain.get((type_name, subgraph))
        return None if found is None else self.nodes[found]

    def field(self, node: Node, name: str) -> FieldEdge | None:
        """Give the edge by which ``node`` answers the field, if it does."""
        return self.fields[node.id].get(name)

    def downcast(self, node: Node, type_name: str) -> Node | None:
        """Give the node reached by an inline fragment on ``type_name``."""
        edge = self.downcasts[node.id].get(type_name)
        return None if edge is None else self.nodes[edge.target]

    def object_types(self, node: Node) -> tuple[str, ...]:
        """List the object types that the subgraph may return at ``node``."""
        if not node.is_abstract:
            return (node.type_name,)
        return tuple(
            edge.type_name
            for edge in self.downcasts[node.id].values()
            if not self.nodes[edge.target].is_abstract
        )

    def entries(self, type_name: str) -> Iterator[KeyEdge]:
        """Iterate over the entity fetches that an object of this type may begin.

        First those of the type itself, then those of its interfaces into @interfaceObject types.
        """
        yield from self.keys.get(type_name, ())
        for interface in self.interfaces.get(type_name, ()):
            for edge in self.keys.get(interface, ()):
                if edge.as_interface:
                    yield edge
